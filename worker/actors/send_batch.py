"""The actor that a wake-up for a batch reaches."""

from __future__ import annotations

from collections.abc import Callable

import dramatiq
import structlog
from dramatiq.middleware import CurrentMessage

from producers.ledger.totals import add, total
from producers.states import Lane
from worker.actors.shell import declare_actor
from worker.resources import Resources
from worker.sending import Sender

#: What `Sender.send` finds when a wake-up came twice or late: no work, no harm.
_WITHOUT_WORK = frozenset({"gone", "busy", "idle"})


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker."""

    async def send_batch(batch: str) -> None:
        has = resources()
        message = CurrentMessage.get_current_message()
        # Urgent messages come by their own queue to the same actor.
        lane = message.queue_name if message is not None else Lane.BULK.value
        structlog.contextvars.bind_contextvars(lane=lane)
        result = await Sender(has.ledger, has.accounts, has.stopping).work(batch, lane)
        if result in _WITHOUT_WORK:
            await has.ledger.run(add(total("smsq_wakeups_total", lane=lane, result=result)))

    declare_actor(broker, "send", Lane.BULK, "batch", send_batch)
