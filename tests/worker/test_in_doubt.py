"""Requests whose answer is lost, and workers that die with one under way: nothing twice, nothing lost."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import Any

import pytest

from producers import Producer, Settings
from producers.ledger.keys import IN_DOUBT
from tests.conftest import wait_until
from tests.worker.conftest import SimulatorProcess, Workers

TAKEN_BUT_LOST = ["drop-reply", "reset", "cut-body", "http500-after", "empty", "html", "truncate"]
#: A look-up tells more than that it was taken: it may have been delivered by then.
SENT = {"taken", "delivered", "failed", "expired"}
NEVER_TAKEN = ["reset-before", "drop-before", "http429-before", "http500-before"]


def rows(count: int) -> list[dict[str, str]]:
    return [{"phone": str(79_991_000_000 + n)} for n in range(count)]


def sent(progress: dict[str, Any]) -> int:
    """Recipients that the provider has, whatever it knows of them by now."""
    return sum(progress["recipients"][state] for state in ("taken", "delivered", "failed"))


def decided(sms: Producer, name: str) -> bool:
    return bool(sms.find_campaign(name).progress()["state"] in {"sent", "settled"})


@pytest.mark.parametrize("fault", [*TAKEN_BUT_LOST, *NEVER_TAKEN])
def test_every_first_answer_is_lost_and_everybody_is_sent_to_once(
    sms: Producer, workers: Workers, simulator: SimulatorProcess, fault: str
) -> None:
    simulator.order(faults=f"send:{fault}=1")
    campaign = sms.campaign("spring", rows(1_200), "Привет")
    wait_until(lambda: campaign.progress()["recipients"]["in_doubt"] == 1_200, what="all are in doubt")
    assert sms.store.ledger.zcard(IN_DOUBT) == 3
    simulator.order(faults="")
    wait_until(lambda: decided(sms, "spring"), seconds=40, what="the doubt is resolved")
    books, progress = simulator.books(), campaign.progress()
    assert sent(progress) == 1_200
    assert (books["recipients"], books["twice"]) == (1_200, 0)
    assert books["errors"] == {}
    assert float(progress["cost"]) == float(books["cost"])
    expected = 3 if fault in TAKEN_BUT_LOST else 6
    assert books["requests"]["send.php"] == expected


def test_a_single_message_in_doubt_is_asked_for_by_itself(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    simulator.order(faults="send:drop-reply=1")
    receipts = [sms.send(str(79_991_000_000 + n), "Код", urgent=True) for n in range(4)]
    wait_until(lambda: sms.store.ledger.zcard(IN_DOUBT) == 4, what="all are in doubt")
    simulator.order(faults="")
    for receipt in receipts:
        [recipient] = receipt.outcome(timeout=20)["recipients"]
        assert recipient["state"] in SENT
        assert recipient["cost"] == "1.4000"
    books = simulator.books()
    assert (books["messages"], books["requests"]["send.php"], books["errors"]) == (4, 4, {})


def test_killed_workers_leave_nothing_twice_and_nothing_lost(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    """Kills come while requests are under way; the last batches come back by their leases.

    A dead worker's batches fill its campaign's window until their lease of 20 s ends: two deaths right after
    one another may stop the campaign for so long.
    """
    simulator.order(latency_ms=150)
    campaign = sms.campaign("spring", rows(40_000), "Привет")
    workers = Workers(settings, processes=2)
    try:
        for more in (3_000, 9_000):
            wait_until(
                lambda at=more: simulator.books()["messages"] > at,  # type: ignore[misc]
                seconds=45,
                what="the campaign runs",
            )
            workers.kill_one()
        simulator.order(latency_ms=0)

        wait_until(lambda: decided(sms, "spring"), seconds=90, what="the dead workers' batches are taken up")
    finally:
        workers.stop()
    books, progress = simulator.books(), campaign.progress()
    assert sent(progress) == 40_000
    assert (books["recipients"], books["twice"]) == (40_000, 0)
    assert "9" not in books["errors"].get("send.php", {})


def test_a_worker_stopped_beyond_its_lease_changes_nothing_when_it_wakes(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    simulator.order(latency_ms=400)
    receipt = sms.send("79991234567", "Код", urgent=True)
    workers = Workers(settings)
    other: Workers | None = None
    try:
        key = "{smsq}:b:" + f"{receipt.id}.0"
        wait_until(lambda: simulator.books()["requests"].get("send.php") == 1, what="the request has arrived")
        [pid] = workers.supervisor.pids()
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: simulator.books()["messages"] == 1, what="the provider has taken it")
        simulator.order(latency_ms=0)
        other = Workers(settings)
        sms.store.ledger.hset(key, "lease", 1)
        sms.store.ledger.zadd("{smsq}:timer", {f"send|{receipt.id}.0": 1})
        wait_until(lambda: sms.store.ledger.hget(key, "state") == b"in_doubt", what="another took it over")
        token = sms.store.ledger.hget(key, "token")
        os.kill(pid, signal.SIGCONT)
        [recipient] = receipt.outcome(timeout=30)["recipients"]
        assert recipient["state"] in SENT
        assert int(sms.store.ledger.hget(key, "token") or 0) > int(token or 0)
    finally:
        workers.stop()
        if other is not None:
            other.stop()
    books = simulator.books()
    assert (books["messages"], books["requests"]["send.php"]) == (1, 1)


def test_look_ups_that_fail_leave_the_doubt_and_are_repeated(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    simulator.order(faults="send:drop-reply=1,status:http500-before=1")
    receipt = sms.send("79991234567", "Код", urgent=True)
    wait_until(
        lambda: receipt.status()["recipients"][0]["reason"].startswith("look_up_failed"),
        what="a look-up fails",
    )
    assert receipt.status()["recipients"][0]["state"] == "in_doubt"
    simulator.order(faults="")
    assert receipt.outcome(timeout=30)["recipients"][0]["state"] in SENT
    assert simulator.books()["messages"] == 1


def test_a_late_answer_is_waited_for(sms: Producer, settings: Settings, simulator: SimulatorProcess) -> None:
    """Within the request's time-out a slow answer is an answer, not a doubt."""
    simulator.order(faults="send:late=1:2")
    workers = Workers(replace(settings))
    try:
        receipt = sms.send("79991234567", "Код", urgent=True)
        assert receipt.outcome(timeout=20)["recipients"][0]["state"] == "taken"
    finally:
        workers.stop()
    assert simulator.books()["requests"] == {"send.php": 1}
