"""Renting a number: done once whatever gets lost, and said truly."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from producers import Conflict, Producer, Settings, SmsqError
from producers.answers import Rented
from producers.asking import Answered
from producers.questions import (
    AskBalance,
    RentNumber,
)
from tests.conftest import free_port, wait_until
from tests.worker.answering_cases import (
    ALSO_FREE,
    FREE,
    answer,
    die_asking,
    rented,
    requests,
    until_ended,
    view,
    write,
)
from tests.worker.conftest import SimulatorProcess, Workers


async def test_a_number_is_rented(sms: Producer, settings: Settings, simulator: SimulatorProcess) -> None:
    name = write(sms, RentNumber(phone=FREE, prolong=False))
    assert await answer(settings, name) == "answered"
    found = view(sms, name).answer
    assert isinstance(found, Rented)
    assert (found.phone, found.certain) == (FREE, True)
    assert found.cost is not None
    assert rented(simulator) == {FREE: 1}
    assert simulator.books()["rented"][0]["noprolong"] == 1


@pytest.mark.parametrize("fault", ["drop-reply", "http500-after", "truncate"])
async def test_a_rent_whose_answer_got_lost_was_done_once(
    sms: Producer, settings: Settings, simulator: SimulatorProcess, fault: str
) -> None:
    simulator.order(faults=f"receive_phones:{fault}=1")
    name = write(sms, RentNumber(phone=FREE))
    assert await answer(settings, name) == "waits"
    assert view(sms, name).waits_for == "in_doubt"
    simulator.order(faults="")
    assert (await until_ended(settings, sms, name)).answer == Rented(FREE, certain=False)
    assert rented(simulator) == {FREE: 1}
    assert requests(simulator, "receive_phones.php") == 2


@pytest.mark.parametrize("fault", ["drop-before", "http503-before"])
async def test_a_rent_that_did_not_arrive_is_found_out(
    sms: Producer, settings: Settings, simulator: SimulatorProcess, fault: str
) -> None:
    """Nothing came back: in doubt. The number is still free: not rented, and never tried again here."""
    simulator.order(faults=f"receive_phones:{fault}=1")
    name = write(sms, RentNumber(phone=FREE))
    assert await answer(settings, name) == "waits"
    simulator.order(faults="")
    ended = await until_ended(settings, sms, name)
    assert (ended.state, ended.code) == ("failed", "not_rented")
    assert rented(simulator) == {}
    assert requests(simulator, "receive_phones.php") == 2


async def test_a_rent_whose_asker_died_is_found_out(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    assert await answer(settings, write(sms, AskBalance())) == "answered"
    simulator.order(faults="receive_phones:late=1:3")
    name = write(sms, RentNumber(phone=FREE), patience=15.0)
    die_asking(settings, simulator, name, "receive_phones.php", lease_ms=1000)
    simulator.order(faults="")
    assert (await until_ended(settings, sms, name)).answer == Rented(FREE, certain=False)
    assert rented(simulator) == {FREE: 1}


async def test_a_rent_that_never_left_is_tried_again(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    """No connection: surely not done, so that asking again costs nothing."""
    port = free_port()
    away = replace(settings, smsc=replace(settings.smsc, url=f"http://127.0.0.1:{port}"))
    name = write(sms, RentNumber(phone=FREE))
    ending = asyncio.create_task(until_ended(away, sms, name))
    await asyncio.sleep(0)
    back = await asyncio.to_thread(SimulatorProcess, port, "--minute", "1")
    try:
        found = (await ending).answer
        assert isinstance(found, Rented)
        assert found.certain
        assert rented(back) == {FREE: 1}
    finally:
        back.stop()


def test_a_key_rents_once(sms: Producer, workers: Workers, simulator: SimulatorProcess) -> None:
    """Three callers with one key, and the provider's answer gets lost."""
    assert sms.balance(timeout=20).currency == "RUR"
    simulator.order(faults="receive_phones:drop-reply=1")
    found: list[Answered] = []

    def ask() -> None:
        found.append(sms.ask(RentNumber(phone=FREE), key="rent-1", timeout=20))

    callers = [threading.Thread(target=ask) for _ in range(3)]
    for caller in callers:
        caller.start()
    wait_until(lambda: rented(simulator), what="the request arrives")
    simulator.order(faults="")
    for caller in callers:
        caller.join()
    ask()
    assert [one.answer for one in found] == [Rented(FREE, certain=False)] * 4
    with pytest.raises(Conflict):
        sms.ask(RentNumber(phone=ALSO_FREE), key="rent-1", timeout=20)
    assert rented(simulator) == {FREE: 1}


def test_a_number_that_isn_t_free(sms: Producer, workers: Workers, simulator: SimulatorProcess) -> None:
    with pytest.raises(SmsqError) as caught:
        sms.ask(RentNumber(phone="79000000999"), timeout=20)
    assert caught.value.code == "parameters_error"
    assert "79000000999" not in str(caught.value)
    assert rented(simulator) == {}
