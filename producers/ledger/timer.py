"""The durable timer: a sorted set of entries by the time of their next step."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from producers.ledger import keys
from producers.ledger.calls import Call

#: An entry that was taken comes back after this long if nothing moved it on meanwhile: the process that took
#: it may have died, or its wake-up may be lost. Longer than a loaded queue takes to reach the wake-up.
PUT_BACK_MS = 15_000


@dataclass(frozen=True)
class Due:
    """A timer entry whose time has come.

    Attributes:
        kind: ``send`` (wake an actor for the batch), ``poll`` (wake one to ask for its status), ``reconcile``
            (wake one for the account's batches in doubt), ``ask`` (wake one for a question), ``confirm``
            (wake one to look for subscribers' calls) or ``feed`` (open batches of the campaign).
        id: Of the batch, account, question or campaign.
        lane: Queue for the wake-up; empty for ``feed``.
        overdue_ms: How long ago it was due.
    """

    kind: str
    id: str
    lane: str
    overdue_ms: int


def take_due(limit: int = 100, *, now_ms: int = 0) -> Call[list[Due]]:
    """Take what is due, putting each entry back a little later; see ``lua/due.lua``."""

    def parse(reply: list[Any]) -> list[Due]:
        return [
            Due(reply[i].decode(), reply[i + 1].decode(), reply[i + 2].decode(), reply[i + 3])
            for i in range(0, len(reply), 4)
        ]

    return Call.lua("due", [keys.TIMER, keys.BATCH_PREFIX], [limit, PUT_BACK_MS, now_ms], parse)


def set_entry(kind: str, entry: str, due: float) -> Call[int]:
    """Put an entry on the timer, or move it.

    Args:
        kind: As `Due.kind`.
        entry: As `Due.id`.
        due: Unix seconds.
    """
    return Call(("ZADD", keys.TIMER, round(due * 1000), f"{kind}|{entry}"), int)


def delay_entry(kind: str, entry: str, seconds: float) -> Call[int]:
    """Put an entry on the timer, or move it, to so many seconds from now by this machine's clock."""
    return set_entry(kind, entry, time.time() + seconds)


def drop_entry(kind: str, entry: str) -> Call[int]:
    """Take an entry off the timer."""
    return Call(("ZREM", keys.TIMER, f"{kind}|{entry}"), int)
