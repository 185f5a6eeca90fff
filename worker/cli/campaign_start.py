"""Starting a campaign: counted, planned, and if wished waited for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from producers import Campaign, Conflict, NotFound, Producer, Unavailable
from producers.ledger.campaigns import CampaignView
from producers.recipients import IntakeStats
from producers.states import CampaignState, RecipientState
from producers.views import campaign_json
from worker.cli import answers
from worker.cli.answered import AnsweredError
from worker.cli.campaign_input import CampaignInput, Request, describe_rejects, read_request
from worker.cli.campaign_wait import wait_for
from worker.cli.interrupts import Interrupted, Interrupts
from worker.cli.moments import local_time, parse_moment
from worker.cli.progress import show_progress


@dataclass(frozen=True)
class _Started:
    campaign: Campaign
    view: CampaignView
    already: bool
    prepared: CampaignInput

    def json(self, view: CampaignView) -> dict[str, Any]:
        return {
            **campaign_json(view),
            "already_started": self.already,
            "rejected_by_reason": self.prepared.intake.stats.rejected_by_reason,
            "rejects_file": self.prepared.rejects_path,
        }


def start(request: Request, *, wait: bool, as_json: bool) -> None:
    """Start a campaign, or go on with one that was interrupted, or find that it has been started."""
    at_ms = parse_moment(request.at) if request.at else 0
    prepared, started = None, None
    with Producer.from_env() as producer, Interrupts() as interrupts:
        try:
            prepared = read_request(request, producer.settings)
            total = prepared.source.count_rows()
            started = _plan(producer, prepared, request, at_ms, total, interrupts)
            if not as_json:
                _tell_start(started, wait=wait)
            if wait:
                interrupts.check()
                _tell_end(started, wait_for(started.campaign, producer.store), as_json=as_json)
            elif as_json:
                answers.write_json(started.json(started.view))
        except KeyboardInterrupt:
            raise _interrupted(producer, prepared, started, interrupts) from None


def _plan(
    producer: Producer,
    prepared: CampaignInput,
    request: Request,
    at_ms: int,
    total: int,
    interrupts: Interrupts,
) -> _Started:
    before = _find(producer, prepared.name)
    if before is not None and before.state is CampaignState.CANCELLED:
        raise Conflict(
            f"campaign {prepared.name!r} ({before.id}) was cancelled; nothing was sent now",
            hint="to send to these recipients all the same, give another --name",
            code="cancelled",
        )
    already = before is not None and before.complete
    if before is not None and not already:
        answers.note("going on with a campaign whose planning was interrupted; nothing of it has been sent")
    try:
        with show_progress("planning", total) as progress, interrupts.held(), prepared.rejects:

            def on_progress(stats: IntakeStats) -> None:
                progress.show(stats.rows)
                interrupts.check()

            campaign = producer.start(
                prepared.name,
                prepared.intake,
                prepared.template.source,
                sender=request.sender,
                provider=request.provider,
                at_ms=at_ms,
                on_progress=on_progress,
            )
            progress.show(prepared.intake.stats.rows)
        return _Started(campaign, campaign.view(), already, prepared)
    except Unavailable as error:
        error.hint = "nothing is sent twice: repeat the same command, it goes on from here"
        raise


def _interrupted(
    producer: Producer, prepared: CampaignInput | None, started: _Started | None, interrupts: Interrupts
) -> Interrupted:
    """Say what the interruption leaves, after a look at the ledger: the very last step may have been done."""
    number = interrupts.number
    if prepared is None:
        return Interrupted("nothing has been sent", hint="the same command again begins anew", number=number)
    if started is not None:
        view, answer = started.view, started.json(started.view)
    else:
        try:
            found = _find(producer, prepared.name)
        except Unavailable:
            return Interrupted(
                f"campaign {prepared.name!r} may have been started: Redis can't be asked now",
                hint="smsq campaign list shows it; the same command again sends nothing twice",
                number=number,
            )
        if found is None or not found.complete:
            return Interrupted(
                "nothing has been sent", hint="the same command again goes on from here", number=number
            )
        view, answer = found, campaign_json(found)
    return Interrupted(
        f"campaign {view.id} has been started and goes on",
        hint=f"smsq campaign show {view.id}; to stop it: smsq campaign pause or cancel",
        number=number,
        **answer,
    )


def _find(producer: Producer, name: str) -> CampaignView | None:
    try:
        return producer.find_campaign(name).view()
    except NotFound:
        return None


def _tell_start(started: _Started, *, wait: bool) -> None:
    view, stats = started.view, started.prepared.intake.stats
    where = f"; see {started.prepared.rejects_path}" if started.prepared.rejects_path else ""
    facts: list[tuple[str, object]] = [
        ("campaign", view.id),
        ("name", view.name),
        ("recipients", stats.accepted),
        ("duplicates", stats.duplicates),
        ("rejected", f"{describe_rejects(stats)}{where}"),
        ("segments", stats.segments),
    ]
    if view.state is CampaignState.PLANNED and view.start_at:
        facts.append(("begins", local_time(view.start_at)))
    if not wait:
        facts.append(("watch it", f"smsq campaign show {view.id}"))
    answers.write_facts(facts)
    if started.already:
        answers.note(f"already started: nothing is sent twice; its state is {view.state.value}")


def _tell_end(started: _Started, view: CampaignView, *, as_json: bool) -> None:
    answer = started.json(view)
    problem = _problem(view)
    if as_json and not problem:
        answers.write_json(answer)
        return
    if not as_json:
        from worker.cli.campaign import write_view

        write_view(view)
    if problem:
        raise AnsweredError(
            problem,
            hint=f"smsq campaign report {view.id} tells it of each",
            code="not_all_taken",
            answer=answer,
        )


def _problem(view: CampaignView) -> str:
    """Return what makes an ended campaign a failure; single refused recipients are ordinary."""
    held = view.counts[RecipientState.HELD]
    if view.state is CampaignState.CANCELLED:
        return "the campaign was cancelled"
    if held:
        return f"{held} recipients are held and wait for a person's decision"
    taken = (
        RecipientState.TAKEN,
        RecipientState.DELIVERED,
        RecipientState.READ,
        RecipientState.FAILED,
        RecipientState.EXPIRED,
    )
    return "" if sum(view.counts[state] for state in taken) else "nobody was taken by the provider"
