"""What the ledger knows of an account: its balance and whether it is paused."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from producers.ledger import keys
from producers.ledger.calls import Call

_FIELDS = ("balance", "balance_at", "pause_until", "pause_reason", "proven")


@dataclass(frozen=True)
class AccountView:
    """An account as it stands. Money in 1/10000 rouble, times in unix milliseconds.

    Attributes:
        balance: As the provider last said; None before it ever did.
        balance_at: When it said so.
        pause_until: Nothing is sent before; 0 when not paused.
        pause_reason: Why it is or was paused, as a stable word.
        works: Whether the credentials have worked and no pause came since.
    """

    name: str
    balance: int | None
    balance_at: int
    pause_until: int
    pause_reason: str
    works: bool


def read_account(name: str) -> Call[AccountView]:
    """Read an account."""

    def parse(reply: list[Any]) -> AccountView:
        balance, balance_at, until, reason, proven = reply
        return AccountView(
            name=name,
            balance=int(balance) if balance is not None else None,
            balance_at=int(balance_at or 0),
            pause_until=int(until or 0),
            pause_reason=(reason or b"").decode(),
            works=proven is not None,
        )

    return Call(("HMGET", keys.account(name), *_FIELDS), parse)


def note_balance(name: str, balance: int) -> Call[int]:
    """Write down the balance that the provider has just said, in 1/10000 rouble."""
    now = int(time.time() * 1000)
    return Call(("HSET", keys.account(name), "balance", balance, "balance_at", now), int)


def read_inbox(name: str) -> Call[int]:
    """Return the id of the newest incoming message that was looked at; 0 when none was."""
    return Call(("HGET", keys.account(name), "inbox"), lambda reply: int(reply or 0))


def note_inbox(name: str, newest: int) -> Call[int]:
    """Write down the id of the newest incoming message that was looked at."""
    return Call(("HSET", keys.account(name), "inbox", newest), int)
