"""Calls to the ledger that must not be lost: repeated while Redis is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from tenacity import AsyncRetrying, RetryCallState

from producers.errors import Unavailable
from producers.ledger import totals
from producers.ledger.calls import Call
from producers.ledger.store import AsyncStore
from worker.retry import retry_if_redis_is_away, stop_waiting_for_redis, wait_for_redis
from worker.waiting import redis_wait

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True)
class PatientStore:
    """The ledger for a worker: every call may be repeated without harm, so it is, until Redis is back.

    Attributes:
        store: The ledger.
        sleep: For tests.
    """

    store: AsyncStore
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self, call: Call[T]) -> T:
        """Carry out one call.

        Raises:
            Unavailable: Redis was away for too long.
        """
        [reply] = await self.run_all([call])
        return reply  # type: ignore[no-any-return]

    async def run_all(self, calls: Sequence[Call[Any]]) -> list[Any]:
        """Carry out several calls in one round trip; errors as `run`."""
        try:
            return await self.store.run_all(calls)
        except Unavailable:
            # The rare case from here on: retrying costs three times what a call does.
            return await self._persist(calls)

    async def _persist(self, calls: Sequence[Call[Any]]) -> list[Any]:
        began = time.monotonic()
        replies: list[Any] = await AsyncRetrying(
            wait=wait_for_redis,
            stop=stop_waiting_for_redis,
            retry=retry_if_redis_is_away,
            sleep=self.sleep,
            reraise=True,
            before_sleep=_log_wait,
        )(self.store.run_all, calls)
        waited = redis_wait(time.monotonic() - began)
        with suppress(Unavailable):
            await self.store.run_all([totals.add(name, amount) for name, amount in waited.items()])
        return replies


def _log_wait(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    code = error.code if isinstance(error, Unavailable) else type(error).__name__
    log.warning(
        "redis_away", code=code, attempt=state.attempt_number, wait_seconds=round(state.upcoming_sleep, 2)
    )
