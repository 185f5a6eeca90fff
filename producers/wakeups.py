"""Wake-ups: Dramatiq messages that say "look at this ledger entry", and nothing else.

They are written in the form of Dramatiq 2's Redis broker without importing it: a producer stays light, and
many wake-ups go in one call, which Dramatiq has no way to do. `tests/worker/test_wakeups.py` reads them back
with Dramatiq itself, so that a release that changes the form is noticed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import uuid4

import msgspec

from producers.ledger.calls import Call
from producers.states import Lane

#: Which actor a timer entry's kind wakes.
ACTORS = {
    "send": "send_batch",
    "reconcile": "reconcile",
    "poll": "poll",
    "ask": "answer",
    "confirm": "confirm",
}

_encode = msgspec.json.Encoder().encode


class _Options(msgspec.Struct):
    redis_message_id: str


class _Message(msgspec.Struct):
    queue_name: str
    actor_name: str
    args: tuple[str, ...]
    kwargs: dict[str, str]
    options: _Options
    message_id: str
    message_timestamp: int


def wake(namespace: str, kind: str, lane: Lane | str, ids: Sequence[str]) -> Call[int]:
    """Put a wake-up for each ledger entry on the lane's queue; returns how many were added.

    Args:
        namespace: Prefix of the queue keys (`RedisAddress.queue_namespace`).
        kind: Kind of the timer entry, a key of `ACTORS`.
        lane: The queue.
        ids: Ledger entries.
    """
    now = int(time.time() * 1000)
    args: list[str | bytes] = []
    for entry in ids:
        unique = str(uuid4())
        message = _Message(
            queue_name=str(lane),
            actor_name=ACTORS[kind],
            args=(entry,),
            kwargs={},
            options=_Options(redis_message_id=unique),
            message_id=unique,
            message_timestamp=now,
        )
        args += [unique, _encode(message)]
    queue = f"{namespace}:{lane}"
    return Call.lua("wake", [queue, f"{queue}.msgs"], args, int, queue=True)
