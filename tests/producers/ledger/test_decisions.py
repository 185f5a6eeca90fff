"""What a person decides, and the audit."""

from __future__ import annotations

import pytest

from producers import NotFound, UsageError, flows
from producers.contract import Hold, InDoubt, SendOutcome
from producers.ledger import batches, campaigns, doubts, messages, outcomes
from producers.ledger.audit import audit
from producers.ledger.keys import HELD, TIMER
from producers.ledger.keys import doubts as doubts_key
from producers.ledger.store import Store
from producers.ledger.timer import take_due
from producers.states import BatchState, RecipientState
from tests.producers.ledger.ledger_cases import JOB, LEASE, NOW, claim, make_campaign

HOLD = Hold(77, "unknown_error", "strange words")


def undecided(store: Store, outcome: SendOutcome, *, name: str = "spring") -> str:
    campaign = make_campaign(store, count=1, name=name)
    store.run(campaigns.feed(campaign, now_ms=NOW))
    claimed = claim(store, f"{campaign}.0")
    store.run(outcomes.intend(claimed, f"{claimed.batch}.1", lease_ms=LEASE, now_ms=NOW))
    store.run(outcomes.record(claimed, outcome, now=1, now_ms=NOW))
    return claimed.batch


def counts(store: Store, batch: str) -> dict[RecipientState, int]:
    view = store.run(campaigns.read(batch.rpartition(".")[0]))
    assert view is not None
    assert view.difference == 0
    return {state: count for state, count in view.counts.items() if count}


class TestDecisions:
    def test_the_list_is_oldest_first_with_the_reasons(self, store: Store) -> None:
        held, doubted = undecided(store, HOLD), undecided(store, InDoubt("read_timeout"), name="autumn")
        store.ledger.zadd(HELD, {held: NOW + 5})
        found = store.drive(flows.list_undecided())
        assert [(view.batch, view.reason, since) for view, since in found] == [
            (doubted, "read_timeout", NOW),
            (held, "unknown_error", NOW + 5),
        ]

    @pytest.mark.parametrize("outcome", [HOLD, InDoubt("read_timeout")], ids=["held", "in doubt"])
    def test_taken_is_final(self, store: Store, outcome: SendOutcome) -> None:
        batch = undecided(store, outcome)
        assert store.drive(flows.decide(batch, taken=True)) == 3
        assert counts(store, batch) == {RecipientState.TAKEN: 3}
        assert store.drive(flows.list_undecided()) == []
        assert store.ledger.zcard(TIMER) <= 1
        view = store.run(batches.read(batch))
        assert view is not None
        assert {view.id_of(row) for row in view.rows} == {f"{batch}.1"}

    @pytest.mark.parametrize("outcome", [HOLD, InDoubt("read_timeout")], ids=["held", "in doubt"])
    def test_not_sent_goes_out_again_under_a_fresh_attempt(self, store: Store, outcome: SendOutcome) -> None:
        batch = undecided(store, outcome)
        assert store.drive(flows.decide(batch, taken=False)) == 3
        assert counts(store, batch) == {RecipientState.PENDING: 3}
        assert batch in {due.id for due in store.run(take_due())} | {
            due.id for due in store.run(take_due(now_ms=NOW + 10**9))
        }
        assert claim(store, batch).attempt == 1

    def test_a_look_up_under_way_can_t_undo_it(self, store: Store) -> None:
        batch = undecided(store, InDoubt("read_timeout"))
        [doubt] = store.run(doubts.take("default", recipients=10, lease_ms=LEASE, now_ms=NOW + 60_000))
        store.drive(flows.decide(batch, taken=True))
        late = doubts.postpone(doubt, "late", 1, looked=True, now_ms=NOW + 60_001)
        assert store.run(late).result == "fenced"
        assert counts(store, batch) == {RecipientState.TAKEN: 3}

    def test_nothing_else_can_be_decided(self, store: Store) -> None:
        campaign = make_campaign(store, count=1)
        with pytest.raises(UsageError, match="planned"):
            store.drive(flows.decide(f"{campaign}.0", taken=True))
        with pytest.raises(NotFound):
            store.drive(flows.decide("nobody.0", taken=True))


class TestAudit:
    def test_a_sound_ledger_is_left_as_it_is(self, store: Store) -> None:
        undecided(store, HOLD)
        campaign = make_campaign(store, count=5, name="running")
        store.run(campaigns.feed(campaign, window=2, now_ms=NOW))
        claim(store, f"{campaign}.0")
        before = store.ledger.zrange(TIMER, 0, -1, withscores=True)
        found = store.drive(flows.audit_all())
        assert len(found) == 2
        assert all(item.sound and not item.repaired for item in found)
        assert store.ledger.zrange(TIMER, 0, -1, withscores=True) == before

    def test_what_nothing_would_wake_is_put_back(self, store: Store) -> None:
        doubted = undecided(store, InDoubt("read_timeout"), name="doubt")
        campaign = make_campaign(store, count=5, name="running")
        store.run(campaigns.feed(campaign, window=3, now_ms=NOW))
        claim(store, f"{campaign}.0")
        message, _ = store.run(
            messages.write("m1", JOB, [[79990000001], [79990000002]], 1, digest="d", now_ms=NOW)
        )
        store.ledger.delete(TIMER, doubts_key("default"))
        repaired = {name for item in store.drive(flows.audit_all()) for name in item.repaired}
        assert repaired == {
            doubted,
            campaign,
            *(f"{campaign}.{n}" for n in range(3)),
            f"{message}.0",
            f"{message}.1",
        }
        due = {(entry.kind, entry.id) for entry in store.run(take_due(now_ms=2 * NOW))}
        assert due == {
            ("reconcile", "default"),
            ("feed", campaign),
            *(("send", f"{campaign}.{n}") for n in range(3)),
            ("send", f"{message}.0"),
            ("send", f"{message}.1"),
        }
        assert not any(item.repaired for item in store.drive(flows.audit_all()))

    def test_a_paused_campaign_s_batches_need_no_entry(self, store: Store) -> None:
        from producers.states import CampaignState

        campaign = make_campaign(store, count=2)
        store.run(campaigns.feed(campaign, now_ms=NOW))
        store.run(campaigns.change(campaign, CampaignState.PAUSED, now_ms=NOW))
        store.ledger.delete(TIMER)
        assert not store.run(audit(campaign)).repaired

    def test_wrong_counters_and_missing_batches_are_reported_and_not_touched(self, store: Store) -> None:
        batch = undecided(store, HOLD)
        campaign = make_campaign(store, count=2, name="broken")
        store.ledger.hincrby("{smsq}:c:" + campaign, "n.pending", 5)
        store.ledger.delete("{smsq}:b:" + f"{campaign}.1")
        by_id = {item.id: item for item in store.drive(flows.audit_all())}
        assert by_id[batch.rpartition(".")[0]].sound
        broken = by_id[campaign]
        assert not broken.sound
        assert broken.missing == (f"{campaign}.1",)
        assert broken.differences == (("pending", 11, 3),)
        assert store.ledger.hget("{smsq}:c:" + campaign, "n.pending") == b"11"

    def test_a_partly_taken_batch_is_counted_by_recipient(self, store: Store) -> None:
        from producers.contract import RecipientResult, Taken

        batch = undecided(
            store, Taken("x", exceptions={1: RecipientResult(RecipientState.REFUSED, status=22, err=7)})
        )
        view = store.run(batches.read(batch))
        assert view is not None
        assert view.state is BatchState.TAKEN
        assert store.run(audit(batch.rpartition(".")[0])).sound
