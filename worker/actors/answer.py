"""The actor that asks the provider one question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import dramatiq
import structlog

from producers.errors import Unavailable
from producers.states import Lane
from producers.wakeups import ACTORS
from worker.answering import Answerer
from worker.resources import Resources

log = structlog.get_logger()


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker. It never raises: the timer wakes it again."""

    async def answer(question: str) -> None:
        has = resources()
        structlog.contextvars.bind_contextvars(lane=Lane.CONTROL.value)
        try:
            await Answerer(has.ledger, has.accounts, has.stopping).answer(question)
        except Unavailable as error:
            log.warning("wakeup_lost", code=error.code)
        except Exception:
            log.exception("actor_failed")
        finally:
            structlog.contextvars.clear_contextvars()

    options: dict[str, Any] = {"broker": broker, "queue_name": Lane.CONTROL.value}
    dramatiq.actor(actor_name=ACTORS["ask"], **options)(answer)
