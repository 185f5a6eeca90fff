"""The actor that a wake-up for a batch reaches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dramatiq
import structlog
from dramatiq.middleware import CurrentMessage

from producers.errors import Unavailable
from producers.ledger.totals import add, total
from producers.states import Lane
from producers.wakeups import ACTORS
from worker.resources import Resources
from worker.sending import Sender

log = structlog.get_logger()

#: What `Sender.send` finds when a wake-up came twice or late: no work, no harm.
_WITHOUT_WORK = frozenset({"gone", "busy", "idle"})


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker.

    It never raises: what went wrong is in the ledger or comes back by the timer, so that Dramatiq has nothing
    to retry.
    """

    async def send_batch(batch: str) -> None:
        has = resources()
        message = CurrentMessage.get_current_message()
        lane = message.queue_name if message is not None else Lane.BULK.value
        structlog.contextvars.bind_contextvars(lane=lane)
        try:
            result = await Sender(has.ledger, has.accounts, has.stopping).work(batch, lane)
            if result in _WITHOUT_WORK:
                await has.ledger.run(add(total("smsq_wakeups_total", lane=lane, result=result)))
        except Unavailable as error:
            log.warning("wakeup_lost", batch=batch, code=error.code)
        except Exception:
            log.exception("actor_failed", batch=batch)
        finally:
            structlog.contextvars.clear_contextvars()

    options: dict[str, Any] = {"broker": broker, "queue_name": Lane.BULK.value}
    dramatiq.actor(actor_name=ACTORS["send"], **options)(send_batch)
