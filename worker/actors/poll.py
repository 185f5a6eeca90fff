"""The actor that asks the provider for the status of one batch."""

from __future__ import annotations

from collections.abc import Callable

import dramatiq

from producers.ledger import batches
from producers.states import Lane
from worker.actors.shell import declare_actor
from worker.polling import Poller
from worker.resources import Resources


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker."""

    async def poll(batch: str) -> None:
        has = resources()
        view = await has.ledger.run(batches.read(batch))
        if view is not None and view.job.account in has.accounts:
            await Poller(has.ledger, has.accounts[view.job.account]).poll(batch)

    declare_actor(broker, "poll", Lane.STATUS, "batch", poll)
