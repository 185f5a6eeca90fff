"""The actor that asks the provider one question."""

from __future__ import annotations

from collections.abc import Callable

import dramatiq

from producers.states import Lane
from worker.actors.shell import declare_actor
from worker.answering import Answerer
from worker.resources import Resources


def declare(broker: dramatiq.Broker, resources: Callable[[], Resources]) -> None:
    """Declare the actor on a broker."""

    async def answer(question: str) -> None:
        has = resources()
        await Answerer(has.ledger, has.accounts, has.stopping).answer(question)

    declare_actor(broker, "ask", Lane.CONTROL, "question", answer)
