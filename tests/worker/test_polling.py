"""Status-poll jobs: asked for by a producer, done by a worker within the provider's throttles."""

from __future__ import annotations

import pytest

from producers import Producer, WaitTimeout
from producers.contract import NO_ERR, RecipientResult, Taken
from producers.ledger import batches, campaigns, outcomes, reports
from producers.ledger.batches import BatchView
from producers.ledger.keys import TIMER
from producers.ledger.store import Store
from producers.states import RecipientState
from tests.producers.ledger.ledger_cases import LEASE, NOW, claim, make_campaign
from tests.worker.conftest import SimulatorProcess, Workers

T, D, F = RecipientState.TAKEN, RecipientState.DELIVERED, RecipientState.FAILED
FINAL = {"delivered", "failed", "expired", "read"}


def test_a_message_s_status_is_asked_for_and_recorded(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    simulator.order(delivery_scale=0.0001)
    receipt = sms.send(["79991234567", "79000000120", "79000000103"], "Привет")
    receipt.outcome(timeout=20)
    states = {
        recipient["phone"]: (recipient["state"], recipient["status"])
        for recipient in receipt.refresh(timeout=20)["recipients"]
    }
    assert states["79000000120"] == ("failed", 20)
    assert states["79000000103"] == ("expired", 3)
    assert states["79991234567"][0] in FINAL
    assert simulator.books()["requests"] == {"send.php": 1, "status.php": 3}
    assert simulator.books()["errors"] == {}


def test_many_recipients_are_asked_for_in_one_request_and_not_too_often(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    simulator.order(delivery_scale=0.0001)
    receipt = sms.send([79_991_000_000 + n for n in range(40)], "Привет")
    receipt.outcome(timeout=20)
    first = receipt.refresh(timeout=20)
    assert {recipient["state"] for recipient in first["recipients"]} <= FINAL
    # The provider's minute takes a second here: the next one waits for its end.
    with pytest.raises(WaitTimeout):
        receipt.refresh(timeout=0.3)
    assert receipt.refresh(timeout=20) == first
    assert 2 <= simulator.books()["requests"]["status.php"] <= 3
    assert simulator.books()["errors"] == {}
    assert sms.store.ledger.zcard(TIMER) == 0


def taken(store: Store) -> BatchView:
    campaign = make_campaign(store, count=1)
    store.run(campaigns.feed(campaign, now_ms=NOW))
    claimed = claim(store, f"{campaign}.0")
    store.run(outcomes.intend(claimed, "x", lease_ms=LEASE, now_ms=NOW))
    store.run(outcomes.record(claimed, Taken("x", cost=300), now=10, now_ms=NOW))
    view = store.run(batches.read(claimed.batch))
    assert view is not None
    return view


def test_reports_in_any_order_never_move_a_state_backwards(store: Store) -> None:
    view = taken(store)
    rev, results = view.rev, view.results
    for index, said, since in [
        (0, RecipientResult(D, status=1, err=0), 50),
        (0, RecipientResult(T, status=0), 40),
        (1, RecipientResult(T, status=0), 40),
        (1, RecipientResult(T, status=-1), 30),
        (2, RecipientResult(F, status=20, err=6), 60),
        (2, RecipientResult(D, status=1, err=0), 70),
        (2, RecipientResult(F, status=20, err=6), 60),
    ]:
        done = store.run(reports.record(view, {index: (said, since)}, rev=rev, results=results, now=99))
        assert done.result == "recorded"
        fresh = store.run(batches.read(view.batch))
        assert fresh is not None
        rev, results = fresh.rev, fresh.results
    assert [(row.state, row.status, row.err, row.cost, row.changed_at) for row in fresh.rows] == [
        (D, 1, 0, 100, 50),
        (T, 0, NO_ERR, 100, 40),
        (D, 1, 0, 100, 70),
    ]
    campaign = store.run(campaigns.read(view.batch.rpartition(".")[0]))
    assert campaign is not None
    assert (campaign.counts[D], campaign.counts[T], campaign.counts[F], campaign.difference) == (2, 1, 0, 0)
    assert campaign.cost == 300


def test_a_report_on_changed_results_is_computed_again(store: Store) -> None:
    view = taken(store)
    said = {0: (RecipientResult(RecipientState.DELIVERED, status=1), 50)}
    assert (
        store.run(reports.record(view, said, rev=view.rev, results=view.results, now=1)).result == "recorded"
    )
    stale = store.run(reports.record(view, said, rev=view.rev, results=view.results, now=1))
    assert stale.result == "stale"
    again = store.run(reports.record(view, said, rev=stale.rev, results=stale.results, now=1))
    assert again.result == "recorded"
    campaign = store.run(campaigns.read(view.batch.rpartition(".")[0]))
    assert campaign is not None
    assert campaign.counts[RecipientState.DELIVERED] == 1
