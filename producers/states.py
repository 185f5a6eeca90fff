"""The states of recipients, batches and campaigns, and the moves that are allowed between them."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class RecipientState(IntEnum):
    """What is known of one recipient. The number is what the ledger stores; the name in lower case is public.

    The order of the numbers has no meaning; `RANK` says what may follow what.
    """

    PENDING = 0
    IN_DOUBT = 1
    HELD = 2
    TAKEN = 3
    DELIVERED = 4
    READ = 5
    FAILED = 6
    EXPIRED = 7
    REFUSED = 8
    CANCELLED = 9
    REJECTED = 10

    @property
    def public(self) -> str:
        """The state's name in JSON, reports and metrics."""
        return self.name.lower()


#: A recipient never moves to a state of a lower rank; equal ranks replace each other only among the open
#: states (a pending recipient becomes in doubt, is held, is released to pending again).
RANK: dict[RecipientState, int] = {
    RecipientState.PENDING: 0,
    RecipientState.IN_DOUBT: 0,
    RecipientState.HELD: 0,
    RecipientState.TAKEN: 1,
    RecipientState.FAILED: 2,
    RecipientState.EXPIRED: 2,
    RecipientState.DELIVERED: 3,
    RecipientState.READ: 4,
    RecipientState.REFUSED: 5,
    RecipientState.CANCELLED: 5,
    RecipientState.REJECTED: 5,
}


def may_follow(old: RecipientState, new: RecipientState) -> bool:
    """Say whether ``new`` may replace ``old`` (states never move backwards)."""
    return RANK[new] > RANK[old] or (RANK[new] == RANK[old] == 0)


class BatchState(StrEnum):
    """Where a batch stands."""

    PLANNED = "planned"
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    TAKEN = "taken"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    HELD = "held"
    CANCELLED = "cancelled"


#: The allowed moves of a batch; `ledger/lua/move.lua` refuses every other one.
BATCH_MOVES: dict[BatchState, frozenset[BatchState]] = {
    BatchState.PLANNED: frozenset({BatchState.QUEUED, BatchState.CANCELLED}),
    BatchState.QUEUED: frozenset({BatchState.CLAIMED, BatchState.CANCELLED}),
    BatchState.CLAIMED: frozenset(
        {BatchState.QUEUED, BatchState.SENDING, BatchState.HELD, BatchState.CANCELLED}
    ),
    BatchState.SENDING: frozenset(
        {BatchState.TAKEN, BatchState.REFUSED, BatchState.IN_DOUBT, BatchState.HELD, BatchState.QUEUED}
    ),
    BatchState.IN_DOUBT: frozenset(
        {BatchState.TAKEN, BatchState.QUEUED, BatchState.HELD, BatchState.IN_DOUBT}
    ),
    BatchState.HELD: frozenset(
        {BatchState.QUEUED, BatchState.TAKEN, BatchState.REFUSED, BatchState.CANCELLED}
    ),
    BatchState.TAKEN: frozenset(),
    BatchState.REFUSED: frozenset(),
    BatchState.CANCELLED: frozenset(),
}

#: A batch in one of these states is in its campaign's window: it has, or is about to have, a wake-up.
OPEN_STATES = frozenset({BatchState.QUEUED, BatchState.CLAIMED, BatchState.SENDING})


class CampaignState(StrEnum):
    """Where a campaign stands. ``sent`` and ``settled`` follow from its counts, the others are stored."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    SENT = "sent"
    SETTLED = "settled"


class Lane(StrEnum):
    """The four queues. Bulk work can never take all threads nor all of an account's requests in flight."""

    URGENT = "urgent"
    BULK = "bulk"
    STATUS = "status"
    CONTROL = "control"
