"""What the tests of answering share: questions written down, answered in process, and a worker that dies."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from producers import Producer, Settings
from producers.ids import new_question_id
from producers.ledger import keys, questions
from producers.ledger.questions import QuestionView
from producers.ledger.store import AsyncStore
from producers.questions import (
    Question,
)
from producers.redis_clients import RedisAddress
from tests.conftest import wait_until
from tests.worker.conftest import ROOT, SimulatorProcess, environ_of
from worker.accounts import make_accounts
from worker.answering import Answerer
from worker.governor.rules import window_seconds
from worker.patience import PatientStore
from worker.providers.smsc import create_session

FREE, ALSO_FREE = "79000000901", "79000000902"
WINDOW = window_seconds(1.0)


@asynccontextmanager
async def answerer_of(settings: Settings) -> AsyncIterator[Answerer]:
    """What a worker process answers with."""
    store, session = AsyncStore(RedisAddress.parse(settings.redis_url)), create_session()
    try:
        yield Answerer(PatientStore(store), make_accounts(settings, session))
    finally:
        await session.close()
        await store.close()


def write(sms: Producer, question: Question, *, patience: float = 30.0) -> str:
    """Write a question down as a producer does, without waking anybody."""
    name = new_question_id()
    asked = questions.ask(name, "default", "smsc", question, max_age=0.0, patience=patience)
    assert sms.store.run(asked) == (name, "created")
    return name


def view(sms: Producer, name: str) -> QuestionView:
    found = questions.view(*sms.store.run_all(questions.read(name)))
    assert found is not None
    return found


async def answer(settings: Settings, name: str) -> str:
    async with answerer_of(settings) as answerer:
        return await answerer.answer(name)


async def until_ended(settings: Settings, sms: Producer, name: str, *, seconds: float = 20.0) -> QuestionView:
    """Answer now and whenever the timer says so, as the worker processes do, until the question has ended."""
    async with answerer_of(settings) as answerer, asyncio.timeout(seconds):
        await answerer.answer(name)
        while (found := view(sms, name)).state in {"asked", "asking"}:
            due = sms.store.ledger.zscore(keys.TIMER, f"ask|{name}")
            assert due is not None, "nothing would wake it"
            await asyncio.sleep(max(0.0, float(due) / 1000 - time.time()))
            await answerer.answer(name)
    return found


def requests(simulator: SimulatorProcess, endpoint: str) -> int:
    found: int = simulator.books()["requests"].get(endpoint, 0)
    return found


#: A worker process that answers one question under a short lease.
DYING = """
import asyncio, sys
from producers import Settings
from worker import answering
from worker.resources import Resources

async def main():
    has = Resources(Settings.from_env())
    await answering.Answerer(has.ledger, has.accounts).answer(sys.argv[1])

answering.LEASE_MS = int(sys.argv[2])
asyncio.run(main())
"""


def die_asking(
    settings: Settings, simulator: SimulatorProcess, name: str, endpoint: str, *, lease_ms: int
) -> None:
    """Have a process ask, and kill it when the request has arrived and its reply hasn't."""
    before = requests(simulator, endpoint)
    process = subprocess.Popen(
        [sys.executable, "-c", DYING, name, str(lease_ms)], cwd=ROOT, env=environ_of(settings)
    )
    try:
        wait_until(lambda: requests(simulator, endpoint) > before, what="the request arrives")
    finally:
        process.kill()
        process.wait(10)


def rented(simulator: SimulatorProcess) -> dict[str, int]:
    found: dict[str, int] = simulator.books()["rentals"]
    return found
