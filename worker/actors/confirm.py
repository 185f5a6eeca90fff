"""The actor that looks for the calls of an account's subscribers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dramatiq
import structlog

from producers.errors import Unavailable
from producers.states import Lane
from producers.wakeups import ACTORS
from worker.confirming import Confirmer
from worker.resources import Resources

log = structlog.get_logger()


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker. It never raises: the timer wakes it again."""

    async def confirm(account: str) -> None:
        has = resources()
        structlog.contextvars.bind_contextvars(lane=Lane.CONTROL.value, account=account)
        try:
            if account in has.accounts:
                await Confirmer(has.ledger, has.accounts[account]).look()
            else:
                log.error("account_not_configured", account=account)
        except Unavailable as error:
            log.warning("wakeup_lost", code=error.code)
        except Exception:
            log.exception("actor_failed")
        finally:
            structlog.contextvars.clear_contextvars()

    options: dict[str, Any] = {"broker": broker, "queue_name": Lane.CONTROL.value}
    dramatiq.actor(actor_name=ACTORS["confirm"], **options)(confirm)
