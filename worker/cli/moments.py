"""Moments as people write and read them."""

from __future__ import annotations

import re
import time
from datetime import datetime

from producers.errors import UsageError

_RUSSIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})[ T]+(\d{1,2}):(\d{2})")
_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def parse_moment(text: str, *, now: float | None = None) -> int:
    """Read a moment in the future and return it in unix milliseconds.

    Args:
        text: ISO 8601 with a time of day, or ``DD.MM.YYYY HH:MM``; local time when it has no zone.
        now: Unix seconds, for tests.

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
            f"--at {text[:40]!r} is no moment",
            hint="write 2026-12-31T10:00, 2026-12-31T10:00+03:00 or '31.12.2026 10:00'",
            code="bad_time",
        ) from None
    if seconds <= (time.time() if now is None else now):
        raise UsageError(
            f"--at {moment.isoformat(timespec='minutes')} has passed",
            hint="leave --at out to start now",
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
