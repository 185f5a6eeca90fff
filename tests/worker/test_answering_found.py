"""What tests of questions found in the product, each as the smallest that shows it."""

from __future__ import annotations

import json

import pytest

from producers import Producer, Settings, WaitTimeout
from producers.questions import AskNumbers, RentNumber
from tests.conftest import wait_until
from tests.worker.answering_cases import FREE, answer, rented, until_ended, write
from tests.worker.conftest import SimulatorProcess, Workers


async def test_nothing_is_rented_for_somebody_who_has_given_up(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    busy = json.dumps({"error": "duplicate request, wait a minute", "error_code": 9})
    simulator.order(script=[{"endpoint": "receive_phones.php", "body": busy}])
    name = write(sms, RentNumber(phone=FREE), patience=0.3)
    ended = await until_ended(settings, sms, name)
    assert rented(simulator) == {}, ended.state


async def test_why_a_doubt_can_t_be_resolved_doesn_t_hide_the_doubt(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    """Whoever reads "auth" rents again."""
    simulator.order(faults="receive_phones:drop-reply=1")
    name = write(sms, RentNumber(phone=FREE))
    await answer(settings, name)
    simulator.order(faults="receive_phones:error2=1")
    ended = await until_ended(settings, sms, name)
    assert (ended.code, rented(simulator)) == ("in_doubt", {FREE: 1})


async def test_a_short_wait_needs_no_timer(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    names = [write(sms, AskNumbers()) for _ in range(3)]
    for name in names[:2]:
        assert await answer(settings, name) == "answered"

    def asked() -> float:
        [first] = sms.store.ledger.keys("{smsq}:g:default:same:numbers:*")
        return float(sms.store.ledger.lindex(first, 1) or 0)

    oldest = asked()
    # The window is 1.25 s; wait until less than a second of it is left.
    wait_until(lambda: _now(sms) - oldest > 600, what="most of the window is over")
    assert await answer(settings, names[2]) == "answered"


def _now(sms: Producer) -> float:
    seconds, micro = sms.store.ledger.time()
    return int(seconds) * 1000 + int(micro) / 1000


def test_a_key_whose_question_was_never_asked_may_be_used_again(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    with pytest.raises(WaitTimeout):
        sms.ask(RentNumber(phone=FREE), key="rent-1", timeout=0.2)
    workers = Workers(settings)
    try:
        wait_until(lambda: sms.balance(timeout=20), what="a worker answers")
        sms.ask(RentNumber(phone=FREE), key="rent-1", timeout=20)
        sms.ask(RentNumber(phone=FREE), key="rent-1", timeout=20)
    finally:
        workers.stop()
    assert rented(simulator) == {FREE: 1}


def test_what_does_something_is_never_shared(sms: Producer) -> None:
    for _ in range(2):
        with pytest.raises(WaitTimeout):
            sms.ask(RentNumber(phone=FREE), max_age=60, timeout=0.1)
    assert len(list(sms.store.ledger.scan_iter("{smsq}:q:q*"))) == 2
