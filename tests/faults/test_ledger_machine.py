"""Random interleavings of everything that anybody may do to the ledger, also late, also twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from producers.ledger.store import Store
from producers.states import CampaignState, RecipientState
from tests.faults.ledger_play import FATES, Play

T = TypeVar("T")

anything = st.integers(0, 119)
REPORTED = (RecipientState.TAKEN, RecipientState.DELIVERED, RecipientState.FAILED)


def chosen(items: Sequence[T], pick: int) -> T:
    """Choose the last item for 0: that is the newest, with which most can be done."""
    return items[-1 - pick % len(items)]


class Ledger(RuleBasedStateMachine):
    """Few rules with many faces, so that each kind of thing happens about as often as every other."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.play = Play(self.store)

    @initialize(sizes=st.lists(st.integers(2, 3), min_size=1, max_size=2))
    def first_campaign(self, sizes: list[int]) -> None:
        self.play.create()
        for size in sizes:
            self.play.plan("c0", size)
        self.play.start("c0")
        self.play.feed("c0")

    @rule(what=st.sampled_from(["message", "create", "plan", "start"]), pick=anything, size=st.integers(1, 3))
    def produce(self, what: str, pick: int, size: int) -> None:
        play = self.play
        campaign = chosen(play.campaigns, pick)
        if what == "message" and len(play.owners) < 4:
            play.message(size)
        elif what == "create" and len(play.campaigns) < 2:
            play.create()
        elif what == "plan" and len(play.batches) < 7:
            play.plan(campaign, size)
        elif what == "start":
            play.start(campaign)

    @rule(what=st.sampled_from(["pause", "resume", "resume", "cancel", "begin", "go on"]), pick=anything)
    def steer(self, what: str, pick: int) -> None:
        """Whoever cancels may die between two stretches, and come again."""
        campaign = chosen(self.play.campaigns, pick)
        to = {"pause": CampaignState.PAUSED, "resume": CampaignState.RUNNING}
        if what != "go on":
            self.play.change(campaign, to.get(what, CampaignState.CANCELLED))
        if what == "cancel":
            self.play.cancel_batches(campaign, 0, 100)
        elif what == "go on":
            self.play.cancel_batches(campaign, pick % 3, 1)

    @rule(
        milliseconds=st.sampled_from([0, 1_000, 20_001, 60_001, 200_000]), feeds=st.booleans(), pick=anything
    )
    def later(self, milliseconds: int, feeds: bool, pick: int) -> None:
        self.play.now += milliseconds
        for due in self.play.take_due():
            if due.kind == "feed":
                self.play.feed(due.id)
        if feeds:
            self.play.feed(chosen(self.play.campaigns, pick))

    @precondition(lambda self: self.play.batches)
    @rule(pick=anything, fate=st.sampled_from(FATES), stages=st.sampled_from([4, 4, 4, 3, 2, 1]))
    def work(self, pick: int, fate: str, stages: int) -> None:
        """A worker goes straight on, and maybe stops somewhere: for a while, or for ever."""
        work = self.play.claim(chosen(self.play.batches, pick))
        if work is None:
            return
        if stages > 1:
            self.play.intend(work)
        if stages > 2:
            self.play.send(work, fate)
        if stages > 3:
            self.play.record(work)

    @precondition(lambda self: self.play.works)
    @rule(
        what=st.sampled_from(["intend", "send", "record", "renew", "give back"]),
        pick=anything,
        fate=st.sampled_from(FATES),
    )
    def wake(self, what: str, pick: int, fate: str) -> None:
        """A worker goes on with what it had in hand, however late, or does it once more."""
        work = chosen(self.play.works, pick)
        if what == "intend":
            self.play.intend(work)
        elif what == "send":
            self.play.send(work, fate)
        elif what == "record":
            self.play.record(work)
        elif what == "renew":
            self.play.renew(work)
        else:
            self.play.give_back(work, float(pick))

    @rule(rounds=st.sampled_from([2, 1]), at_once=st.sampled_from([100, 2]))
    def look_up(self, rounds: int, at_once: int) -> None:
        for _ in range(rounds):
            self.play.now += 60_001
            for doubt in self.play.take_doubts(at_once):
                self.play.settle(doubt)

    @rule(what=st.sampled_from(["take", "settle", "postpone", "looked"]), pick=anything)
    def look_up_slowly(self, what: str, pick: int) -> None:
        looks = self.play.looks
        if what == "take" or not looks:
            looks += self.play.take_doubts(1 + pick % 5)
        elif what == "settle":
            self.play.settle(chosen(looks, pick))
        else:
            self.play.postpone(chosen(looks, pick), looked=what == "looked")

    @precondition(lambda self: self.play.batches)
    @rule(what=st.sampled_from(["report", "decide", "audit"]), pick=anything, state=st.sampled_from(REPORTED))
    def look_at(self, what: str, pick: int, state: RecipientState) -> None:
        batch = chosen(self.play.batches, pick)
        if what == "report":
            self.play.report(self.play.view(batch), state)
        elif what == "decide":
            self.play.decide(batch)
        else:
            self.play.audit(chosen(self.play.campaigns, pick))

    @invariant()
    def everything_is_in_order(self) -> None:
        self.play.watcher.look(self.play.owners)

    def teardown(self) -> None:
        """Whatever happened: with healthy workers everything comes to its end by the timer alone."""
        self.play.finish()
        self.play.watcher.look(self.play.owners)


def test_no_interleaving_loses_doubles_or_strands_a_recipient(store: Store) -> None:
    Ledger.store = store
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=100,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
