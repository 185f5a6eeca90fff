"""What waits: on queues, on the timer, in doubt and held, with and without a worker."""

from __future__ import annotations

import time

from producers import Producer
from producers.contract import Hold, InDoubt, SendOutcome
from producers.ledger import batches, outcomes
from producers.ledger.batches import Claim
from tests.conftest import wait_until
from tests.worker.conftest import SimulatorProcess, Workers
from tests.worker.metrics.conftest import MetricsServer


def test_with_the_workers_stopped_queues_grow_and_age(sms: Producer, metrics: MetricsServer) -> None:
    assert metrics.value("smsq_lane_depth", lane="urgent") == 0
    assert metrics.value("smsq_lane_oldest_seconds", lane="urgent") == 0
    for n in range(3):
        sms.send(str(79_991_000_000 + n), "Привет", urgent=True)
    sms.send("79991000009", "Привет")
    assert metrics.value("smsq_lane_depth", lane="urgent") == 3
    assert metrics.value("smsq_lane_depth", lane="bulk") == 1
    assert metrics.value("smsq_lane_depth", lane="status") == 0
    assert metrics.value("smsq_timer_entries") == 4
    wait_until(lambda: metrics.value("smsq_lane_oldest_seconds", lane="urgent") > 0.5, what="it ages")
    assert metrics.value("smsq_lane_oldest_seconds", lane="urgent") < 30
    wait_until(lambda: metrics.value("smsq_timer_overdue_seconds") > 0, what="nobody looks at the timer")


def test_batches_are_counted_by_state(sms: Producer, metrics: MetricsServer) -> None:
    people = [str(79_991_000_000 + n) for n in range(1_700)]
    sms.campaign("later", people, "Привет", at_ms=int(time.time() * 1000) + 3_600_000)
    message = sms.send("79881230000", "Привет")
    assert metrics.by("smsq_batches", "state") == {"planned": 4, "queued": 1}
    sms.store.run(batches.claim(f"{message.id}.0", lease_ms=60_000))
    assert metrics.by("smsq_batches", "state") == {"planned": 4, "claimed": 1}
    sms.find_campaign("later").cancel()
    assert metrics.by("smsq_batches", "state") == {"cancelled": 4, "claimed": 1}


def settle(sms: Producer, phone: str, outcome: SendOutcome) -> None:
    """Do what a worker does, up to the outcome."""
    message = sms.send(phone, "Привет")
    claim = sms.store.run(batches.claim(f"{message.id}.0", lease_ms=60_000))
    assert isinstance(claim, Claim)
    sms.store.run(outcomes.intend(claim, f"{claim.batch}.1", lease_ms=60_000))
    sms.store.run(outcomes.record(claim, outcome, now=int(time.time())))


def test_what_is_in_doubt_or_held_ages(sms: Producer, metrics: MetricsServer) -> None:
    assert metrics.value("smsq_in_doubt_oldest_seconds") == metrics.value("smsq_held_oldest_seconds") == 0
    settle(sms, "79991000001", InDoubt("empty_reply"))
    wait_until(lambda: metrics.value("smsq_in_doubt_oldest_seconds") > 0.2, what="the doubt ages")
    settle(sms, "79991000002", Hold(55, "unknown_error"))
    assert metrics.by("smsq_batches", "state") == {"in_doubt": 1, "held": 1}
    assert metrics.by("smsq_recipients_total", "outcome") == {"in_doubt": 1, "held": 1}
    wait_until(lambda: metrics.value("smsq_held_oldest_seconds") > 0, what="the held batch ages")
    series = metrics.series()
    assert series["smsq_held_oldest_seconds", ()] < series["smsq_in_doubt_oldest_seconds", ()] < 30


def test_work_under_way_is_seen(
    sms: Producer, workers: Workers, simulator: SimulatorProcess, metrics: MetricsServer
) -> None:
    sms.send("79991000001", "Привет", urgent=True).outcome(timeout=20)
    simulator.order(latency_ms=1_500)
    receipts = [sms.send(str(79_991_000_100 + n), "Привет", urgent=True) for n in range(3)]
    wait_until(
        lambda: metrics.value("smsq_requests_in_flight", group="send") == 3, what="three are under way"
    )
    assert metrics.value("smsq_batches", state="sending") == 3
    for receipt in receipts:
        receipt.outcome(timeout=20)
    assert metrics.by("smsq_batches", "state") == {"taken": 4}
    wait_until(lambda: metrics.value("smsq_requests_in_flight", group="send") == 0, what="the slots are back")


def test_an_account_that_is_paused_says_why(
    sms: Producer, workers: Workers, simulator: SimulatorProcess, metrics: MetricsServer
) -> None:
    simulator.order(balance="1.0")
    sms.send("79991000001", "Привет", urgent=True)
    wait_until(
        lambda: metrics.by("smsq_account_paused", "reason") == {"no_money": 1}, what="the account pauses"
    )
    assert metrics.by("smsq_provider_errors_total", "code") == {"3": 1}
    sms.send("79991000002", "Привет", urgent=True)
    wait_until(lambda: metrics.value("smsq_throttle_waits_total", rule="paused") >= 1, what="the batch waits")
    assert metrics.value("smsq_throttle_wait_seconds_total", rule="paused") > 5
