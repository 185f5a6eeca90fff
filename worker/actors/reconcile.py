"""The actor that looks an account's batches in doubt up."""

from __future__ import annotations

from collections.abc import Callable

import dramatiq
import structlog

from producers.states import Lane
from worker.actors.shell import declare_actor
from worker.reconciling import Reconciler
from worker.resources import Resources

log = structlog.get_logger()


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker."""

    async def reconcile(account: str) -> None:
        has = resources()
        if account in has.accounts:
            await Reconciler(has.ledger, has.accounts[account]).run()
        else:
            log.error("account_not_configured")

    declare_actor(broker, "reconcile", Lane.STATUS, "account", reconcile)
