"""The actor that looks for the calls of an account's subscribers."""

from __future__ import annotations

from collections.abc import Callable

import dramatiq
import structlog

from producers.states import Lane
from worker.actors.shell import declare_actor
from worker.confirming import Confirmer
from worker.resources import Resources

log = structlog.get_logger()


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker."""

    async def confirm(account: str) -> None:
        has = resources()
        if account in has.accounts:
            await Confirmer(has.ledger, has.accounts[account]).look()
        else:
            log.error("account_not_configured")

    declare_actor(broker, "confirm", Lane.CONTROL, "account", confirm)
