"""Past messages: ``get.php?get_messages=1`` (SMSC protocol §9.1)."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.batches import Batch, Batches
from worker.simulator.smsc.errors import NO_DATA, RefusedError
from worker.simulator.smsc.formats import COMMAS, JSON, TEXT, flat, write_json, write_xml
from worker.simulator.smsc.kinds import MAIL
from worker.simulator.smsc.numbers import read_whole
from worker.simulator.smsc.records import Record
from worker.simulator.smsc.status_replies import StatusWriter
from worker.simulator.smsc.times import read_days

MOST_MESSAGES = 1_000
_MONTHS_BACK = 6
_DAYS_BACK = 31 * _MONTHS_BACK
_SMS, _MAIL = "0", "8"
_HEAD = ("int_id", "id", "sms_cnt", "format", "crc")
_TEXT_ORDER = (
    ("Status", "status"),
    ("check_time", "last_date"),
    ("err", "err"),
    ("send_date", "send_date"),
    ("phone", "phone"),
    ("mccmnc", "mccmnc"),
    ("country", "country"),
    ("operator", "operator"),
    ("region", "region"),
    ("cost", "cost"),
    ("sender_id", "sender_id"),
    ("status_name", "status_name"),
    ("message", "message"),
    ("comment", "comment"),
    ("type", "type"),
    ("ID", "id"),
    ("int_id", "int_id"),
    ("sms_cnt", "sms_cnt"),
    ("format", "format"),
    ("crc", "crc"),
)
"""Names in fmt 0 and in JSON, in the order of the recorded line."""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which messages are asked for.

    Attributes:
        start: taken at this moment or later, seconds since 1970.
        end: taken before this moment.
        recipients: numbers or addresses, empty for all.
        mail: e-mails; else anything but e-mails [assumed].
        most: how many at most.
        below: only messages whose ``int_id`` is below this, None for all.
    """

    start: float
    end: float
    recipients: frozenset[str]
    mail: bool
    most: int
    below: int | None


class Found(NamedTuple):
    """One message: where it is, its recipient, its ``int_id``."""

    batch: Batch
    phone: str
    number: int


def read_query(given: Mapping[str, str], config: SimulatorConfig, now: float) -> HistoryQuery:
    """Understand a request for past messages.

    Args:
        given: the request's parameters.
        config: the simulator's settings.
        now: seconds since 1970.

    Returns:
        The query; without dates for today, and for 1000 messages without ``cnt`` [assumed].

    Raises:
        RefusedError: error 1 for a wrong date, one more than six months back, an unknown ``format`` and a
            ``cnt`` outside 1 to 1000 [assumed].
    """
    start, end = read_days(given, now, config.utc_offset_hours)
    kind = given.get("format") or _SMS
    zone = timezone(timedelta(hours=config.utc_offset_hours))
    oldest = datetime.fromtimestamp(now, zone) - timedelta(days=_DAYS_BACK)
    if kind not in (_SMS, _MAIL) or start < oldest.timestamp():
        raise RefusedError(1)
    named = f"{given.get('phone', '')},{given.get('email', '')}"
    recipients = frozenset(piece.removeprefix("+") for piece in map(str.strip, named.split(",")) if piece)
    most = read_whole(given, "cnt", 1, MOST_MESSAGES) or MOST_MESSAGES
    below = read_whole(given, "prev_id", 0, 10**15)
    return HistoryQuery(start, end, recipients, kind == _MAIL, most, below or None)


def find_messages(batches: Batches, query: HistoryQuery) -> list[Found]:
    """Find messages, newest first [assumed: ``prev_id`` then leads on to older ones].

    Args:
        batches: all messages.
        query: which.

    Returns:
        The messages found.

    Raises:
        RefusedError: error 3 if there are none.
    """
    found: list[Found] = []
    for message in _walk(batches.newest_first(), query):
        found.append(message)
        if len(found) == query.most:
            break
    if not found:
        raise RefusedError(3, NO_DATA)
    return found


def _walk(batches: Iterable[Batch], query: HistoryQuery) -> Iterator[Found]:
    for batch in batches:
        if batch.taken_at < query.start:
            return
        if batch.taken_at >= query.end or (batch.kind is MAIL) is not query.mail:
            continue
        if query.below is not None and batch.number >= query.below:
            continue
        recipients = batch.recipients()
        for number, phone in reversed(list(enumerate(recipients, batch.number))):
            wanted = not query.recipients or phone in query.recipients
            if wanted and (query.below is None or number < query.below) and batch.holds(phone):
                yield Found(batch, phone, number)


class HistoryWriter:
    """Writes past messages in the four forms.

    Args:
        config: the simulator's settings.
        form: value of ``fmt``.
    """

    def __init__(self, config: SimulatorConfig, form: int) -> None:
        self._form = form
        self._statuses = StatusWriter(config, form, 2, mass=False)

    def write(self, messages: Iterable[tuple[Found, Record]]) -> str:
        """Write all messages.

        JSON is an array. In fmt 0 each is a line in the order of a recorded one. In fmt 1 ``int_id``, ``id``,
        ``sms_cnt``, ``format`` and ``crc`` go before the columns that ``status.php`` has with ``all=2``, so
        that the text stays last [assumed]. XML has ``sms`` elements in ``result`` [assumed].
        """
        rows = [(record, self._members(found, record)) for found, record in messages]
        if self._form == JSON:
            return write_json([members for _, members in rows])
        if self._form == COMMAS:
            return "\n".join(self._write_commas(record, members) for record, members in rows)
        if self._form == TEXT:
            return "\n".join(_write_text(members) for _, members in rows)
        return f"<result>{''.join(write_xml('sms', members) for _, members in rows)}</result>"

    def _members(self, found: Found, record: Record) -> dict[str, Any]:
        members = self._statuses.members(record)
        if not record.err and not record.always_has_err:
            members.pop("err", None)
        text = str(members["message"])
        members["id"] = found.batch.message_id
        members["int_id"] = found.number
        members["sms_cnt"] = members.pop("sms_cnt")
        members["format"] = found.batch.kind.number
        # [assumed]: of the text, in UTF-8; nobody says of what.
        members["crc"] = zlib.crc32(text.encode("utf-8", "replace"))
        return members

    def _write_commas(self, record: Record, members: Mapping[str, Any]) -> str:
        columns = (*_HEAD, *self._statuses.columns(record))
        return ",".join(flat(members.get(column, 0)) for column in columns)


def _write_text(members: Mapping[str, Any]) -> str:
    shown = [(name, members[member]) for name, member in _TEXT_ORDER if member in members]
    # The recorded line has no comment; one is shown where there is one [assumed].
    return ", ".join(f"{name} = {flat(value)}" for name, value in shown if value or name != "comment")
