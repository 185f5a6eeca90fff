"""What all actors have in common: they never raise, and each line that they log says what it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import dramatiq
import structlog

from producers.errors import Unavailable
from producers.states import Lane
from producers.wakeups import ACTORS

log = structlog.get_logger()


def declare_actor(
    broker: dramatiq.Broker, kind: str, lane: Lane, subject: str, work: Callable[[str], Awaitable[object]]
) -> None:
    """Declare an actor whose message names one ledger entry.

    What went wrong is in the ledger or comes back by the timer, so that Dramatiq has nothing to retry.

    Args:
        broker: The broker.
        kind: Kind of the timer entry, a key of `ACTORS`.
        lane: The queue that it is declared on.
        subject: What the entry is, as log lines name it.
        work: What is done with it.
    """

    async def actor(entry: str) -> None:
        structlog.contextvars.bind_contextvars(lane=lane.value, **{subject: entry})
        try:
            await work(entry)
        except Unavailable as error:
            log.warning("wakeup_lost", code=error.code)
        except Exception:
            log.exception("actor_failed")
        finally:
            structlog.contextvars.clear_contextvars()

    options: dict[str, Any] = {"broker": broker, "queue_name": lane.value}
    dramatiq.actor(actor_name=ACTORS[kind], **options)(actor)
