"""How a worker process shares its threads between the lanes."""

from __future__ import annotations

from collections.abc import Sequence

from producers.states import Lane

#: Threads of a worker process. An async actor holds a thread while it waits for the provider: 14 requests in
#: flight, a few batches that wait for the next slot, and those reserved for the other lanes.
DEFAULT_THREADS = 24
#: Threads that bulk work leaves free, so that an urgent message never waits for a slow provider's replies.
RESERVED_THREADS = 4


def lane_limits(threads: int, lanes: Sequence[Lane]) -> dict[str, int]:
    """Return how many messages of each lane a process may hold at a time.

    Dramatiq counts a message from fetching to its acknowledgement, so this bounds the threads too.
    """
    others = any(lane is not Lane.BULK for lane in lanes)
    bulk = max(1, threads - RESERVED_THREADS) if others and threads > 1 else threads
    return {lane.value: bulk if lane is Lane.BULK else threads for lane in lanes}
