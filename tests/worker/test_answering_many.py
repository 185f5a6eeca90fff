"""A hundred callers at once: they share answers, and the provider's throttles hold."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from producers import AsyncProducer, Producer, Settings
from producers.answers import Downloads, FreeNumbers, WaitCallNumber
from producers.asking import Answered
from producers.ledger import awaited_calls
from producers.questions import (
    AskDownloads,
    AskNumbers,
    AskWaitCall,
    Question,
)
from tests.worker.answering_cases import (
    requests,
)
from tests.worker.conftest import SimulatorProcess, Workers


def per_minute(simulator: SimulatorProcess, endpoint: str) -> int:
    """The most requests that the provider counted within any of its minutes."""
    import urllib.request

    with urllib.request.urlopen(f"{simulator.url}/_books/requests?last=1000", timeout=10) as reply:
        found: list[dict[str, Any]] = json.load(reply)
    moments = [entry["at"] for entry in found if entry["endpoint"] == endpoint]
    return max(sum(1 for later in moments if 0 <= later - at < 1.0) for at in moments)


async def ask_in_waves(
    settings: Settings, question: Question, kind: type, *, max_age: float | None, waves: int = 5
) -> list[Answered]:
    """A hundred callers in waves over some of the provider's minutes."""
    async with AsyncProducer(settings) as producer:

        async def call(number: int) -> Answered:
            await asyncio.sleep(number % waves * 0.5)
            return await producer.ask(question, timeout=30, max_age=max_age)

        async with asyncio.timeout(40):
            found = await asyncio.gather(*(call(number) for number in range(100)))
    assert all(isinstance(one.answer, kind) for one in found)
    return list(found)


@pytest.mark.parametrize(
    ("question", "kind", "endpoint", "most"),
    [
        (AskNumbers(), FreeNumbers, "receive_phones.php", 2),
        (AskDownloads(), Downloads, "downloads.php", 3),
    ],
)
async def test_a_hundred_callers_share_answers(
    workers: Workers,
    settings: Settings,
    simulator: SimulatorProcess,
    question: Question,
    kind: type,
    endpoint: str,
    most: int,
) -> None:
    found = await ask_in_waves(settings, question, kind, max_age=0.2)
    assert simulator.books()["errors"] == {}
    assert 2 <= requests(simulator, endpoint) <= 12
    assert per_minute(simulator, endpoint) <= most
    assert all(0 <= one.age < 3 for one in found)
    assert any(one.age > 0 for one in found)
    # As callers usually ask: one answer for all.
    before = requests(simulator, endpoint)
    found = await ask_in_waves(settings, question, kind, max_age=None, waves=2)
    assert requests(simulator, endpoint) - before <= 1
    assert max(one.age for one in found) < 10


async def test_a_hundred_callers_wait_for_one_subscriber(
    workers: Workers, settings: Settings, simulator: SimulatorProcess
) -> None:
    """Never shared: fifty a minute, so that half of them wait for the next one."""
    question = AskWaitCall(phone="79991234567")
    waited: list[float] = []
    async with AsyncProducer(settings) as producer:

        async def call() -> Answered:
            began = time.monotonic()
            found = await producer.ask(question, timeout=40)
            waited.append(time.monotonic() - began)
            return found

        async with asyncio.timeout(50):
            found = await asyncio.gather(*(call() for _ in range(100)))
    assert all(isinstance(one.answer, WaitCallNumber) for one in found)
    books = simulator.books()
    assert (books["errors"], books["calls_asked"], requests(simulator, "wait_call.php")) == ({}, 100, 100)
    assert per_minute(simulator, "wait_call.php") <= 50
    waited.sort()
    print(
        f"100 callers of wait_call, a minute of 1 s: median {waited[50]:.2f} s, 95% {waited[95]:.2f} s,"
        f" last {waited[-1]:.2f} s"
    )
    assert waited[-1] > 1.0
    assert sms_waits(settings) == 1


def sms_waits(settings: Settings) -> int:
    with Producer(settings) as producer:
        return producer.store.run(awaited_calls.count_open("default"))
