"""The actor that asks the provider for the status of one batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dramatiq
import structlog

from producers.errors import Unavailable
from producers.ledger import batches
from producers.states import Lane
from producers.wakeups import ACTORS
from worker.polling import Poller
from worker.resources import Resources

log = structlog.get_logger()


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker. It never raises: the timer wakes it again."""

    async def poll(batch: str) -> None:
        has = resources()
        structlog.contextvars.bind_contextvars(lane=Lane.STATUS.value, batch=batch)
        try:
            view = await has.ledger.run(batches.read(batch))
            if view is not None and view.job.account in has.accounts:
                await Poller(has.ledger, has.accounts[view.job.account]).poll(batch)
        except Unavailable as error:
            log.warning("wakeup_lost", code=error.code)
        except Exception:
            log.exception("actor_failed")
        finally:
            structlog.contextvars.clear_contextvars()

    options: dict[str, Any] = {"broker": broker, "queue_name": Lane.STATUS.value}
    dramatiq.actor(actor_name=ACTORS["poll"], **options)(poll)
