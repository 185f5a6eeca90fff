"""Confirmation by the subscriber's call: real workers look into the simulator's inbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from producers import AsyncProducer, NotFound, Producer, Settings
from producers.ledger.accounts import read_inbox
from producers.ledger.keys import TIMER, awaited_call
from tests.conftest import free_port, wait_until
from tests.worker.conftest import SimulatorProcess, Workers

A, B, C = "79991230001", "79991230002", "79991230003"
NUMBERS = {"74950000001", "74950000002", "74950000003"}
#: Fifteen of these are the three seconds in which a subscriber can call.
MINUTE = 0.2
WINDOW = 15 * MINUTE


@pytest.fixture
def simulator() -> Iterator[SimulatorProcess]:
    process = SimulatorProcess(free_port(), "--minute", str(MINUTE))
    yield process
    process.stop()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, provider_minute=MINUTE)


def calls(simulator: SimulatorProcess, phone: str, **more: object) -> None:
    simulator.order(subscriber_call={"phone": phone, **more})


def looks(simulator: SimulatorProcess) -> int:
    found: int = simulator.books()["requests"].get("get.php", 0)
    return found


def test_confirmed(sms: Producer, workers: Workers, simulator: SimulatorProcess) -> None:
    wait = sms.wait_call("+7 999 123-00-01", timeout=20)
    status = wait.status()
    assert wait.number in NUMBERS == set(status.numbers)
    assert (status.state, wait.wait(timeout=0.05)) == ("waiting", False)
    assert 0 < status.left <= WINDOW
    calls(simulator, A)
    assert wait.wait()
    assert (wait.status().state, wait.status().left) == ("confirmed", 0)
    assert abs(wait.status().confirmed_at - time.time()) < 10
    # Nobody is waited for any more: the inbox is left alone.
    wait_until(lambda: sms.store.ledger.zscore(TIMER, "confirm|default") is None, what="the last look")
    seen = looks(simulator)
    assert sms.store.run(read_inbox("default")) == 1
    assert wait.wait()
    assert looks(simulator) == seen
    assert simulator.books()["errors"] == {}
    assert simulator.books()["calls_came"] == 1
    # A day later.
    sms.store.ledger.delete(awaited_call("default", A))
    with pytest.raises(NotFound):
        wait.status()
    assert repr(wait) == "WaitCall()"


def test_what_confirms_nobody(
    sms: Producer, settings: Settings, simulator: SimulatorProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    """A call of before, another's call, a call of another number, another text; then the time is over."""
    simulator.order(incoming=[{"phone": A, "mes": "[waitcall]"}, {"phone": B, "mes": "[waitcall]"}])
    workers = Workers(settings)
    try:
        first = sms.wait_call(A, timeout=20)
        other = sms.wait_call(B, timeout=20)
        assert sms.store.run(read_inbox("default")) == 2
        simulator.order(incoming=[{"phone": C, "mes": "[waitcall]"}, {"phone": A, "mes": "[waitcall] да"}])
        calls(simulator, A, number="74950000009")
        calls(simulator, B)
        assert other.wait()
        assert not first.wait()
        assert [first.status().state, other.status().state] == ["expired", "confirmed"]
        # Too late: the provider files no message, and nothing changes.
        calls(simulator, A)
        assert not first.wait(timeout=0.3)
        assert first.status().state == "expired"
    finally:
        workers.stop()
    books = simulator.books()
    assert (books["calls_asked"], books["calls_came"], books["calls_missed"]) == (2, 1, 2)
    assert books["errors"] == {}
    logged = "".join(capfd.readouterr())
    assert "calls_confirmed" in logged
    assert not any(phone in logged for phone in (A, B, C))


def test_two_at_once_share_the_looks(sms: Producer, workers: Workers, simulator: SimulatorProcess) -> None:
    waits = [sms.wait_call(phone, timeout=20) for phone in (A, B)]
    calls(simulator, B)
    assert waits[1].wait()
    assert waits[0].status().state == "waiting"
    calls(simulator, A)
    assert waits[0].wait()
    # One before the first wait, then one for both each half of a minute and a margin.
    assert looks(simulator) <= 2 + WINDOW / 0.225


def test_a_second_wait_is_not_confirmed_by_the_first_one_s_call(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    wait = sms.wait_call(A, timeout=20)
    calls(simulator, A)
    assert wait.wait()
    again = sms.wait_call(A, timeout=20)
    assert again.status().state == "waiting"
    assert not again.wait(timeout=0.6)
    calls(simulator, A)
    assert again.wait()
    assert simulator.books()["calls_came"] == 2


def test_a_look_that_fails_is_followed_by_another(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    wait = sms.wait_call(A, timeout=20)
    simulator.order(faults="get:drop-before=1")
    calls(simulator, A)
    seen = looks(simulator)
    wait_until(lambda: looks(simulator) > seen, what="a look that fails")
    assert wait.status().state == "waiting"
    simulator.order(faults="")
    assert wait.wait()


async def test_async(workers: Workers, settings: Settings, simulator: SimulatorProcess) -> None:
    async with AsyncProducer(settings) as producer:
        waits = await asyncio.gather(*(producer.wait_call(phone, timeout=20) for phone in (A, B)))
        assert {wait.number for wait in waits} <= NUMBERS
        assert (await waits[0].status()).state == "waiting"
        assert not await waits[0].wait(timeout=0.05)
        calls(simulator, A)
        assert await waits[0]
        assert (await waits[0].status()).state == "confirmed"
        assert not await waits[1]
        assert (await waits[1].status()).state == "expired"
