"""The demo's work: a campaign started with the command, an urgent message in the middle of it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from producers import Campaign, NotFound, Producer, Settings
from producers.ledger.campaigns import CampaignView
from producers.states import CampaignState, RecipientState
from producers.texts import count_segments
from worker.demo.books import Tally
from worker.demo.processes import BrokenError, Child, Processes
from worker.demo.recipients import TEMPLATE
from worker.demo.stage import Stage

#: Seconds within which each step must have come to its end; all of them take a few seconds together.
_PLANNED, _TAKEN, _SENT, _ANSWERED = 30.0, 30.0, 120.0, 20.0
#: Part of the campaign after which the urgent message is sent.
_IN_THE_MIDDLE = 0.3
_URGENT_PHONE = "+7 997 000-00-01"
_WAITING = (RecipientState.PENDING, RecipientState.IN_DOUBT)
_ENDED = (CampaignState.SENT, CampaignState.SETTLED)


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        campaign: What the command answered.
        tally: The ledger's books.
        balance: What ``smsq balance`` answered, in roubles.
        seconds: From the first batch's opening to the last recipient's decision.
        urgent_seconds: From sending the urgent message to knowing that it was taken.
        urgent_after: Recipients of the campaign that were decided when it was sent.
    """

    campaign: dict[str, Any]
    tally: Tally
    balance: Decimal
    seconds: float
    urgent_seconds: float
    urgent_after: int


def send(processes: Processes, stage: Stage, file: Path, run: str) -> Outcome:
    """Send the campaign and the urgent message, and count what became of them."""
    name = f"demo {run}"
    settings = Settings.from_env(stage.environ, env_file=processes.directory / "no.env")
    with Producer(settings) as producer:
        command = ("campaign", "start", file.name, "--text", TEMPLATE, "--name", name, "--wait", "--json")
        child = _ask(processes, "campaign", *command)
        campaign = _wait_until_running(processes, producer, name, child)
        began = time.monotonic()
        after = processes.wait_for(
            lambda: _well_begun(campaign.view()), "the first recipients", seconds=_TAKEN, needs=child
        )
        sent = time.monotonic()
        text = f"Код подтверждения {run}"
        receipt = producer.send(_URGENT_PHONE, text, urgent=True)
        processes.wait_for(
            lambda: receipt.status()["recipients"][0]["state"] == "taken",
            "the urgent message",
            seconds=_TAKEN,
        )
        urgent_seconds = time.monotonic() - sent
        view = processes.wait_for(lambda: _ended(campaign), "the campaign's end", seconds=_SENT)
        seconds = time.monotonic() - began
        answer = _answer(processes, child)
        tally = Tally(requests=view.requests + 1)
        tally.add(campaign.report())
        tally.add({**row, "segments": count_segments(text)} for row in receipt.status()["recipients"])
    balance = _answer(processes, _ask(processes, "balance", "balance", "--json"))
    return Outcome(answer, tally, Decimal(balance["balance"]), seconds, urgent_seconds, after)


def _ask(processes: Processes, name: str, *command: str) -> Child:
    with (processes.directory / f"{name}.json").open("wb") as stream:
        return processes.start(name, *command, answer=stream)


def _answer(processes: Processes, child: Child) -> dict[str, Any]:
    """Return the JSON that a command answers, when it has ended."""
    processes.wait_for(lambda: child.process.poll() is not None, child.name, seconds=_ANSWERED)
    try:
        answer: dict[str, Any] = json.loads((processes.directory / f"{child.name}.json").read_bytes())
    except ValueError:
        answer = {"error": {"message": f"no answer, exit status {child.process.returncode}"}}
    if "error" in answer:
        raise BrokenError(f"smsq {child.name}: {answer['error']['message']}")
    return answer


def _wait_until_running(processes: Processes, producer: Producer, name: str, child: Child) -> Campaign:
    def look() -> Campaign | None:
        try:
            campaign = producer.find_campaign(name)
        except NotFound:
            return None
        return campaign if campaign.view().complete else None

    return processes.wait_for(look, "the campaign's start", seconds=_PLANNED, needs=child)


def _ended(campaign: Campaign) -> CampaignView | None:
    view = campaign.view()
    return view if view.state in _ENDED else None


def _well_begun(view: CampaignView) -> int:
    """Return how many recipients are decided, once it is a good part of them."""
    decided = view.total - sum(view.counts[state] for state in (*_WAITING, RecipientState.REJECTED))
    return decided if decided >= view.total * _IN_THE_MIDDLE else 0
