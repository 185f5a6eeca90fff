"""Batches that are held or in doubt."""

from __future__ import annotations

import time
from typing import Any

from producers import Producer, UsageError, flows
from producers.ledger.batches import BatchView
from producers.views import iso_time
from worker.cli import answers
from worker.cli.moments import span

_COLUMNS = ("batch", "state", "recipients", "since", "reason", "code", "provider id")


def show(*, as_json: bool) -> None:
    """List them, oldest first."""
    with Producer.from_env() as producer:
        found = producer.store.drive(flows.list_undecided())
    if as_json:
        answers.write_json([_json(view, since) for view, since in found])
    elif found:
        answers.write_table(
            _COLUMNS,
            (
                (
                    view.batch,
                    view.state.value,
                    len(view.phones),
                    span(time.time() - since / 1000),
                    view.reason,
                    view.code or "",
                    view.provider_id,
                )
                for view, since in found
            ),
            right=("recipients", "since", "code"),
        )
    else:
        answers.note("nothing is held or in doubt")


def _json(view: BatchView, since: int) -> dict[str, Any]:
    return {
        "id": view.batch,
        "state": view.state.value,
        "recipients": len(view.phones),
        "since": iso_time(since),
        "reason": view.reason,
        "code": view.code,
        "provider_id": view.provider_id,
    }


def decide(batch: str, *, taken: bool | None, as_json: bool) -> None:
    """Record a person's word on one of them."""
    if taken is None:
        raise UsageError("say what you have found out", hint="--taken or --not-sent")
    with Producer.from_env() as producer:
        recipients = producer.store.drive(flows.decide(batch, taken=taken))
    if as_json:
        answers.write_json({"id": batch, "recipients": recipients, "state": "taken" if taken else "queued"})
    elif taken:
        answers.write_lines(f"{recipients} recipients of {batch} count as taken; nothing is sent")
    else:
        answers.write_lines(f"{recipients} recipients of {batch} are sent again")
