"""What must be true of the ledger at every moment, and a provider that remembers what it took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from producers.contract import NO_STATUS, RecipientResult, StatusResult
from producers.ledger import batches, campaigns, keys
from producers.ledger.batches import BatchView, Claim
from producers.ledger.campaigns import CampaignView
from producers.ledger.records import NO_COST
from producers.ledger.store import Store
from producers.states import OPEN_STATES, BatchState, CampaignState, RecipientState, may_follow

PRICE = 14_000
ACCOUNT = "default"
#: Recipients in these states were taken by the provider, in the others they were not.
_TAKEN = frozenset(
    {
        RecipientState.TAKEN,
        RecipientState.DELIVERED,
        RecipientState.READ,
        RecipientState.FAILED,
        RecipientState.EXPIRED,
    }
)
_NOT_TAKEN = frozenset({RecipientState.REFUSED, RecipientState.CANCELLED, RecipientState.HELD})


@dataclass
class Provider:
    """Takes what it is sent, and tells the truth about it when asked."""

    taken: dict[tuple[str, int], int] = field(default_factory=dict)
    times: Counter[int] = field(default_factory=Counter)

    def take(self, message: str, phones: list[int]) -> None:
        for phone in phones:
            self.taken[message, phone] = self.taken.get((message, phone), 0) + 1
            self.times[phone] += 1

    def tell(self, message: str, phone: int) -> StatusResult:
        known = (message, phone) in self.taken
        said = RecipientResult(RecipientState.TAKEN, status=-1 if known else NO_STATUS, cost=PRICE)
        return StatusResult(phone, known, said)


@dataclass
class Work:
    """What one worker has in hand, for as long as it likes: its lease may be over long since."""

    claim: Claim
    until: int
    provider_id: str = ""
    outcome: Any = None

    @property
    def batch(self) -> str:
        return self.claim.batch


class Watcher:
    """Looks at everything after every step, and remembers what it saw.

    Args:
        store: The ledger.
        provider: The provider.
    """

    def __init__(self, store: Store, provider: Provider) -> None:
        self._store = store
        self._provider = provider
        self._seen: dict[tuple[str, int], RecipientState] = {}
        self._intended: dict[tuple[str, int], int] = {}

    def saw_intent(self, claim: Claim) -> None:
        """Note that a claim's intent was written; no other token may do so for the same attempt."""
        attempt = (claim.batch, claim.attempt + 1)
        assert self._intended.setdefault(attempt, claim.token) == claim.token, f"{attempt} intended twice"

    def look(self, owners: dict[str, int]) -> None:
        """Check every invariant.

        Args:
            owners: Campaigns and messages with the number of their batches.
        """
        redis: Any = self._store.ledger
        timer = {name.decode() for name in redis.zrange(keys.TIMER, 0, -1)}
        sets = {
            name: {item.decode() for item in redis.zrange(key, 0, -1)}
            for name, key in (
                ("doubts", keys.doubts(ACCOUNT)), ("in_doubt", keys.IN_DOUBT), ("held", keys.HELD),
            )
        }  # fmt: skip
        states: Counter[str] = Counter()
        for owner, count in owners.items():
            campaign = self._store.run(campaigns.read(owner))
            views = [self._store.run(batches.read(f"{owner}.{number}")) for number in range(count)]
            assert None not in views, f"a batch of {owner} has vanished"
            found = [view for view in views if view is not None]
            states.update(view.state for view in found)
            for number, view in enumerate(found):
                self._check_recipients(view)
                self._check_reachable(view, number, campaign, timer, sets)
            if campaign is not None:
                self._check_campaign(campaign, found)
                open_batches = {item.decode() for item in redis.smembers(keys.open_batches(owner))}
                assert open_batches == {view.batch for view in found if view.state in OPEN_STATES}
        gauges = {name.decode(): int(value) for name, value in redis.hgetall(keys.GAUGES).items()}
        assert {name: value for name, value in gauges.items() if value} == dict(states), "gauges"
        assert max(self._provider.times.values(), default=0) <= 1, "sent twice"

    def _check_recipients(self, view: BatchView) -> None:
        assert len(view.rows) == len(view.phones)
        for phone, row in zip(view.phones, view.rows, strict=True):
            new, key = RecipientState(row.state), (view.batch, phone)
            old = self._seen.get(key, RecipientState.PENDING)
            assert new is old or may_follow(old, new), f"{key}: from {old.name} to {new.name}"
            self._seen[key] = new
            taken = self._provider.times[phone]
            assert not (new in _TAKEN and not taken), f"{key} is {new.name}, which the provider doesn't know"
            assert not (new in _NOT_TAKEN and taken), f"{key} is {new.name}, and the provider has taken it"

    @staticmethod
    def _check_campaign(campaign: CampaignView, views: list[BatchView]) -> None:
        assert campaign.difference == 0, f"{campaign.difference} recipients are not accounted for"
        counted: Counter[RecipientState] = Counter()
        for view in views:
            counted.update(view.counts())
        assert {state: count for state, count in campaign.counts.items() if count} == dict(counted)
        costs = [row.cost for view in views for row in view.rows if row.cost != NO_COST]
        assert campaign.cost == sum(costs), "the campaign's cost isn't the sum of its recipients'"

    @staticmethod
    def _check_reachable(
        view: BatchView,
        number: int,
        campaign: CampaignView | None,
        timer: set[str],
        sets: dict[str, set[str]],
    ) -> None:
        """Whatever happens or doesn't happen now, something will come back to the batch."""
        state = campaign.stored_state if campaign else CampaignState.RUNNING
        paused = state is CampaignState.PAUSED
        # Whoever cancels goes through all batches; dying on the way, he is expected to come again.
        cancelled = state is CampaignState.CANCELLED
        in_doubt = view.state is BatchState.IN_DOUBT
        assert (view.batch in sets["doubts"]) == (view.batch in sets["in_doubt"]) == in_doubt, view
        assert (view.batch in sets["held"]) == (view.state is BatchState.HELD), view
        if in_doubt:
            assert f"reconcile|{ACCOUNT}" in timer, f"{view}: nobody will look it up"
        elif view.state in OPEN_STATES:
            asleep = (paused or cancelled) and view.state is not BatchState.SENDING
            assert asleep or f"send|{view.batch}" in timer, f"{view}: nobody will wake for it"
        elif view.state is BatchState.PLANNED:
            assert campaign is not None
            assert number >= int(campaign.fields["next"]), f"{view}: its turn is over"
            waits = paused or cancelled or not campaign.complete  # for its producer
            assert waits or f"feed|{campaign.id}" in timer, f"{view}: nobody will feed its campaign"
