"""The lease on a batch while its request is under way: short, and renewed for as long as the worker lives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

import structlog

from producers.errors import Unavailable
from producers.ledger import batches
from producers.ledger.batches import Claim
from producers.ledger.store import AsyncStore
from worker.governor.gate import Gate, Permit

log = structlog.get_logger()

#: Milliseconds. Short, so that a dead worker's batches and slots are free again after 20 s; four renewals
#: must fail before a living one loses its batch.
LEASE_MS = 20_000
#: Seconds between two renewals.
BEAT = 5.0
#: Seconds before the lease's end from which nothing is sent any more: for the difference between asking for a
#: lease and getting it, and for writing the request.
MARGIN = 3.0


class Heartbeat:
    """Renews a claim's lease and its slot in flight until left; use as an asynchronous context.

    Args:
        store: The ledger.
        claim: The claim.
        gate: The account's gate.
        permit: The slot.
        since: Monotonic seconds from before the lease was asked for.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        store: AsyncStore,
        claim: Claim,
        gate: Gate,
        permit: Permit,
        *,
        since: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._claim = claim
        self._gate = gate
        self._permit = permit
        self._clock = clock
        self._until = since + LEASE_MS / 1000 - MARGIN
        self._task: asyncio.Task[None] | None = None
        self._left = False

    def may_send(self) -> bool:
        """Whether the lease is surely still ours, by this process's own clock.

        A process that was stopped for long finds out here, before it writes a request to a batch that
        somebody else may own by now.
        """
        return self._clock() < self._until

    async def __aenter__(self) -> Heartbeat:
        self._task = asyncio.create_task(self._beat())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A time-out that ends in the same moment swallows the cancellation: the beat asks for this too.
        self._left = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _beat(self) -> None:
        while not self._left:
            await asyncio.sleep(BEAT)
            asked = self._clock()
            try:
                ours, _ = await self._store.run_all(
                    [
                        batches.renew(self._claim.batch, self._claim.token, lease_ms=LEASE_MS),
                        self._gate.renew(self._permit, lease_ms=LEASE_MS),
                    ]
                )
            except Unavailable as error:
                log.warning("lease_not_renewed", batch=self._claim.batch, code=error.code)
                continue
            if not ours:
                log.warning("lease_lost", batch=self._claim.batch)
                self._until = 0.0
                return
            self._until = asked + LEASE_MS / 1000 - MARGIN
