"""Whom a send is for: ``phones`` with one text, or ``list`` with a text a line (SMSC protocol §3.1)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from worker.simulator.smsc import magic
from worker.simulator.smsc.errors import RefusedError
from worker.simulator.smsc.groups import Groups
from worker.simulator.smsc.kinds import Kind, Whom


class Rejected(NamedTuple):
    """A recipient that isn't taken although its request is.

    Attributes:
        phone: as it was given, without a plus sign.
        status: status code.
        err: delivery error code.
    """

    phone: str
    status: int
    err: int


class Letter(NamedTuple):
    """One text and those who are to get it.

    Attributes:
        text: the text.
        phones: accepted recipients, parted by commas.
        size: how many they are.
        sender: sender of this line of a list, None for the request's.
        tz: time zone of this line of a list, None for the request's.
        comment: what stood below the text (see ``contents.split_comment``).
        kind: what the text's own prefix asks for, None for the request's kind.
    """

    text: str
    phones: str
    size: int
    sender: str | None = None
    tz: str | None = None
    comment: str = ""
    kind: Kind | None = None


# Russian numbers in full need no correction: the usual case, recognized in one step however many there are.
_USUAL = re.compile(r"7[0-9]{10}(?:,7[0-9]{10})*")
_ADDRESSES = Whom.ADDRESSES  # by a short way: it is asked for each line of a list
_SEPARATORS = re.compile(r"[,;]")
_DECORATION = re.compile(r"[\s()\-.]")
# [assumed] lengths: E.164 allows 15 digits, and the server refuses 111.
_INTERNATIONAL = re.compile(r"[0-9]{10,15}")
ADDRESS = re.compile(r"[^\s@,;:|<>]+@[^\s@,;:|<>]+\.[^\s@,;:|<>.]+")
"""An e-mail address, as far as a server can see it without asking anybody [assumed]."""

_TELEGRAM = re.compile(r"@?[A-Za-z][A-Za-z0-9_]{2,31}|#-?[0-9]{1,20}")
_LINE_START = re.compile(r"(?:[^|:]*\|)?[+0-9,; ()\-]+:")


def read_phones(text: str, rejected: list[Rejected], *, whom: Whom = Whom.NUMBERS) -> tuple[str, int]:
    """Read a list of recipients.

    A number without ``+`` is corrected: 8 before ten digits becomes 7, ten digits that begin with 9 get a 7
    [assumed: how it is corrected isn't published]. The same number twice is taken twice [assumed]. For an
    e-mail anything but an address is a bad number, for Telegram anything but a nickname, ``#`` with an id, or
    a number [assumed].

    Args:
        text: recipients parted by commas or semicolons.
        rejected: gets those that are not to be taken.
        whom: what the recipients look like.

    Returns:
        Accepted recipients parted by commas, and their count.
    """
    usual = text.replace(";", ",").replace("+", "")
    if _USUAL.fullmatch(usual) and magic.PREFIX not in usual and whom is not _ADDRESSES:
        return usual, usual.count(",") + 1
    accepted = []
    for piece in _SEPARATORS.split(text):
        given = piece.strip()
        if not given:
            continue
        phone = _accept(given, whom)
        if phone is None:
            rejected.append(Rejected(given.removeprefix("+"), *magic.BAD_NUMBER))
        elif phone in magic.REQUEST_ERRORS:
            raise RefusedError(magic.REQUEST_ERRORS[phone])
        elif phone in magic.REJECTED:
            rejected.append(Rejected(phone, *magic.REJECTED[phone]))
        else:
            accepted.append(phone)
    return ",".join(accepted), len(accepted)


def read_list(
    text: str, rejected: list[Rejected], groups: Groups, *, multi_line: bool, whom: Whom = Whom.NUMBERS
) -> list[Letter]:
    r"""Read the parameter ``list``.

    Each line is ``phones:text``, ``sender|phones:text`` or ``sender,tz|phones:text``; the first colon ends
    the phones, and a backslash with an n in the text is a line break.

    Args:
        text: the lines.
        rejected: gets recipients that are not to be taken.
        groups: the account's contact groups.
        multi_line: ``nl=1``: a line that doesn't begin with phones and a colon belongs to the text before
            [assumed].
        whom: what the recipients look like.

    Returns:
        A letter for each line that has accepted recipients.

    Raises:
        RefusedError: error 1 for a line without a colon [assumed].
    """
    letters = []
    has_groups = "G" in text
    for line in _lines(text, multi_line=multi_line):
        head, colon, body = line.partition(":")
        if not colon:
            raise RefusedError(1)
        sender = tz = None
        if "|" in head:
            head, phones = head.split("|", 1)
            sender, comma, zone = head.partition(",")
            tz = zone if comma else None
        else:
            phones = head
        if "\\n" in body:
            body = body.replace("\\n", "\n")
        phones = phones.strip()
        if has_groups:
            phones = groups.expand(phones)
        accepted, count = read_phones(phones, rejected, whom=whom)
        if magic.FORBIDDEN_TEXT in body:
            rejected += (Rejected(phone, *magic.FORBIDDEN) for phone in accepted.split(",") if phone)
        elif count:
            letters.append(Letter(body, accepted, count, sender, tz))
    return letters


def _lines(text: str, *, multi_line: bool) -> Iterator[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    if not multi_line:
        yield from filter(None, lines)
        return
    begun: list[str] = []
    for line in lines:
        if _LINE_START.match(line) and begun:
            yield "\n".join(begun)
            begun = []
        begun.append(line)
    if any(begun):
        yield "\n".join(begun)


def _accept(given: str, whom: Whom) -> str | None:
    """Give a recipient as it is taken, None for one that can't be."""
    if whom is Whom.NUMBERS:
        return _correct(given)
    if whom is Whom.ADDRESSES:
        return given if ADDRESS.fullmatch(given) else None
    if whom is Whom.TELEGRAM and not _TELEGRAM.fullmatch(given):
        return _correct(given)
    return given


def _correct(given: str) -> str | None:
    phone = _DECORATION.sub("", given)
    exact = phone.startswith("+")
    phone = phone.removeprefix("+")
    if not exact and len(phone) == 11 and phone.startswith("8"):
        phone = "7" + phone[1:]
    if not exact and len(phone) == 10 and phone.startswith("9"):
        phone = "7" + phone
    return phone if _INTERNATIONAL.fullmatch(phone) else None
