"""The actor that looks an account's batches in doubt up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dramatiq
import structlog

from producers.errors import Unavailable
from producers.states import Lane
from producers.wakeups import ACTORS
from worker.reconciling import Reconciler
from worker.resources import Resources

log = structlog.get_logger()


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker. It never raises: the timer wakes it again."""

    async def reconcile(account: str) -> None:
        has = resources()
        structlog.contextvars.bind_contextvars(lane=Lane.STATUS.value, account=account)
        try:
            if account in has.accounts:
                await Reconciler(has.ledger, has.accounts[account]).run()
            else:
                log.error("account_not_configured", account=account)
        except Unavailable as error:
            log.warning("wakeup_lost", code=error.code)
        except Exception:
            log.exception("actor_failed")
        finally:
            structlog.contextvars.clear_contextvars()

    options: dict[str, Any] = {"broker": broker, "queue_name": Lane.STATUS.value}
    dramatiq.actor(actor_name=ACTORS["reconcile"], **options)(reconcile)
