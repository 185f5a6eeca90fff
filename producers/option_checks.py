"""What the options of a message may be, and which kinds they go with; one row each."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from producers.errors import UsageError
from producers.kinds import Kind, SendOptions

#: Bytes of all files of a message together. No limit is documented; the ledger keeps them in memory.
MAX_FILES = 5 * 1024 * 1024

LINK = re.compile(r"https?://\S+", re.IGNORECASE)
#: SMSC protocol, send parameters `voice`, `valid`, `time`.
_PERIOD = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")
_BOT = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_VOICE = re.compile(r"[mw][234]?(?:,[a-z]{2})?")
_VALID = re.compile(r"(?!00:00)(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_TIME = re.compile(
    r"\d{10}|\d{2}\.\d{2}\.\d{2} \d{2}:\d{2}|(?:[01]?\d|2[0-3])-(?:[01]?\d|2[0-4])|0\d{9,10}|\+\d{1,6}",
    re.ASCII,
)
_WITH_FILES = frozenset({Kind.MMS, Kind.CALL, Kind.EMAIL})
_WITH_FILE_URL = frozenset({Kind.MMS, Kind.CALL})
_WITH_SUBJECT = frozenset({Kind.MMS, Kind.EMAIL})


class _Rule(NamedTuple):
    """One row: ``code`` of the error, when the options break the rule, and what it says."""

    code: str
    is_broken: Callable[[SendOptions], object]
    message: str


def _is_bad_ip(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return True
    return False


def _timing_is_right(timing: str) -> bool:
    parts = timing.split(",")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 5 for part in parts):
        return False
    ringing, pause, attempts = map(int, parts)
    return ringing <= 99 and 10 <= pause <= 3600 and 1 <= attempts <= 9


def _between(value: str, least: str, most: str) -> bool:
    try:
        return Decimal(least) <= Decimal(value) <= Decimal(most)
    except InvalidOperation:
        return False


_RULES: tuple[_Rule, ...] = (
    _Rule("translit", lambda o: o.translit not in (0, 1, 2), "translit is 0, 1 or 2"),
    _Rule(
        "time",
        lambda o: o.time and not _TIME.fullmatch(o.time),
        "the time is DDMMYYhhmm, DD.MM.YY hh:mm, h1-h2, 0 and unix seconds, or + and minutes",
    ),
    _Rule(
        "tz",
        lambda o: o.tz is not None and not -14 <= o.tz <= 14,
        "tz is the number of hours that the zone is ahead of Moscow, -14 to 14",
    ),
    *(
        _Rule(
            name,
            lambda o, name=name: not getattr(o, name).isprintable(),  # type: ignore[misc]
            f"{name} is one line of printable characters",
        )
        for name in ("subject", "partner", "captcha", "file_url")
    ),
    _Rule(
        "period",
        lambda o: o.period and not (_PERIOD.fullmatch(o.period) and _between(o.period, "0.1", "720")),
        "the period is 0.1 to 720 hours",
    ),
    _Rule(
        "freq",
        lambda o: o.freq and not (o.period and 1 <= o.freq <= 1440),
        "freq is 1 to 1440 minutes, and goes with a period",
    ),
    _Rule("valid", lambda o: o.valid and not _VALID.fullmatch(o.valid), "valid is hh:mm, 00:01 to 24:00"),
    _Rule("max_segments", lambda o: o.max_segments < 0, "the most segments are counted from 1"),
    _Rule(
        "captcha",
        lambda o: o.captcha and not o.user_ip,
        "what a visitor typed goes with the visitor's address (user_ip)",
    ),
    _Rule("user_ip", lambda o: o.user_ip and _is_bad_ip(o.user_ip), "user_ip is no IP address"),
    _Rule(
        "file_url",
        lambda o: o.file_url and not LINK.fullmatch(o.file_url),
        "the file's address begins with http:// or https://",
    ),
    _Rule(
        "file_url",
        lambda o: o.file_url and o.kind not in _WITH_FILE_URL,
        "only an MMS or a call takes a file address",
    ),
    _Rule(
        "files",
        lambda o: o.files and o.kind not in _WITH_FILES,
        "only an MMS, a call or an e-mail takes files",
    ),
    _Rule(
        "files",
        lambda o: sum(file.size for file in o.files) > MAX_FILES,
        f"the files have more than {MAX_FILES} bytes together",
    ),
    _Rule("files", lambda o: any(file.size == 0 for file in o.files), "a file is empty"),
    _Rule(
        "subject",
        lambda o: o.subject and o.kind not in _WITH_SUBJECT,
        "only an MMS or an e-mail has a subject",
    ),
    _Rule(
        "voice",
        lambda o: o.voice and not (o.kind is Kind.CALL and _VOICE.fullmatch(o.voice)),
        "a voice is m, m2, m3, m4, w, w2, w3 or w4, perhaps with a language (w,en), of a call",
    ),
    _Rule(
        "call_timing",
        lambda o: o.call_timing and not (o.kind is Kind.CALL and _timing_is_right(o.call_timing)),
        "a call's timing is seconds of ringing (0 to 99), seconds between attempts (10 to 3600) and attempts"
        " (1 to 9), such as 22,20,5",
    ),
    _Rule(
        "bot",
        lambda o: o.bot and not (o.kind is Kind.TELEGRAM and _BOT.fullmatch(o.bot)),
        "a bot's name begins with @, and goes with a Telegram message",
    ),
)


def check_options(options: SendOptions) -> None:
    """Check every option by itself and against the kind.

    Raises:
        UsageError: ``bad_`` and the option's name.
    """
    for rule in _RULES:
        if rule.is_broken(options):
            raise UsageError(rule.message, code=f"bad_{rule.code}")
