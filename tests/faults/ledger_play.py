"""Everything that producers, workers, a person and an auditor may do to the ledger, one call at a time."""

from __future__ import annotations

from typing import Any

from producers.contract import Hold, InDoubt, NotSent, RecipientResult, Refused, SendJob, Taken
from producers.ledger import audit, batches, campaigns, decisions, doubts, messages, outcomes, reports, timer
from producers.ledger.batches import BatchView, Claim
from producers.ledger.decisions import NotSeized
from producers.ledger.doubts import Doubt
from producers.ledger.store import Store
from producers.states import BatchState, CampaignState, Lane, RecipientState
from tests.faults.ledger_model import ACCOUNT, PRICE, Provider, Watcher, Work

LEASE_MS = 20_000
LOOK_UP_MS = 90_000
START = 1_800_000_000_000
WINDOW = 2
JOB = SendJob(account=ACCOUNT, provider="smsc", text="Привет")
FINAL = frozenset({BatchState.TAKEN, BatchState.REFUSED, BatchState.CANCELLED, BatchState.HELD})

#: What may come of a request. "lost" is taken, "cut" is not, "part" is but for one recipient; all three
#: leave the worker in doubt. "some" is "part" with an answer. Batches that the provider knows in part lead
#: furthest, and are rare elsewhere.
FATES = ("part", "part", "part", "part", "lost", "cut", "taken", "some", "refused", "not_sent", "hold")


class Play:
    """A ledger, a provider, and whatever people and processes have in hand; the clock is ours.

    Args:
        store: The ledger, which is emptied.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        store.ledger.flushdb()
        self.now = START
        self.provider = Provider()
        self.watcher = Watcher(store, self.provider)
        self.owners: dict[str, int] = {}
        self.campaigns: list[str] = []
        self.works: list[Work] = []
        self.looks: list[Doubt] = []
        self._phones = 79_990_000_000

    def run(self, call: Any) -> Any:
        return self.store.run(call)

    @property
    def seconds(self) -> int:
        return self.now // 1000

    @property
    def batches(self) -> list[str]:
        return [f"{owner}.{n}" for owner, count in self.owners.items() for n in range(count)]

    def view(self, batch: str) -> BatchView:
        return self.run(batches.read(batch))

    def fresh_phones(self, count: int) -> list[int]:
        self._phones += count
        return list(range(self._phones - count, self._phones))

    # Producers.

    def create(self) -> None:
        name = f"c{len(self.campaigns)}"
        self.run(campaigns.create(name, name, "digest", Lane.BULK, fields={}, now_ms=self.now))
        self.campaigns.append(name)
        self.owners[name] = 0

    def plan(self, campaign: str, size: int) -> None:
        count, job, phones = self.owners[campaign], campaigns.encode_job(JOB), self.fresh_phones(size)
        result = self.run(campaigns.plan(campaign, count, job, Lane.BULK, phones, None, [1] * size))
        assert result in {"added", "closed"}
        self.owners[campaign] += result == "added"

    def start(self, campaign: str) -> None:
        count = self.owners[campaign]
        if count:
            self.run(campaigns.start(campaign, batches=count, rejected=0, duplicates=0, now_ms=self.now))

    def message(self, size: int) -> None:
        name = f"m{len(self.owners)}"
        phones = self.fresh_phones(size)
        self.run(messages.write(name, JOB, [phones], 1, digest=name, now_ms=self.now))
        self.owners[name] = 1

    def change(self, campaign: str, to: CampaignState) -> None:
        self.run(campaigns.change(campaign, to, now_ms=self.now))

    def cancel_batches(self, campaign: str, first: int, count: int) -> None:
        call = campaigns.cancel_batches(campaign, first, count, now=self.seconds)
        # The one call that can't be told the time: its last argument is.
        call.command = (*call.command[:-1], self.now)
        self.run(call)

    # The timer.

    def take_due(self) -> list[timer.Due]:
        return self.run(timer.take_due(now_ms=self.now))

    def feed(self, campaign: str) -> None:
        self.run(campaigns.feed(campaign, window=WINDOW, now_ms=self.now))

    # A worker.

    def claim(self, batch: str) -> Work | None:
        claim = self.run(batches.claim(batch, lease_ms=LEASE_MS, now_ms=self.now))
        if not isinstance(claim, Claim):
            return None
        work = Work(claim, self.now + LEASE_MS)
        if claim.before is BatchState.SENDING:
            work.outcome = InDoubt("worker_lost")
        self.works.append(work)
        return work

    def intend(self, work: Work) -> None:
        if work.claim.before is BatchState.SENDING:
            return
        provider_id = f"{work.batch}.{work.claim.attempt + 1}"
        moved = self.run(outcomes.intend(work.claim, provider_id, lease_ms=LEASE_MS, now_ms=self.now))
        if moved.result == "moved":
            self.watcher.saw_intent(work.claim)
            work.provider_id, work.until = provider_id, self.now + LEASE_MS
        elif moved.result == "stopped" and moved.state == CampaignState.CANCELLED:
            self.run(outcomes.cancel(work.claim, now=self.seconds, now_ms=self.now))
        elif moved.result == "stopped":
            self.give_back(work, 0.0)

    def give_back(self, work: Work, wait: float) -> None:
        self.run(outcomes.give_back(work.claim, "identical", wait, now_ms=self.now))

    def renew(self, work: Work) -> None:
        if self.run(batches.renew(work.batch, work.claim.token, lease_ms=LEASE_MS, now_ms=self.now)):
            work.until = self.now + LEASE_MS

    def send(self, work: Work, fate: str) -> None:
        if not work.provider_id or work.outcome is not None:
            return
        if self.now >= work.until:
            # The last look before writing: the lease is over.
            work.outcome = NotSent("too_late", wait=1.0)
            return
        phones = list(work.claim.pick(work.claim.phones))
        refused: dict[int, RecipientResult] = {}
        if fate in {"some", "part"} and len(phones) > 1:
            refused = {0: RecipientResult(RecipientState.REFUSED, status=22)}
        if fate in {"taken", "some", "lost", "part"}:
            self.provider.take(work.provider_id, phones[len(refused) :])
        cost = PRICE * (len(phones) - len(refused))
        outcomes_by_fate: dict[str, Any] = {
            "taken": Taken(work.provider_id, cost=cost),
            "some": Taken(work.provider_id, cost=cost, exceptions=refused),
            "refused": Refused(7, "invalid_number"),
            "not_sent": NotSent("no_money", wait=60.0, code=3),
            "hold": Hold(99, "unknown_error"),
        }
        work.outcome = outcomes_by_fate.get(fate, InDoubt("read_timeout"))

    def record(self, work: Work) -> None:
        claim = work.claim
        while work.outcome is not None:
            moved = self.run(outcomes.record(claim, work.outcome, now=self.seconds, now_ms=self.now))
            if moved.result != "stale":
                return
            claim = outcomes.refreshed(claim, moved)

    # Look-ups, reports, a person, the auditor.

    def take_doubts(self, recipients: int) -> list[Doubt]:
        return self.run(doubts.take(ACCOUNT, recipients=recipients, lease_ms=LOOK_UP_MS, now_ms=self.now))

    def settle(self, doubt: Doubt) -> None:
        answers = [self.provider.tell(*query) for query in doubt.queries]
        self.run(doubts.settle(doubt, answers, now=self.seconds, pause=60.0, now_ms=self.now))

    def postpone(self, doubt: Doubt, *, looked: bool) -> None:
        self.run(doubts.postpone(doubt, "look_up_failed", 60.0, looked=looked, now_ms=self.now))

    def report(self, view: BatchView, state: RecipientState) -> None:
        """Record a delivery report, computed from what may be out of date by now."""
        said = {
            index: (RecipientResult(state, status=1, cost=PRICE), 0)
            for index, row in enumerate(view.rows)
            if row.attempt and self.provider.tell(view.id_of(row), view.phones[index]).known
        }
        self.run(reports.record(view, said, rev=view.rev, results=view.results, now=self.seconds))

    def decide(self, batch: str) -> None:
        """A person who knows decides, when nothing can be under way any more."""
        claim = self.run(decisions.seize(batch, now_ms=self.now))
        if isinstance(claim, NotSeized):
            return
        taken = {bool(self.provider.times[phone]) for phone in claim.pick(claim.phones)}
        if len(taken) == 1:
            self.run(decisions.resolve(claim, taken=taken.pop(), now=self.seconds, now_ms=self.now))

    def audit(self, campaign: str) -> None:
        found = self.run(audit.audit(campaign, now_ms=self.now))
        assert found.sound, found
        view = self.run(campaigns.read(campaign))
        # What sleeps because it is paused, or is about to be cancelled, may be put on the timer: no harm.
        asleep = view.stored_state in {CampaignState.PAUSED, CampaignState.CANCELLED}
        assert asleep or not found.repaired, found

    # To the end, with everybody in good health.

    def finish(self) -> None:
        """Let the timer and healthy workers go on until all is final; whoever was late never comes."""
        for campaign in self.campaigns:
            self.change(campaign, CampaignState.RUNNING)
            self.start(campaign)
            self.cancel_batches(campaign, 0, 100)  # Whoever had begun to cancel does so to the end.
        for _ in range(60):
            if all(self.view(batch).state in FINAL for batch in self.batches):
                return
            self.now += 30_000
            for due in self.take_due():
                self._serve(due)
        raise AssertionError("something never ends")

    def _serve(self, due: timer.Due) -> None:
        if due.kind == "feed":
            self.feed(due.id)
        elif due.kind == "reconcile":
            for doubt in self.take_doubts(100):
                self.settle(doubt)
        elif due.kind == "send" and (work := self.claim(due.id)):
            self.intend(work)
            self.send(work, "taken")
            self.record(work)
