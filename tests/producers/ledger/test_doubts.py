"""Batches in doubt: who may look them up, and what each answer changes."""

from __future__ import annotations

from producers.contract import InDoubt, RecipientResult, StatusResult, Taken
from producers.ledger import batches, campaigns, doubts, outcomes
from producers.ledger.batches import Claim, NoClaim
from producers.ledger.doubts import Doubt
from producers.ledger.keys import IN_DOUBT, TIMER
from producers.ledger.store import Store
from producers.ledger.timer import take_due
from producers.states import BatchState, RecipientState
from tests.producers.ledger.ledger_cases import LEASE, NOW, claim, make_campaign

SECONDS = 1_800_000_000
GRACE_MS = 60_000
LATER = NOW + GRACE_MS
T, D, P = RecipientState.TAKEN, RecipientState.IN_DOUBT, RecipientState.PENDING


def in_doubt(store: Store, *, count: int = 1) -> list[Claim]:
    """Batches whose request got no answer."""
    campaign = make_campaign(store, count=count)
    store.run(campaigns.feed(campaign, now_ms=NOW))
    found = []
    for number in range(count):
        claimed = claim(store, f"{campaign}.{number}")
        store.run(outcomes.intend(claimed, f"{claimed.batch}.1", lease_ms=LEASE, now_ms=NOW))
        moved = store.run(
            outcomes.record(claimed, InDoubt("read_timeout"), now=SECONDS, grace=60, now_ms=NOW)
        )
        assert moved.result == "moved"
        found.append(claimed)
    return found


def take(store: Store, now: int, *, recipients: int = 100) -> list[Doubt]:
    return store.run(doubts.take("default", recipients=recipients, lease_ms=LEASE, now_ms=now))


def known(phone: int, *, cost: int = 100, status: int = 0, state: RecipientState = T) -> StatusResult:
    return StatusResult(phone, True, RecipientResult(state, status=status, cost=cost), changed_at=SECONDS + 9)


def unknown(phone: int) -> StatusResult:
    return StatusResult(phone, False, RecipientResult(T, status=-3))


def settle(store: Store, doubt: Doubt, answers: list[StatusResult], now: int) -> str:
    return store.run(doubts.settle(doubt, answers, now=SECONDS + 60, pause=60, now_ms=now)).result


def states(store: Store, batch: str) -> list[RecipientState]:
    view = store.run(batches.read(batch))
    assert view is not None
    return [RecipientState(row.state) for row in view.rows]


def test_they_are_due_after_the_grace_time_and_never_claimed_for_sending(store: Store) -> None:
    [claimed] = in_doubt(store)
    assert store.run(batches.claim(claimed.batch, lease_ms=LEASE, now_ms=LATER)) == NoClaim("idle")
    assert store.run(take_due(now_ms=LATER - 1)) == []
    assert take(store, LATER - 101) == []
    [due] = store.run(take_due(now_ms=LATER))
    assert (due.kind, due.id, due.lane) == ("reconcile", "default", "status")
    [doubt] = take(store, LATER)
    assert doubt.queries == [(f"{claimed.batch}.1", phone) for phone in claimed.phones]
    assert take(store, LATER) == []
    assert [again.claim.token for again in take(store, LATER + LEASE)] == [doubt.claim.token + 1]


def test_many_batches_fit_one_request_up_to_its_size(store: Store) -> None:
    in_doubt(store, count=5)
    assert len(take(store, LATER, recipients=7)) == 2
    assert len(take(store, LATER, recipients=1)) == 1
    assert len(take(store, LATER)) == 2


def test_found_means_taken_with_the_price_of_the_record(store: Store) -> None:
    [claimed] = in_doubt(store)
    [doubt] = take(store, LATER)
    answers = [known(claimed.phones[0]), known(claimed.phones[1], status=1, state=RecipientState.DELIVERED),
               known(claimed.phones[2], cost=50)]  # fmt: skip
    assert settle(store, doubt, answers, LATER) == "moved"
    view = store.run(batches.read(claimed.batch))
    assert view is not None
    assert (view.state, view.reason) == (BatchState.TAKEN, "")
    assert [row.cost for row in view.rows] == [100, 100, 50]
    assert [view.id_of(row) for row in view.rows] == [f"{claimed.batch}.1"] * 3
    campaign = store.run(campaigns.read(claimed.campaign))
    assert campaign is not None
    assert (campaign.cost, campaign.difference) == (250, 0)
    assert (campaign.counts[T], campaign.counts[RecipientState.DELIVERED], campaign.counts[D]) == (2, 1, 0)
    assert store.ledger.zcard(IN_DOUBT) == 0
    take(store, LATER)
    assert store.ledger.zcard(TIMER) == 0


def test_unknown_twice_with_a_pause_is_sent_again_under_a_fresh_id(store: Store) -> None:
    [claimed] = in_doubt(store)
    nobody = [unknown(phone) for phone in claimed.phones]
    [doubt] = take(store, LATER)
    assert settle(store, doubt, nobody, LATER) == "moved"
    assert states(store, claimed.batch) == [D, D, D]
    assert take(store, LATER + 59_999) == []
    [doubt] = take(store, LATER + 60_000)
    assert doubt.unknown == 1
    assert settle(store, doubt, nobody, LATER + 60_000) == "moved"
    assert states(store, claimed.batch) == [P, P, P]
    again = claim(store, claimed.batch, now=LATER + 60_000)
    assert (again.attempt, again.doubted) == (1, f"{claimed.batch}.1")
    assert again.asked == (0, 1, 2)


def test_a_partly_found_batch_sends_again_only_who_is_unknown(store: Store) -> None:
    [claimed] = in_doubt(store)
    first, second, third = claimed.phones
    now = LATER
    [doubt] = take(store, now)
    assert settle(store, doubt, [known(first), unknown(second), known(third)], now) == "moved"
    assert states(store, claimed.batch) == [T, D, T]
    now += 60_000
    [doubt] = take(store, now)
    assert doubt.queries == [(f"{claimed.batch}.1", second)]
    settle(store, doubt, [unknown(second)], now)
    again = claim(store, claimed.batch, now=now)
    assert again.pick(again.phones) == (second,)
    fresh = f"{claimed.batch}.2"
    store.run(outcomes.intend(again, fresh, lease_ms=LEASE, now_ms=now))
    assert (
        store.run(outcomes.record(again, Taken(fresh, cost=100), now=SECONDS, now_ms=now)).result == "moved"
    )
    view = store.run(batches.read(claimed.batch))
    assert view is not None
    assert [view.id_of(row) for row in view.rows] == [f"{claimed.batch}.1", fresh, f"{claimed.batch}.1"]
    assert [row.cost for row in view.rows] == [100, 100, 100]
    campaign = store.run(campaigns.read(claimed.campaign))
    assert campaign is not None
    assert (campaign.counts[T], campaign.cost, campaign.difference) == (3, 300, 0)


def test_one_sighting_between_two_misses_is_enough(store: Store) -> None:
    """The request was slow: it arrived after the first look-up."""
    [claimed] = in_doubt(store)
    [doubt] = take(store, LATER)
    settle(store, doubt, [unknown(phone) for phone in claimed.phones], LATER)
    [doubt] = take(store, LATER + 60_000)
    settle(store, doubt, [known(phone) for phone in claimed.phones], LATER + 60_000)
    assert states(store, claimed.batch) == [T, T, T]


def test_filed_but_not_sent_for_want_of_money_counts_as_not_sent(store: Store) -> None:
    [claimed] = in_doubt(store)
    broke = [known(phone, status=24, state=RecipientState.FAILED) for phone in claimed.phones]
    for now in (LATER, LATER + 60_000):
        [doubt] = take(store, now)
        settle(store, doubt, broke, now)
    assert states(store, claimed.batch) == [P, P, P]


def test_what_can_t_be_told_stays_in_doubt_with_a_reason(store: Store) -> None:
    [claimed] = in_doubt(store)
    [doubt] = take(store, LATER)
    moved = store.run(doubts.postpone(doubt, "look_up_failed_bad_reply", 120, looked=True, now_ms=LATER))
    assert moved.result == "moved"
    view = store.run(batches.read(claimed.batch))
    assert view is not None
    assert (view.state, view.reason) == (BatchState.IN_DOUBT, "look_up_failed_bad_reply")
    assert states(store, claimed.batch) == [D, D, D]
    assert take(store, LATER + 119_999) == []
    [doubt] = take(store, LATER + 120_000)
    assert (doubt.looks, doubt.unknown) == (1, 0)


def test_a_zombie_s_look_up_changes_nothing(store: Store) -> None:
    [claimed] = in_doubt(store)
    [zombie] = take(store, LATER)
    [owner] = take(store, LATER + LEASE)
    nobody = [unknown(phone) for phone in claimed.phones]
    assert settle(store, zombie, nobody, LATER + LEASE) == "fenced"
    assert settle(store, owner, [known(phone) for phone in claimed.phones], LATER + LEASE) == "moved"


def test_a_duplicate_after_doubt_is_looked_up_under_the_first_id(store: Store) -> None:
    [claimed] = in_doubt(store)
    for now in (LATER, LATER + 60_000):
        [doubt] = take(store, now)
        settle(store, doubt, [unknown(phone) for phone in claimed.phones], now)
    now = LATER + 60_000
    again = claim(store, claimed.batch, now=now)
    store.run(outcomes.intend(again, f"{claimed.batch}.2", lease_ms=LEASE, now_ms=now))
    evidence = InDoubt("duplicate_after_doubt", provider_id=again.doubted)
    store.run(outcomes.record(again, evidence, now=SECONDS, grace=60, now_ms=now))
    [doubt] = take(store, now + 60_000)
    assert {message for message, _ in doubt.queries} == {f"{claimed.batch}.1"}
    settle(store, doubt, [known(phone) for phone in claimed.phones], now + 60_000)
    view = store.run(batches.read(claimed.batch))
    assert view is not None
    assert {view.id_of(row) for row in view.rows} == {f"{claimed.batch}.1"}
    assert view.state is BatchState.TAKEN
