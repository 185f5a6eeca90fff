"""Answering questions: what is asked, waited for, asked again, and what ends a question."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from producers import Producer, Settings, WaitTimeout
from producers.answers import BalanceAnswer, FreeNumbers
from producers.ledger import keys, questions
from producers.ledger.accounts import read_account
from producers.ledger.questions import QuestionClaim
from producers.questions import (
    AskBalance,
    AskHistory,
    AskNumbers,
    AskPrice,
    Question,
    RentNumber,
)
from producers.settings import SmscSettings
from tests.conftest import free_port, wait_until
from tests.worker.answering_cases import (
    FREE,
    WINDOW,
    answer,
    die_asking,
    requests,
    until_ended,
    view,
    write,
)
from tests.worker.conftest import SimulatorProcess, Workers
from worker.governor.rules import window_seconds
from worker.retry import IN_PROCESS_WAIT


@pytest.fixture
def few_minutes(settings: Settings, simulator: SimulatorProcess) -> Iterator[Settings]:
    """Settings whose provider's minute takes longer than a worker waits with a question in its hands."""
    minute = 20.0
    process = SimulatorProcess(free_port(), "--balance", "100000", "--minute", str(minute))
    yield replace(settings, smsc=replace(settings.smsc, url=process.url), provider_minute=minute)
    process.stop()


async def test_answered(sms: Producer, settings: Settings, simulator: SimulatorProcess) -> None:
    name = write(sms, AskBalance())
    assert await answer(settings, name) == "answered"
    found = view(sms, name)
    assert (found.state, found.answer) == ("answered", BalanceAnswer(100_000_000_000, currency="RUR"))
    assert await answer(settings, name) == "idle"
    assert sms.store.ledger.zscore(keys.TIMER, f"ask|{name}") is None
    assert sms.store.run(read_account("default")).balance == 100_000_000_000
    assert simulator.books()["requests"] == {"balance.php": 1}


async def test_a_list_with_nothing_in_it(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    name = write(sms, AskHistory())
    assert await answer(settings, name) == "answered"
    assert not getattr(view(sms, name).answer, "records", None)


async def test_an_account_that_isn_t_configured_here(sms: Producer, settings: Settings) -> None:
    """Another worker may have it."""
    name = write(sms, AskBalance())
    assert await answer(replace(settings, smsc=SmscSettings()), name) == "waits"
    assert view(sms, name).waits_for == "account_not_configured"
    assert await answer(settings, name) == "answered"


async def test_no_question_of_that_name(settings: Settings) -> None:
    assert await answer(settings, "q404") == "gone"


async def test_a_throttled_question_waits_and_is_answered_in_time(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    """Two a minute: the third waits for the end of the minute, without an error from the provider."""
    names = [write(sms, AskNumbers()) for _ in range(3)]
    began = time.monotonic()
    for name in names[:2]:
        assert await answer(settings, name) == "answered"
    third = await until_ended(settings, sms, names[2])
    assert third.state == "answered"
    assert time.monotonic() - began >= 1.0
    assert simulator.books()["errors"] == {}
    assert requests(simulator, "receive_phones.php") == 3


async def test_a_long_wait_is_on_the_timer_and_its_reason_can_be_read(
    sms: Producer, few_minutes: Settings
) -> None:
    names = [write(sms, AskNumbers()) for _ in range(3)]
    assert [await answer(few_minutes, name) for name in names] == ["answered", "answered", "waits"]
    third = view(sms, names[2])
    assert (third.state, third.waits_for) == ("asked", "identical")
    assert IN_PROCESS_WAIT < third.wait <= window_seconds(20.0) + 0.05
    due = sms.store.ledger.zscore(keys.TIMER, f"ask|{names[2]}")
    assert due is not None
    assert abs(float(due) / 1000 - time.time() - third.wait) < 1.0
    assert await answer(few_minutes, names[2]) == "waits"


async def test_a_wait_beyond_the_deadline_fails_at_once(sms: Producer, few_minutes: Settings) -> None:
    names = [write(sms, AskNumbers()) for _ in range(2)]
    for name in names:
        assert await answer(few_minutes, name) == "answered"
    last = write(sms, AskNumbers(), patience=2.0)
    began = time.monotonic()
    assert await answer(few_minutes, last) == "failed"
    assert time.monotonic() - began < 1.5
    found = view(sms, last)
    assert (found.state, found.code, found.provider_code) == ("failed", "identical", 0)
    assert 2.0 < found.wait <= window_seconds(20.0) + 0.05


@pytest.mark.parametrize(
    ("fault", "question", "code", "provider_code"),
    [
        ("balance:error2=1", AskBalance(), "auth", 2),
        ("balance:error4=1", AskBalance(), "ip_blocked", 4),
        ("receive_phones:error3=1", RentNumber(phone=FREE), "no_money", 3),
        ("send:error3=1", AskPrice(recipients=("79991234567",), text="Привет"), "no_money", 3),
    ],
    ids=str,
)
async def test_errors_that_end_a_question(
    sms: Producer,
    settings: Settings,
    simulator: SimulatorProcess,
    fault: str,
    question: Question,
    code: str,
    provider_code: int,
) -> None:
    simulator.order(faults=fault)
    name = write(sms, question)
    assert await answer(settings, name) == "failed"
    found = view(sms, name)
    assert (found.state, found.code, found.provider_code) == ("failed", code, provider_code)
    assert sum(simulator.books()["requests"].values()) == 1
    assert simulator.books()["rented"] == []


async def test_after_error_2_nobody_else_tries_the_credentials(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    """Five failures would lock our address out."""
    simulator.order(faults="balance:error2=1")
    assert await answer(settings, write(sms, AskBalance())) == "failed"
    others = [write(sms, AskNumbers(), patience=10.0) for _ in range(3)]
    for name in others:
        assert await answer(settings, name) == "failed"
        assert view(sms, name).code == "auth"
    assert simulator.books()["requests"] == {"balance.php": 1}


async def test_somebody_else_used_our_throttle_up(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    """Error 9 by another program of the account: asked again after a pause, not at once."""
    busy = json.dumps({"error": "duplicate request, wait a minute", "error_code": 9})
    simulator.order(script=[{"endpoint": "receive_phones.php", "body": busy}])
    name = write(sms, AskNumbers())
    began = time.monotonic()
    assert isinstance((await until_ended(settings, sms, name)).answer, FreeNumbers)
    assert time.monotonic() - began >= WINDOW / 2
    assert requests(simulator, "receive_phones.php") == 2


async def test_error_9_without_end_is_the_throttle_s_fault(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    simulator.order(faults="receive_phones:error9=1")
    workers = Workers(settings)
    try:
        with pytest.raises(WaitTimeout):
            sms.ask(AskNumbers(), timeout=2.5)
    finally:
        workers.stop()
    # Two a minute and no more, however often it fails.
    assert 2 <= requests(simulator, "receive_phones.php") <= 6
    assert requests(simulator, "receive_phones.php") == simulator.books()["faults"]["error9"]


@pytest.mark.parametrize("fault", ["drop-before", "http503-before", "reset", "html"])
async def test_what_only_reads_is_asked_again(
    sms: Producer, settings: Settings, simulator: SimulatorProcess, fault: str
) -> None:
    simulator.order(faults=f"balance:{fault}=1")
    name = write(sms, AskBalance())
    ending = asyncio.create_task(until_ended(settings, sms, name))
    await asyncio.to_thread(wait_until, lambda: requests(simulator, "balance.php") > 1)
    simulator.order(faults="")
    assert isinstance((await ending).answer, BalanceAnswer)


async def test_a_provider_that_can_t_be_reached_is_tried_until_the_deadline(
    sms: Producer, settings: Settings
) -> None:
    away = replace(settings, smsc=replace(settings.smsc, url=f"http://127.0.0.1:{free_port()}"))
    name = write(sms, AskBalance(), patience=1.0)
    began = time.monotonic()
    ended = await until_ended(away, sms, name)
    assert time.monotonic() - began >= 1.0
    assert ended.state == "failed"
    assert ended.code in {"deadline", "connect_failed"}


def test_a_dead_worker_s_question_is_taken_up_after_its_lease(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    name = write(sms, AskBalance())
    claim = sms.store.run(questions.take(name, lease_ms=1500))
    assert isinstance(claim, QuestionClaim)
    workers = Workers(settings)
    try:
        wait_until(lambda: view(sms, name).state == "answered", what="another worker answers it")
    finally:
        workers.stop()
    assert not sms.store.run(questions.fail(claim, "late", 0))
    assert requests(simulator, "balance.php") == 1


async def test_a_reader_that_died_with_its_request_out(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    # An account that has worked before: else one request at a time finds out whether it does.
    assert await answer(settings, write(sms, AskBalance())) == "answered"
    simulator.order(faults="balance:late=1:3")
    name = write(sms, AskBalance())
    die_asking(settings, simulator, name, "balance.php", lease_ms=1500)
    assert await answer(settings, name) == "busy"
    simulator.order(faults="")
    assert (await until_ended(settings, sms, name)).state == "answered"
    assert requests(simulator, "balance.php") == 3


def test_without_a_worker_nobody_asks(sms: Producer, simulator: SimulatorProcess) -> None:
    with pytest.raises(WaitTimeout):
        sms.ask(AskBalance(), timeout=0.3)
    assert simulator.books()["requests"] == {}
