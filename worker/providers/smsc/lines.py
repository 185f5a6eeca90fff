"""Formats 0 and 1: lines of text to the members that the same record has in JSON."""

from __future__ import annotations

import re

from worker.providers.smsc.replies import UnreadableError

#: The columns of a status record in format 1 (SMSC protocol, status, single message and HLR; seed library).
_SHORT = ("status", "last_timestamp", "err")
_HLR = ("imsi", "msc", "mcc", "mnc", "cn", "net", "rcn", "rnet")
_END = ("cost", "sender_id", "status_name", "message")
#: By the parameter `all`. Where the three columns of `all=2` stand is unconfirmed: read from the place at
#: which the official library looks for the word HLR.
_MORE: dict[int, tuple[str, ...]] = {
    1: ("send_timestamp", "phone", *_END),
    2: ("send_timestamp", "phone", "country", "operator", "region", *_END),
}

_NUMBER = re.compile(r"-?\d+(?:,.*)?", re.DOTALL)

#: Format 0 calls some members by other names (SMSC protocol, status and recorded history line).
_NAMES = {"check_time": "last_date"}
_PAIR = re.compile(r"(?:^|,\s*)([A-Za-z_]\w*) = ")
#: What follows a text in format 0, from the text's own end; a text may hold anything.
_AFTER_TEXT = re.compile(
    r"(?P<message>.*?)(?:, comment = (?P<comment>.*?))?(?:, type = (?P<type>-?\d*))?"
    r"(?:, ID = (?P<id>[^,\s]*))?(?:, int_id = (?P<int_id>\d*))?(?:, sms_cnt = (?P<sms_cnt>\d*))?"
    r"(?:, format = (?P<format>-?\d*))?(?:, crc = (?P<crc>[^,\s]*))?",
    re.DOTALL,
)
_TEXT = "message = "


def record(line: str, *, level: int = 0, several: bool = False) -> dict[str, object]:
    """Read a status record in format 0 or 1.

    Args:
        line: The record.
        level: The parameter `all` of the request.
        several: In the form for several messages, which ends with the id, and without ``all`` with the phone.

    Raises:
        UnreadableError: ``bad_reply``: it is neither, or nameless among several.
    """
    if line.startswith("Status = "):
        return pairs(line)
    if not _NUMBER.fullmatch(line):
        raise UnreadableError("bad_reply")
    fields = line.split(",")
    hlr = len(fields) in {11, 13} if level == 0 else _says_hlr(fields, level)
    columns = (*_SHORT, *(_HLR if hlr else ()), *_MORE.get(level, ()))
    if level and len(fields) >= len(columns):
        return _whole(line, columns, several=several)
    # Without `all`, and for a message that isn't there.
    named = fields[:-2] if len(fields) >= (13 if hlr else 5) else fields
    members: dict[str, object] = dict(zip((*_SHORT, *_HLR), named, strict=False))
    if named is not fields:
        members["id"], members["phone"] = fields[-2:]
    elif several:
        raise UnreadableError("bad_reply")
    return members


def _says_hlr(fields: list[str], level: int) -> bool:
    place = len(_SHORT) + len(_HLR) + _MORE[level].index("sender_id")
    return len(fields) > place and fields[place] == "HLR"


def _whole(line: str, columns: tuple[str, ...], *, several: bool) -> dict[str, object]:
    fields = line.split(",", len(columns) - 1)  # the text comes last, and has commas of its own
    members: dict[str, object] = dict(zip(columns, fields, strict=True))
    if several:
        members["message"], _, members["id"] = fields[-1].rpartition(",")
    return members


def pairs(line: str) -> dict[str, object]:
    """Read ``Name = value, name = value`` into members by their names in JSON; no pairs: empty."""
    head, separator, tail = line.partition(_TEXT)
    members: dict[str, object] = {}
    places = list(_PAIR.finditer(head))
    for number, place in enumerate(places):
        end = places[number + 1].start() if number + 1 < len(places) else len(head)
        name = place[1].lower()
        members[_NAMES.get(name, name)] = head[place.end() : end].rstrip(", ")
    if separator:
        found = _AFTER_TEXT.fullmatch(tail)
        if found is not None:
            members |= {name: value for name, value in found.groupdict().items() if value is not None}
    return members
