"""The verdict: what the ledger says beside what the provider's books say, recipient by recipient."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from producers import Producer
from producers.errors import NotFound
from producers.states import RecipientState
from tests.worker.conftest import SimulatorProcess

#: The ledger says that the provider has it.
SENT = frozenset({"taken", "delivered", "read"})
#: The ledger says that nothing will come of it. No phone of these tests gives a reason for that.
FAILED = frozenset({"failed", "expired", "refused", "cancelled", "rejected"})
#: Log events that say that our own code broke.
BROKEN = frozenset({"actor_failed", "timer_failed", "send_failed"})


@dataclass
class Verdict:
    """What came of one scenario.

    Attributes:
        recipients: Who was to be sent to.
        accepted: Whom the provider took at least once.
        lost: Whom the ledger doesn't know, or says that the provider took, which it didn't.
        twice: Whom the provider took more than once.
        wrong: Who failed according to the ledger.
        in_doubt: Who still is in doubt.
        held: Who waits for a person.
        pending: Who still waits to be sent to.
        error9: Errors 9 that the provider's rules led to (those injected by a scenario are not counted).
        error4: The same for error 4.
        faults: Faults that the provider injected.
        requests: Sends that reached the provider.
        unbalanced: Recipients by which the campaign's counters differ from its records.
        cost: Roubles by which the ledger's costs differ from the provider's.
        broken: Exceptions in the workers' logs.
    """

    recipients: int = 0
    accepted: int = 0
    lost: int = 0
    twice: int = 0
    wrong: int = 0
    in_doubt: int = 0
    held: int = 0
    pending: int = 0
    error9: int = 0
    error4: int = 0
    faults: int = 0
    requests: int = 0
    unbalanced: int = 0
    cost: Decimal = Decimal(0)
    broken: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def flawless(self) -> bool:
        """Whether everybody was sent to once, or is named, and the provider had nothing to refuse."""
        return not (
            self.lost
            or self.twice
            or self.wrong
            or self.error9
            or self.error4
            or self.unbalanced
            or self.broken
        )


def judge(
    sms: Producer,
    simulator: SimulatorProcess,
    campaign: str,
    phones: Iterable[str],
    messages: Mapping[str, str],
    logs: Path,
) -> Verdict:
    """Compare ledger and books.

    Args:
        sms: Reads the ledger.
        simulator: Has the books.
        campaign: Name of the campaign.
        phones: Whom the campaign was for.
        messages: Ids of single messages by phone.
        logs: Directory of the workers' logs.
    """
    states = _campaign_states(sms, campaign)
    verdict = Verdict(unbalanced=_unbalanced(sms, campaign, states))
    known, cost = dict(states), Decimal(str(sms.find_campaign(campaign).progress()["cost"]))
    for phone, message in messages.items():
        [recipient] = sms.message(message).status()["recipients"]
        known[phone] = recipient["state"]
        cost += Decimal(recipient["cost"] or "0")
    books, takes = simulator.books(), simulator.takes()
    for phone in (*phones, *messages):
        _count(verdict, phone, known.get(phone, ""), takes.pop(phone, 0))
    verdict.lost += len(takes)  # Sent to by us, and nobody asked for it.
    errors: Counter[str] = Counter()
    for codes in books["errors"].values():
        errors.update(codes)
    verdict.error9, verdict.error4 = errors["9"], errors["4"]
    verdict.faults = sum(books["faults"].values())
    verdict.requests = books["requests"].get("send.php", 0)
    verdict.cost = cost - Decimal(books["cost"])
    verdict.broken = sum(_breaks(path) for path in logs.glob("worker-*.log"))
    return verdict


def _campaign_states(sms: Producer, campaign: str) -> dict[str, str]:
    try:
        return {row["phone"]: row["state"] for row in sms.find_campaign(campaign).report()}
    except NotFound:
        return {}


def _unbalanced(sms: Producer, campaign: str, states: Mapping[str, str]) -> int:
    view = sms.find_campaign(campaign).view()
    rows = Counter(states.values())
    return abs(view.difference) + sum(
        abs(view.counts[state] - rows[state.public]) for state in RecipientState
    )


def _count(verdict: Verdict, phone: str, state: str, taken: int) -> None:
    verdict.recipients += 1
    verdict.accepted += taken > 0
    lost, twice, wrong = not state or (state in SENT and not taken), taken > 1, state in FAILED
    verdict.lost += lost
    verdict.twice += twice
    verdict.wrong += wrong
    verdict.in_doubt += state == "in_doubt"
    verdict.held += state == "held"
    # Taken by the provider and yet about to be sent to: it would be twice in a moment.
    verdict.pending += state == "pending"
    if (lost or twice or wrong) and len(verdict.examples) < 5:
        verdict.examples.append(f"{phone}: {state or 'unknown'}, taken {taken} times")


def _breaks(path: Path) -> int:
    count = 0
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            entry: Any = json.loads(line)
        except ValueError:
            continue
        count += isinstance(entry, dict) and entry.get("event") in BROKEN
    return count
