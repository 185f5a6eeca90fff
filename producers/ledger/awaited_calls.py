"""Subscribers' calls that are waited for: who is to call which number until when, and who has.

A call is noted by whoever learns of it first, the provider's callback or a look into the inbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from producers.ledger import keys
from producers.ledger.calls import Call

#: Seconds of a provider's minute x 15: how long the subscriber has (SMSC protocol, wait_call).
WINDOW_MINUTES = 15
#: Provider's minutes after the end for which the news of a call that came in time may still arrive: the inbox
#: is looked at every half of one.
LATE_MINUTES = 1
#: Seconds for which the record is kept when it is over.
KEPT = 24 * 3600.0


_FIELDS = ("number", "numbers", "expires", "confirmed_at", "late")


def begin(
    account: str, phone: str, number: str, numbers: Sequence[str], *, seconds: float, look_in: float
) -> Call[int]:
    """Begin to wait for a call; see ``lua/await_call.lua``.

    Args:
        account: Name of the account.
        phone: Who is to call, digits without plus.
        number: Where.
        numbers: All numbers from which the provider picked that one.
        seconds: How long it is waited.
        look_in: Seconds to the first look into the inbox.
    """
    return Call.lua(
        "await_call",
        [keys.awaited_call(account, phone), keys.awaited_calls(account), keys.TIMER],
        [
            phone,
            account,
            number,
            msgspec.json.encode(list(numbers)),
            round(seconds * 1000),
            round(KEPT * 1000),
            round(look_in * 1000),
            round(seconds * LATE_MINUTES / WINDOW_MINUTES * 1000),
        ],
        int,
    )


def confirm(account: str, phone: str) -> Call[bool]:
    """Note that a subscriber has called; False when nobody waits for it; see ``lua/confirm.lua``."""
    return Call.lua(
        "confirm", [keys.awaited_call(account, phone), keys.awaited_calls(account)], [phone, 0], bool
    )


def count_open(account: str) -> Call[int]:
    """Return how many calls may still come, dropping those whose time is over."""
    return Call.lua(
        "open_waits",
        [keys.awaited_calls(account)],
        [0],
        int,
    )


@dataclass(frozen=True)
class AwaitedCall:
    """A call that is or was waited for.

    Attributes:
        number: The number to call.
        numbers: All numbers from which the provider picked it.
        state: ``waiting``, ``confirmed`` or ``expired``.
        expires_at: Unix seconds.
        confirmed_at: Unix seconds, 0 when not confirmed.
        left: Seconds that are left to call; 0 when it is over.
        news_left: Seconds for which news of a call may still come; 0 when all is known.
    """

    number: str
    numbers: tuple[str, ...]
    state: Literal["waiting", "confirmed", "expired"]
    expires_at: float
    confirmed_at: float
    left: float
    news_left: float

    def __repr__(self) -> str:
        return f"AwaitedCall(state={self.state!r})"


def read(account: str, phone: str) -> list[Call[Any]]:
    """Return two calls, for the record and the server's time, whose replies `view` reads."""
    return [
        Call(
            ("HMGET", keys.awaited_call(account, phone), *_FIELDS),
            lambda reply: reply,
        ),
        Call(("TIME",), lambda reply: int(reply[0]) + int(reply[1]) / 1e6),
    ]


def view(fields: Sequence[bytes | None], now: float) -> AwaitedCall | None:
    """Read the replies of `read`; None when no call of that phone is or was waited for."""
    number, numbers, expires, confirmed, late = fields
    if number is None or numbers is None or expires is None:
        return None
    until, called = int(expires) / 1000, int(confirmed or 0) / 1000
    return AwaitedCall(
        number=number.decode(),
        numbers=msgspec.json.decode(numbers, type=tuple[str, ...]),
        state="confirmed" if called else "waiting" if now < until else "expired",
        expires_at=until,
        confirmed_at=called,
        left=0.0 if called else max(0.0, until - now),
        news_left=0.0 if called else max(0.0, until + int(late or 0) / 1000 - now),
    )
