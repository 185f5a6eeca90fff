"""A mailing to phone bases, which the provider sends out by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from producers.contract import InDoubt, SendOutcome, Taken
from worker.providers.sms2 import codes, replies, sends
from worker.providers.smsc.transport import Reply

#: In which zone the provider reads a start isn't documented; its company is in Saint Petersburg.
DEFAULT_ZONE = "Europe/Moscow"
_MOSCOW = timezone(timedelta(hours=3), DEFAULT_ZONE)  # since 2014


def zone_of(name: str) -> tzinfo:
    """Return a time zone; the default one also where the system has no list of them.

    Raises:
        ValueError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if name == DEFAULT_ZONE:
            return _MOSCOW
        raise ValueError("SMS2 time zone: expected a name such as Europe/Moscow") from None


def parameters(
    text: str, sender: str, bases: Sequence[str], start_at: datetime | None, zone: tzinfo
) -> list[tuple[str, str]]:
    """Return what is asked.

    Raises:
        ValueError: No base, a base whose name would be read as two, or a start without a time zone.
    """
    if not bases or any(not name.strip() or "," in name for name in bases):
        raise ValueError("bases: expected names without commas, at least one")
    wanted = [
        ("function", "start_multicast"),
        ("message", text),
        ("from", sender),
        ("bases", ",".join(bases)),
    ]
    if start_at is not None:
        wanted.append(("start_at", _written(start_at, zone)))
    return wanted


def _written(moment: datetime, zone: tzinfo) -> str:
    if moment.utcoffset() is None:
        raise ValueError("start_at: expected a moment with its time zone")
    local = moment.astimezone(zone)
    if local.second or local.microsecond:
        # The provider takes whole minutes; not a moment too early.
        local = local.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return local.strftime("%Y-%m-%d %H:%M")


def outcome(reply: Reply, hidden: tuple[str, ...], *, minute: float = codes.MINUTE) -> SendOutcome:
    """Return what a reply says; what is taken has no id, so that nobody can be asked what became of it."""
    text = replies.text_of(reply.body)
    refused = sends.refused_by(reply.status, text, codes.MULTICAST_ERRORS, hidden, minute=minute)
    if refused is not None:
        return refused
    if text.lower() == "success":
        return Taken("")
    return InDoubt("unreadable_reply" if text else "empty_reply")
