from __future__ import annotations

import pytest

from producers.contract import JOB_VERSION, Taken
from producers.ledger import batches, campaigns, outcomes
from producers.ledger.batches import Claim, NoClaim
from producers.ledger.keys import GAUGES
from producers.ledger.store import Store
from producers.ledger.timer import PUT_BACK_MS, take_due
from producers.ledger.totals import read_hash
from producers.states import BatchState, CampaignState, Lane, RecipientState
from tests.producers.ledger.ledger_cases import JOB, LEASE, NOW, claim, make_campaign, phones_of

ENCODED = campaigns.encode_job(JOB)


def plan(store: Store, campaign: str, number: int, phones: list[int]) -> str:
    return store.run(campaigns.plan(campaign, number, ENCODED, Lane.BULK, phones, None, [1] * len(phones)))


def read(store: Store, campaign: str) -> campaigns.CampaignView:
    view = store.run(campaigns.read(campaign))
    assert view is not None
    return view


class TestPlanning:
    def test_the_same_name_finds_the_same_campaign(self, store: Store) -> None:
        first = store.run(campaigns.create("c1", "spring", "d", Lane.BULK, fields={}))
        again = store.run(campaigns.create("c2", "spring", "d", Lane.BULK, fields={}))
        other = store.run(campaigns.create("c3", "spring", "other", Lane.BULK, fields={}))
        assert (first, again, other) == (("c1", "created"), ("c1", "same"), ("c1", "differs"))
        assert store.run(campaigns.recent()) == ["c1"]

    def test_a_batch_is_added_once_and_only_next_in_order(self, store: Store) -> None:
        store.run(campaigns.create("c1", "spring", "d", Lane.BULK, fields={}))
        assert plan(store, "c1", 1, phones_of(1)) == "gap"
        assert plan(store, "c1", 0, phones_of(0)) == "added"
        assert plan(store, "c1", 0, phones_of(0)) == "same"
        assert plan(store, "c1", 0, phones_of(5)) == "differs"
        assert plan(store, "gone", 0, phones_of(0)) == "gone"
        view = read(store, "c1")
        assert (view.total, view.counts[RecipientState.PENDING], view.segments, view.batches) == (3, 3, 3, 1)
        assert view.state is CampaignState.PLANNED
        assert view.difference == 0

    def test_a_personal_text_is_part_of_what_is_compared(self, store: Store) -> None:
        store.run(campaigns.create("c1", "spring", "d", Lane.BULK, fields={}))
        results = [
            store.run(campaigns.plan("c1", 0, ENCODED, Lane.BULK, [79990000001], [text], [1]))
            for text in ("Анна, привет", "Анна, привет", "Анна, пока")
        ]
        assert results == ["added", "same", "differs"]

    def test_after_the_start_nothing_can_be_added(self, store: Store) -> None:
        campaign = make_campaign(store, count=2)
        assert plan(store, campaign, 1, phones_of(1)) == "same"
        assert plan(store, campaign, 2, phones_of(2)) == "closed"

    def test_starting_is_done_once_and_compares_the_number_of_batches(self, store: Store) -> None:
        campaign = make_campaign(store, count=2)

        def start(count: int) -> str:
            return store.run(campaigns.start(campaign, batches=count, rejected=5, duplicates=1))

        assert start(2) == "same"
        assert start(1) == "differs"
        assert read(store, campaign).total == 6

    def test_rejected_rows_are_part_of_the_total(self, store: Store) -> None:
        store.run(campaigns.create("c1", "spring", "d", Lane.BULK, fields={}))
        plan(store, "c1", 0, phones_of(0))
        store.run(campaigns.start("c1", batches=1, rejected=4, duplicates=2))
        view = read(store, "c1")
        assert (view.total, view.counts[RecipientState.REJECTED], view.duplicates) == (7, 4, 2)
        assert view.difference == 0


class TestFeeding:
    def test_only_a_window_of_batches_is_open(self, store: Store) -> None:
        campaign = make_campaign(store, count=5)
        fed = store.run(campaigns.feed(campaign, window=2, now_ms=NOW))
        assert fed.batches == (f"{campaign}.0", f"{campaign}.1")
        assert store.run(campaigns.feed(campaign, window=2, now_ms=NOW)).batches == ()
        claimed = claim(store, f"{campaign}.0")
        store.run(outcomes.intend(claimed, "id", lease_ms=LEASE, now_ms=NOW))
        store.run(outcomes.record(claimed, Taken("id", cost=30_000), now=1, now_ms=NOW))
        assert store.run(campaigns.feed(campaign, window=2, now_ms=NOW)).batches == (f"{campaign}.2",)
        gauges = store.run(read_hash(GAUGES))
        assert {name: value for name, value in gauges.items() if value} == {
            "planned": 2,
            "queued": 2,
            "taken": 1,
        }

    def test_a_start_in_the_future_waits_for_its_time(self, store: Store) -> None:
        store.run(campaigns.create("c1", "later", "d", Lane.BULK, fields={}))
        plan(store, "c1", 0, phones_of(0))
        store.run(campaigns.start("c1", batches=1, rejected=0, duplicates=0, at_ms=NOW + 5_000, now_ms=NOW))
        assert store.run(campaigns.feed("c1", now_ms=NOW)).batches == ()
        assert store.run(take_due(now_ms=NOW + 4_999)) == []
        [due] = store.run(take_due(now_ms=NOW + 5_000))
        assert (due.kind, due.id) == ("feed", "c1")
        assert store.run(campaigns.feed("c1", now_ms=NOW + 5_000)).batches == ("c1.0",)
        assert read(store, "c1").state is CampaignState.RUNNING

    def test_an_unstarted_campaign_is_never_fed(self, store: Store) -> None:
        store.run(campaigns.create("c1", "half", "d", Lane.BULK, fields={}))
        plan(store, "c1", 0, phones_of(0))
        assert store.run(campaigns.feed("c1", now_ms=NOW)).batches == ()
        assert store.run(take_due(now_ms=NOW + 10**9)) == []


class TestTimer:
    def test_a_lost_wake_up_is_repeated(self, store: Store) -> None:
        campaign = make_campaign(store, count=1)
        store.run(campaigns.feed(campaign, now_ms=NOW))
        wait = campaigns.REWAKE_MS[Lane.BULK]
        assert store.run(take_due(now_ms=NOW + wait - 1)) == []
        [due] = store.run(take_due(now_ms=NOW + wait))
        assert (due.kind, due.id, due.lane, due.overdue_ms) == ("send", f"{campaign}.0", "bulk", 0)

    def test_an_entry_comes_back_when_its_taker_died(self, store: Store) -> None:
        campaign = make_campaign(store, count=1)
        store.run(campaigns.feed(campaign, now_ms=NOW))
        later = NOW + 20_000
        assert len(store.run(take_due(now_ms=later))) == 1
        assert store.run(take_due(now_ms=later)) == []
        assert len(store.run(take_due(now_ms=later + PUT_BACK_MS))) == 1

    def test_an_entry_without_a_batch_is_dropped(self, store: Store) -> None:
        campaign = make_campaign(store, count=1)
        store.run(campaigns.feed(campaign, now_ms=NOW))
        store.ledger.delete("{smsq}:b:" + f"{campaign}.0")
        assert store.run(take_due(now_ms=NOW + 10**6)) == []
        assert store.ledger.zcard("{smsq}:timer") == 0


class TestPauseAndCancel:
    def test_a_paused_campaign_is_neither_fed_nor_claimed_and_goes_on(self, store: Store) -> None:
        campaign = make_campaign(store, count=4)
        store.run(campaigns.feed(campaign, window=2, now_ms=NOW))
        assert store.run(campaigns.change(campaign, CampaignState.PAUSED, now_ms=NOW)) == ("done", "paused")
        assert store.run(campaigns.feed(campaign, now_ms=NOW)).batches == ()
        refused = store.run(batches.claim(f"{campaign}.0", lease_ms=LEASE, now_ms=NOW))
        assert refused == NoClaim("paused")
        assert store.run(campaigns.change(campaign, CampaignState.RUNNING, now_ms=NOW)) == ("done", "running")
        due = {entry.id for entry in store.run(take_due(now_ms=NOW))}
        # The claim took the first one off the timer; resuming put it back.
        assert due == {campaign, f"{campaign}.0"}
        claim(store, f"{campaign}.0")
        claim(store, f"{campaign}.1")

    def test_a_batch_claimed_before_the_pause_doesn_t_go_out(self, store: Store) -> None:
        campaign = make_campaign(store, count=1)
        store.run(campaigns.feed(campaign, now_ms=NOW))
        claimed = claim(store, f"{campaign}.0")
        store.run(campaigns.change(campaign, CampaignState.PAUSED, now_ms=NOW))
        moved = store.run(outcomes.intend(claimed, "id", lease_ms=LEASE, now_ms=NOW))
        assert (moved.result, moved.state) == ("stopped", "paused")

    def test_cancelling_gives_up_what_was_not_sent(self, store: Store) -> None:
        campaign = make_campaign(store, count=4)
        store.run(campaigns.feed(campaign, window=2, now_ms=NOW))
        claimed = claim(store, f"{campaign}.0")
        store.run(outcomes.intend(claimed, "id", lease_ms=LEASE, now_ms=NOW))
        store.run(campaigns.change(campaign, CampaignState.CANCELLED, now_ms=NOW))
        assert store.run(campaigns.cancel_batches(campaign, 0, 10, now=1)) == (4, 1)
        store.run(outcomes.record(claimed, Taken("id"), now=1, now_ms=NOW))
        view = read(store, campaign)
        assert view.counts[RecipientState.CANCELLED] == 9
        assert view.counts[RecipientState.TAKEN] == 3
        assert view.difference == 0
        assert store.ledger.zcard("{smsq}:timer") == 0

    def test_a_claimed_batch_of_a_cancelled_campaign_is_cancelled_by_its_owner(self, store: Store) -> None:
        campaign = make_campaign(store, count=1)
        store.run(campaigns.feed(campaign, now_ms=NOW))
        claimed = claim(store, f"{campaign}.0")
        store.run(campaigns.change(campaign, CampaignState.CANCELLED, now_ms=NOW))
        store.run(campaigns.cancel_batches(campaign, 0, 10, now=1))
        moved = store.run(outcomes.intend(claimed, "id", lease_ms=LEASE, now_ms=NOW))
        assert (moved.result, moved.state) == ("stopped", "cancelled")
        assert store.run(outcomes.cancel(claimed, now=1, now_ms=NOW)).result == "moved"
        view = read(store, campaign)
        assert (view.counts[RecipientState.CANCELLED], view.counts[RecipientState.PENDING]) == (3, 0)

    @pytest.mark.parametrize("state", [CampaignState.PAUSED, CampaignState.RUNNING])
    def test_a_cancelled_campaign_stays_cancelled(self, store: Store, state: CampaignState) -> None:
        campaign = make_campaign(store, count=1)
        store.run(campaigns.change(campaign, CampaignState.CANCELLED, now_ms=NOW))
        assert store.run(campaigns.change(campaign, state, now_ms=NOW)) == ("refused", "cancelled")

    def test_planning_may_go_on_while_paused(self, store: Store) -> None:
        store.run(campaigns.create("c1", "spring", "d", Lane.BULK, fields={}))
        plan(store, "c1", 0, phones_of(0))
        store.run(campaigns.change("c1", CampaignState.PAUSED))
        assert plan(store, "c1", 1, phones_of(1)) == "added"
        assert store.run(campaigns.start("c1", batches=2, rejected=0, duplicates=0)) == "started"
        assert store.run(campaigns.feed("c1")).batches == ()
        assert store.run(campaigns.change("c1", CampaignState.RUNNING)) == ("done", "running")
        assert store.run(campaigns.feed("c1")).batches == ("c1.0", "c1.1")


def test_a_claim_of_a_newer_job_is_parked_with_a_reason(store: Store) -> None:
    campaign = make_campaign(store, count=1)
    store.run(campaigns.feed(campaign, now_ms=NOW))
    batch = f"{campaign}.0"
    store.ledger.hset("{smsq}:b:" + batch, "version", JOB_VERSION + 1)
    assert store.run(batches.claim(batch, lease_ms=LEASE, now_ms=NOW)) == NoClaim("newer")
    view = store.run(batches.read(batch))
    assert view is not None
    assert (view.state, view.reason) == (BatchState.QUEUED, "newer_job_version")
    # A newer worker finds it a minute later.
    assert store.run(take_due(now_ms=NOW + batches.PARK_MS - 1)) == []
    assert [due.id for due in store.run(take_due(now_ms=NOW + batches.PARK_MS))] == [batch]
    newer = store.run(batches.claim(batch, lease_ms=LEASE, version=JOB_VERSION + 1, now_ms=NOW))
    assert isinstance(newer, Claim)
