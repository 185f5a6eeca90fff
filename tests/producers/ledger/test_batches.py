from __future__ import annotations

from dataclasses import dataclass

import pytest

from producers.contract import (
    NO_ERR,
    NO_STATUS,
    Hold,
    InDoubt,
    NotSent,
    RecipientResult,
    Refused,
    SendOutcome,
    Taken,
)
from producers.ledger import batches, campaigns, outcomes
from producers.ledger.batches import Claim, NoClaim
from producers.ledger.keys import HELD, IN_DOUBT, TOTALS
from producers.ledger.records import NO_COST, Row, pack_rows
from producers.ledger.store import Store
from producers.ledger.timer import take_due
from producers.ledger.totals import read_hash
from producers.states import BATCH_MOVES, BatchState, RecipientState, may_follow
from tests.producers.ledger.ledger_cases import LEASE, NOW, claim, make_campaign

SECONDS = 1_800_000_000


def one_batch(store: Store) -> tuple[str, str]:
    campaign = make_campaign(store, count=1)
    store.run(campaigns.feed(campaign, now_ms=NOW))
    return campaign, f"{campaign}.0"


def sending(store: Store) -> tuple[str, Claim]:
    campaign, batch = one_batch(store)
    claimed = claim(store, batch)
    moved = store.run(outcomes.intend(claimed, f"{batch}.1", lease_ms=LEASE, now_ms=NOW))
    assert moved.result == "moved"
    return campaign, claimed


def view_of(store: Store, batch: str) -> batches.BatchView:
    view = store.run(batches.read(batch))
    assert view is not None
    return view


class TestClaim:
    def test_one_owner_at_a_time(self, store: Store) -> None:
        _, batch = one_batch(store)
        first = claim(store, batch)
        assert store.run(batches.claim(batch, lease_ms=LEASE, now_ms=NOW + LEASE - 1)) == NoClaim("busy")
        second = claim(store, batch, now=NOW + LEASE)
        assert second.token == first.token + 1
        assert second.phones == first.phones
        assert second.before is BatchState.CLAIMED

    def test_what_is_done_or_gone_gives_no_work(self, store: Store) -> None:
        _, claimed = sending(store)
        store.run(outcomes.record(claimed, Taken("x"), now=SECONDS, now_ms=NOW))
        assert store.run(batches.claim(claimed.batch, lease_ms=LEASE)) == NoClaim("idle")
        assert store.run(batches.claim("nobody.0", lease_ms=LEASE)) == NoClaim("gone")

    def test_the_lease_s_end_is_on_the_timer(self, store: Store) -> None:
        _, batch = one_batch(store)
        claim(store, batch)
        assert store.run(take_due(now_ms=NOW + LEASE - 1)) == []
        assert [due.id for due in store.run(take_due(now_ms=NOW + LEASE))] == [batch]

    def test_a_batch_whose_owner_died_while_sending_is_found_in_that_state(self, store: Store) -> None:
        _, claimed = sending(store)
        later = claim(store, claimed.batch, now=NOW + LEASE)
        assert later.before is BatchState.SENDING
        assert later.provider_id == f"{claimed.batch}.1"
        assert later.attempt == 1


class TestFencing:
    def test_a_zombie_can_neither_intend_nor_record_nor_give_back(self, store: Store) -> None:
        _, batch = one_batch(store)
        zombie = claim(store, batch)
        owner = claim(store, batch, now=NOW + LEASE)
        for call in (
            outcomes.intend(zombie, "zombie", lease_ms=LEASE, now_ms=NOW),
            outcomes.give_back(zombie, "zombie", 0, now_ms=NOW),
        ):
            moved = store.run(call)
            assert (moved.result, moved.owned) == ("fenced", False)
        assert store.run(outcomes.intend(owner, "owner", lease_ms=LEASE, now_ms=NOW)).result == "moved"
        moved = store.run(outcomes.record(zombie, Taken("zombie"), now=SECONDS, now_ms=NOW))
        assert (moved.result, moved.owned) == ("fenced", False)
        view = view_of(store, batch)
        assert (view.state, view.provider_id) == (BatchState.SENDING, "owner")

    def test_a_repeated_move_is_recognised_by_its_owner(self, store: Store) -> None:
        _, claimed = sending(store)
        again = store.run(outcomes.intend(claimed, "x", lease_ms=LEASE, now_ms=NOW))
        assert (again.result, again.state, again.owned) == ("fenced", "sending", True)
        outcome = Taken("x", cost=300)
        assert store.run(outcomes.record(claimed, outcome, now=SECONDS, now_ms=NOW)).result == "moved"
        again = store.run(outcomes.record(claimed, outcome, now=SECONDS, now_ms=NOW))
        assert (again.result, again.state, again.owned) == ("fenced", "taken", True)
        campaign = store.run(campaigns.read(claimed.campaign))
        assert campaign is not None
        assert (campaign.cost, campaign.requests) == (300, 1)

    @pytest.mark.parametrize("state", list(BatchState))
    def test_only_the_allowed_moves_are_possible(self, store: Store, state: BatchState) -> None:
        _, claimed = sending(store)
        key = "{smsq}:b:" + claimed.batch
        for target in BatchState:
            store.ledger.hset(key, "state", state.value)
            moved = store.run(batches.move(claimed.batch, claimed.token, target, due_ms=None, now_ms=NOW))
            assert (moved.result == "moved") == (target in BATCH_MOVES[state]), (state, target)


@dataclass(frozen=True)
class Case:
    """What came of a request for three recipients, and what the ledger must say afterwards."""

    outcome: SendOutcome
    batch: BatchState
    rows: list[tuple[RecipientState, int, int, int]]
    cost: int = 0
    due_ms: int | None = None


T, R, P = RecipientState.TAKEN, RecipientState.REFUSED, RecipientState.PENDING
CASES = {
    "taken": Case(
        Taken("x", cost=301), BatchState.TAKEN, [(T, NO_STATUS, NO_ERR, c) for c in (101, 100, 100)], 301
    ),
    "taken, price not told": Case(Taken("x"), BatchState.TAKEN, [(T, NO_STATUS, NO_ERR, NO_COST)] * 3),
    "taken, one refused": Case(
        Taken("x", cost=200, exceptions={1: RecipientResult(R, status=22, err=7)}),
        BatchState.TAKEN,
        [(T, NO_STATUS, NO_ERR, 100), (R, 22, 7, 0), (T, NO_STATUS, NO_ERR, 100)],
        200,
    ),
    "taken, prices told": Case(
        Taken("x", cost=60, exceptions={n: RecipientResult(T, cost=(n + 1) * 10) for n in range(3)}),
        BatchState.TAKEN,
        [(T, NO_STATUS, NO_ERR, c) for c in (10, 20, 30)],
        60,
    ),
    "taken, some prices told": Case(
        Taken("x", cost=60, exceptions={0: RecipientResult(T, cost=20)}),
        BatchState.TAKEN,
        [(T, NO_STATUS, NO_ERR, 20)] * 3,
        60,
    ),
    "taken, prices that don't add up": Case(
        Taken("x", cost=90, exceptions={n: RecipientResult(T, cost=10) for n in range(3)}),
        BatchState.TAKEN,
        [(T, NO_STATUS, NO_ERR, 30)] * 3,
        90,
    ),
    "taken, prices above the sum": Case(
        Taken("x", cost=3, exceptions={0: RecipientResult(T, cost=20)}),
        BatchState.TAKEN,
        [(T, NO_STATUS, NO_ERR, 1)] * 3,
        3,
    ),
    "refused": Case(Refused(7, "invalid_number", "9"), BatchState.REFUSED, [(R, NO_STATUS, 7, 0)] * 3),
    "in doubt": Case(
        InDoubt("read_timeout"),
        BatchState.IN_DOUBT,
        [(RecipientState.IN_DOUBT, NO_STATUS, NO_ERR, NO_COST)] * 3,
    ),
    "held": Case(
        Hold(77, "unknown_error", "strange"),
        BatchState.HELD,
        [(RecipientState.HELD, NO_STATUS, 77, NO_COST)] * 3,
    ),
    "not sent": Case(
        NotSent("duplicate_request", 62.0, code=9),
        BatchState.QUEUED,
        [(P, NO_STATUS, NO_ERR, NO_COST)] * 3,
        due_ms=62_050,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_outcomes(store: Store, case: Case) -> None:
    campaign, claimed = sending(store)
    assert store.run(outcomes.record(claimed, case.outcome, now=SECONDS, now_ms=NOW)).result == "moved"
    view = view_of(store, claimed.batch)
    assert view.state is case.batch
    assert [(row.state, row.status, row.err, row.cost) for row in view.rows] == case.rows
    whole = store.run(campaigns.read(campaign))
    assert whole is not None
    assert whole.cost == case.cost
    assert whole.difference == 0
    for state in RecipientState:
        assert whole.counts[state] == sum(row[0] == state for row in case.rows)
    due = store.run(take_due(now_ms=NOW + (case.due_ms or 10**9)))
    expected = {BatchState.QUEUED: [("send", claimed.batch)], BatchState.IN_DOUBT: [("reconcile", "default")]}
    assert [(entry.kind, entry.id) for entry in due] == expected.get(case.batch, [])
    if case.due_ms:
        assert store.run(take_due(now_ms=NOW + case.due_ms - 1)) == []
    assert (store.ledger.zscore(IN_DOUBT, claimed.batch) is not None) == (case.batch is BatchState.IN_DOUBT)
    assert (store.ledger.zscore(HELD, claimed.batch) is not None) == (case.batch is BatchState.HELD)
    total = store.run(read_hash(TOTALS)).get("smsq_cost_roubles_total|account=default", 0)
    assert total == case.cost


def deliver(store: Store, batch: str, rows: list[Row], rev: int) -> None:
    """What a delivery report's arrival does: new results under a new rev, beside any claim."""
    store.ledger.hset("{smsq}:b:" + batch, mapping={"results": pack_rows(rows), "rev": rev})


def test_a_report_that_comes_before_the_answer_is_kept(store: Store) -> None:
    _, claimed = sending(store)
    delivered = Row(RecipientState.DELIVERED, 1, 0, NO_COST, SECONDS + 5)
    deliver(store, claimed.batch, [delivered, Row(), Row()], claimed.rev + 1)
    outcome = Taken("x", cost=300)
    moved = store.run(outcomes.record(claimed, outcome, now=SECONDS, now_ms=NOW))
    assert moved.result == "stale"
    fresh = outcomes.refreshed(claimed, moved)
    assert store.run(outcomes.record(fresh, outcome, now=SECONDS, now_ms=NOW)).result == "moved"
    rows = view_of(store, claimed.batch).rows
    assert [row.state for row in rows] == [RecipientState.DELIVERED, T, T]
    assert [row.cost for row in rows] == [100, 100, 100]
    assert rows[0].changed_at == SECONDS + 5


def test_states_never_move_backwards() -> None:
    final = [RecipientState.DELIVERED, RecipientState.READ, RecipientState.FAILED, RecipientState.EXPIRED]
    for state in final:
        for earlier in (P, T, RecipientState.IN_DOUBT, RecipientState.HELD):
            assert not may_follow(state, earlier)
            assert may_follow(earlier, state)
    assert may_follow(RecipientState.FAILED, RecipientState.DELIVERED)
    assert not may_follow(RecipientState.DELIVERED, RecipientState.FAILED)
    assert may_follow(RecipientState.IN_DOUBT, P)
    for end in (R, RecipientState.CANCELLED, RecipientState.REJECTED):
        assert not any(may_follow(end, state) for state in RecipientState)


def test_a_claim_repeated_after_a_lost_reply_is_the_same_claim(store: Store) -> None:
    _, batch = one_batch(store)
    call = batches.claim(batch, lease_ms=LEASE, now_ms=NOW)
    first, again = store.run(call), store.run(call)
    assert first == again
    assert isinstance(first, Claim)
    assert store.run(outcomes.intend(first, "x", lease_ms=LEASE, now_ms=NOW)).result == "moved"
