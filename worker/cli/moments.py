"""Moments as people write and read them."""

from __future__ import annotations

import re
import time
from datetime import datetime

from producers.errors import UsageError

_RUSSIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})[ T]+(\d{1,2}):(\d{2})")
_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def parse_moment(text: str, *, now: float | None = None, option: str = "--at") -> int:
    """Read a moment in the future and return it in unix milliseconds.

    Args:
        text: ISO 8601 with a time of day, or ``DD.MM.YYYY HH:MM``; local time when it has no zone.
        now: Unix seconds, for tests.
        option: What it was given with.

    Raises:
        UsageError: It can't be read, or has passed.
    """
    written = text.strip()
    match = _RUSSIAN.fullmatch(written)
    try:
        if match is not None:
            day, month, year, hour, minute = map(int, match.groups())
            moment = datetime(year, month, day, hour, minute).astimezone()
        elif len(written) > len("2026-12-31") and ":" in written:
            # A zone that is written stays, none means local time.
            moment = datetime.fromisoformat(written).astimezone()
        else:
            raise ValueError
        seconds = moment.timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{option} {text[:40]!r} is no moment",
            hint="write 2026-12-31T10:00, 2026-12-31T10:00+03:00 or '31.12.2026 10:00'",
            code="bad_time",
        ) from None
    if seconds <= (time.time() if now is None else now):
        raise UsageError(
            f"{option} {moment.isoformat(timespec='minutes')} has passed",
            hint=f"leave {option} out to start now",
            code="past_time",
        )
    return int(seconds * 1000)


def span(seconds: float) -> str:
    """Return a length of time the way people say it: ``45 s``, ``12 min``, ``3 h``, ``2 d``."""
    for size, unit in _STEPS:
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def local_time(milliseconds: int) -> str:
    """Return a moment in local time with its zone."""
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().isoformat(sep=" ", timespec="seconds")


def parse_day(text: str | None, *, option: str) -> str:
    """Read a day, ``2026-12-31`` or ``31.12.2026``, and return it as the provider writes it; empty for None.

    Raises:
        UsageError: It can't be read.
    """
    if text is None:
        return ""
    written = text.strip()
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(written, form).strftime("%d.%m.%Y")  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise UsageError(
        f"{option} {text[:40]!r} is no day", hint="write 2026-12-31 or 31.12.2026", code="bad_date"
    )


def parse_days(start: str | None, end: str | None) -> tuple[str, str]:
    """Read the days of ``--from`` and ``--to``.

    Raises:
        UsageError: One can't be read, or they stand the wrong way round.
    """
    days = parse_day(start, option="--from"), parse_day(end, option="--to")
    if all(days) and _ordered(days[0]) > _ordered(days[1]):
        raise UsageError("--from is later than --to", hint="swap them", code="bad_date")
    return days


def _ordered(day: str) -> str:
    return "".join(reversed(day.split(".")))
