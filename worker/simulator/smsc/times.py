"""When a message is to go: the forms of ``time`` and ``tz``, and of ``valid`` (SMSC protocol §3.1)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

from worker.simulator.smsc.errors import RefusedError

_MOSCOW = 3
_LAST_YEAR = 9000
_DAY = re.compile(r"\d\d\.\d\d\.\d{4}", re.ASCII)
_COMPACT = re.compile(r"\d{10}", re.ASCII)
_DOTTED = re.compile(r"\d\d\.\d\d\.\d\d \d\d:\d\d", re.ASCII)
_RANGE = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)
_UNIX = re.compile(r"0(\d{9,11})", re.ASCII)
_MINUTES = re.compile(r"\+(\d{1,7})", re.ASCII)
_ZONE = re.compile(r"[+-]?\d{1,2}", re.ASCII)
_HOURS = re.compile(r"\d{1,2}", re.ASCII)
_HOURS_MINUTES = re.compile(r"(\d\d):(\d\d)", re.ASCII)


def read_start(time: str, tz: str, now: float, utc_offset_hours: int) -> float:
    """Read the moment at which sending begins.

    Args:
        time: ``DDMMYYhhmm``, ``DD.MM.YY hh:mm``, ``h1-h2``, ``0`` with a unix time, ``+`` with minutes, or
            empty.
        tz: hours relative to Moscow, or empty for the account's zone.
        now: seconds since 1970.
        utc_offset_hours: the account's zone.

    Returns:
        Seconds since 1970, never before ``now``.

    Raises:
        RefusedError: error 5 for any other form.
    """
    zone = _read_zone(tz, utc_offset_hours)
    if time in ("", "0"):
        return now
    if match := _UNIX.fullmatch(time):
        start = float(match[1])
    elif match := _MINUTES.fullmatch(time):
        start = now + 60 * int(match[1])
    elif match := _RANGE.fullmatch(time):
        start = _enter_range(int(match[1]), int(match[2]), datetime.fromtimestamp(now, zone))
    else:
        start = _read_date(time, zone)
    return max(start, now)


def check_valid(valid: str) -> None:
    """Check ``valid``: hours 1 to 24, ``hh:mm`` from 00:01 to 24:00, empty or 0 [assumed] for the default.

    Args:
        valid: the value.

    Raises:
        RefusedError: error 1 for anything else.
    """
    if valid in ("", "0"):
        return
    if _HOURS.fullmatch(valid):
        minutes = 60 * int(valid)
    elif match := _HOURS_MINUTES.fullmatch(valid):
        minutes = 60 * int(match[1]) + int(match[2]) if int(match[2]) < 60 else 0
    else:
        minutes = 0
    if not 1 <= minutes <= 24 * 60:
        raise RefusedError(1)


def read_days(given: Mapping[str, str], now: float, utc_offset_hours: int) -> tuple[float, float]:
    """Read ``start`` and ``end``, days as ``dd.mm.yyyy``; the last day counts too [assumed].

    Args:
        given: the request's parameters.
        now: seconds since 1970.
        utc_offset_hours: the account's zone.

    Returns:
        The beginning of the first day and the end of the last, seconds since 1970. Both are today by
        default [assumed].

    Raises:
        RefusedError: error 1 for another form, or an end before the start [assumed].
    """
    zone = timezone(timedelta(hours=utc_offset_hours))
    today = datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = []
    for name in ("start", "end"):
        text = given.get(name, "")
        if text and not _DAY.fullmatch(text):
            raise RefusedError(1)
        try:
            days.append(datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=zone) if text else today)
        except ValueError:
            raise RefusedError(1) from None
    start, end = days
    if end < start or end.year > _LAST_YEAR:
        raise RefusedError(1)
    return start.timestamp(), (end + timedelta(days=1)).timestamp()


def _read_zone(tz: str, utc_offset_hours: int) -> timezone:
    if not tz:
        return timezone(timedelta(hours=utc_offset_hours))
    if not _ZONE.fullmatch(tz) or not -12 <= _MOSCOW + int(tz) <= 14:
        raise RefusedError(5)
    return timezone(timedelta(hours=_MOSCOW + int(tz)))


def _enter_range(first: int, last: int, now: datetime) -> float:
    if not first < last <= 24:
        raise RefusedError(5)
    begin = now.replace(hour=first, minute=0, second=0, microsecond=0)
    if now < begin:
        return begin.timestamp()
    if now.hour < last:
        return now.timestamp()
    return (begin + timedelta(days=1)).timestamp()


def _read_date(time: str, zone: timezone) -> float:
    form = "%d%m%y%H%M" if _COMPACT.fullmatch(time) else "%d.%m.%y %H:%M" if _DOTTED.fullmatch(time) else None
    if form is None:
        raise RefusedError(5)
    try:
        return datetime.strptime(time, form).replace(tzinfo=zone).astimezone(UTC).timestamp()
    except ValueError:
        raise RefusedError(5) from None
