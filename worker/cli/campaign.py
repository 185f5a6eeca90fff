"""Listing, showing and stopping campaigns."""

from __future__ import annotations

import time
from collections.abc import Callable

from producers import Campaign, Producer
from producers.flows import list_campaigns
from producers.ledger.campaigns import CampaignView
from producers.states import CampaignState, RecipientState
from producers.views import campaign_json
from worker.cli import answers
from worker.cli.moments import local_time, span

_CHANGES: dict[str, Callable[[Campaign], None]] = {
    "pause": Campaign.pause,
    "resume": Campaign.resume,
    "cancel": Campaign.cancel,
}
_LIST = ("id", "name", "state", "recipients", "waiting", "failed", "cost", "created")
_NUMBERS = ("recipients", "waiting", "failed", "cost")


def show_all(limit: int, *, as_json: bool) -> None:
    """List the newest campaigns."""
    with Producer.from_env() as producer:
        views = producer.store.drive(list_campaigns(limit))
    if as_json:
        answers.write_json([campaign_json(view) for view in views])
    elif views:
        answers.write_table(_LIST, map(_row, views), right=_NUMBERS)
    else:
        answers.note("there are no campaigns")


def _row(view: CampaignView) -> tuple[object, ...]:
    counts = campaign_json(view)["recipients"]
    return (
        view.id,
        view.name,
        view.state.value,
        counts["total"] - counts["rejected"],
        counts["pending"] + counts["in_doubt"] + counts["held"],
        counts["failed"] + counts["refused"],
        campaign_json(view)["cost"],
        local_time(view.created),
    )


def show(campaign: str, *, as_json: bool) -> None:
    """Show one campaign."""
    with Producer.from_env() as producer:
        view = producer.find_campaign(campaign).view()
    if as_json:
        answers.write_json(campaign_json(view))
    else:
        write_view(view)


def change(campaign: str, what: str, *, as_json: bool) -> None:
    """Pause, resume or cancel a campaign, and show it."""
    with Producer.from_env() as producer:
        found = producer.find_campaign(campaign)
        _CHANGES[what](found)
        view = found.view()
    if as_json:
        answers.write_json(campaign_json(view))
        return
    answers.write_lines(f"{view.id} is {view.state.value}")
    under_way = view.counts[RecipientState.PENDING] if view.state is CampaignState.CANCELLED else 0
    if under_way:
        answers.note(f"{under_way} recipients were in a request under way; it ends by itself")


def write_view(view: CampaignView) -> None:
    """Write one campaign for people."""
    shown = campaign_json(view)
    facts: list[tuple[str, object]] = [
        ("campaign", view.id),
        ("name", view.name),
        ("state", _state(view)),
        ("created", f"{local_time(view.created)}, {span(time.time() - view.created / 1000)} ago"),
    ]
    if view.start_at > view.created:
        facts.append(("begins" if view.start_at > time.time() * 1000 else "began", local_time(view.start_at)))
    facts += [
        ("segments", view.segments),
        ("cost", f"{shown['cost']} roubles so far"),
        ("requests", f"{view.requests} for {view.batches} batches"),
        ("duplicates", view.duplicates),
    ]
    answers.write_facts(facts)
    answers.write_lines("")
    total = view.total or 1
    counts = shown["recipients"]
    answers.write_table(
        ("recipients", "count", "share"),
        [
            (name, count, f"{100 * count / total:.1f} %" if view.total else "")
            for name, count in sorted(counts.items(), key=lambda item: item[0] != "total")
        ],
        right=("count", "share"),
    )


def _state(view: CampaignView) -> str:
    if view.state is CampaignState.PLANNED and not view.complete:
        return "planned, but its file was not read to the end: repeat the command that started it"
    return view.state.value
