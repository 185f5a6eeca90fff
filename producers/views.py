"""The public JSON forms of messages, campaigns and recipients. More members may be added, these stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from producers.answers import Hlr
from producers.contract import NO_ERR, NO_STATUS, address_of
from producers.ledger.batches import BatchView
from producers.ledger.campaigns import CampaignView
from producers.ledger.records import NO_COST, Row
from producers.meanings import meaning
from producers.money import format_units
from producers.states import RecipientState

#: The report's first columns, in this order.
REPORT_COLUMNS = (
    "phone",
    "state",
    "provider",
    "provider_id",
    "status",
    "err",
    "meaning",
    "segments",
    "cost",
    "sent_at",
    "changed_at",
)


def iso_time(milliseconds: int) -> str:
    """Return a moment as ISO 8601 with zone; empty for 0."""
    if not milliseconds:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def recipient_json(batch: BatchView, phone: int, row: Row, hlr: Hlr | None = None) -> dict[str, Any]:
    """Return one recipient of a message."""
    state = RecipientState(row.state)
    return {
        "phone": address_of(phone, batch.job.addresses),
        "state": state.public,
        "provider": batch.job.provider,
        "provider_id": batch.id_of(row),
        "status": None if row.status == NO_STATUS else row.status,
        "err": None if row.err == NO_ERR else row.err,
        "cost": None if row.cost == NO_COST else format_units(row.cost),
        "meaning": meaning(batch.job.provider, row.status, row.err),
        "reason": batch.reason,
        **({"hlr": msgspec.to_builtins(hlr)} if hlr is not None else {}),
    }


def message_json(message: str, batches: Sequence[BatchView]) -> dict[str, Any]:
    """Return a message with all its recipients."""
    return {
        "id": message,
        "kind": batches[0].job.options.kind.value,
        "recipients": [
            {
                **recipient_json(batch, phone, row, batch.hlr.get(index)),
                **({"voice_code": batch.voice_code} if batch.voice_code else {}),
            }
            for batch in batches
            for index, (phone, row) in enumerate(zip(batch.phones, batch.rows, strict=True))
        ],
    }


def campaign_json(view: CampaignView) -> dict[str, Any]:
    """Return a campaign with its counts, which add up to ``total``.

    ``delivered`` includes who has read it, ``failed`` includes what expired.
    """
    counts = view.counts
    return {
        "id": view.id,
        "name": view.name,
        "state": view.state.value,
        "recipients": {
            "total": view.total,
            "rejected": counts[RecipientState.REJECTED],
            "pending": counts[RecipientState.PENDING],
            "in_doubt": counts[RecipientState.IN_DOUBT],
            "held": counts[RecipientState.HELD],
            "taken": counts[RecipientState.TAKEN],
            "delivered": counts[RecipientState.DELIVERED] + counts[RecipientState.READ],
            "failed": counts[RecipientState.FAILED] + counts[RecipientState.EXPIRED],
            "refused": counts[RecipientState.REFUSED],
            "cancelled": counts[RecipientState.CANCELLED],
        },
        "duplicates": view.duplicates,
        "segments": view.segments,
        "cost": format_units(view.cost),
        "requests": view.requests,
        "batches": view.batches,
        "complete": view.complete,
        "created_at": iso_time(view.created),
        "start_at": iso_time(view.start_at),
    }


def report_rows(batch: BatchView) -> Iterator[tuple[str, ...]]:
    """Return a batch's rows of the report, in the order of `REPORT_COLUMNS`."""
    sent_at = iso_time(batch.sent_at * 1000)
    provider = batch.job.provider
    for phone, segments, row in zip(batch.phones, batch.segments, batch.rows, strict=True):
        state = RecipientState(row.state)
        yield (
            address_of(phone, batch.job.addresses),
            state.public,
            provider,
            batch.id_of(row),
            "" if row.status == NO_STATUS else str(row.status),
            "" if row.err == NO_ERR else str(row.err),
            meaning(provider, row.status, row.err) or batch.reason,
            str(segments),
            "" if row.cost == NO_COST else format_units(row.cost),
            sent_at,
            iso_time(row.changed_at * 1000),
        )
