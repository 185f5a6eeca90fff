"""The provider's records of messages, as JSON and as columns."""

from __future__ import annotations

from typing import Any

import msgspec

from producers.answers import Record
from producers.money import format_units
from producers.views import iso_time
from worker.cli.moments import local_time


def record_json(record: Record, *, with_text: bool) -> dict[str, Any]:
    """Return the public JSON of a record; the text only for who asked for texts."""
    written = {
        "id": record.message_id,
        "recipient": record.recipient,
        "known": record.known,
        "status": record.status,
        "status_name": record.status_name,
        "err": record.err,
        "changed_at": iso_time(record.changed_at * 1000),
        "sent_at": iso_time(record.sent_at * 1000),
        "cost": None if record.cost is None else format_units(record.cost),
        "segments": record.segments,
        "sender": record.sender,
        "kind": record.kind,
        "country": record.country,
        "operator": record.operator,
        "original_operator": record.original_operator,
        "region": record.region,
        "mccmnc": record.mccmnc,
        "global_id": record.global_id,
        "hlr": None if record.hlr is None else msgspec.to_builtins(record.hlr),
    }
    if with_text:
        written |= {"text": record.text, "comment": record.comment}
    return written


def moment(seconds: int) -> str:
    """Return a moment for people; empty for 0."""
    return local_time(seconds * 1000) if seconds else ""


def status_words(record: Record) -> str:
    """Return what became of a message in the provider's words, with its codes."""
    codes = [
        f"{name} {value}"
        for name, value in (("status", record.status), ("err", record.err))
        if value is not None
    ]
    found = ", ".join(codes)
    return f"{record.status_name} ({found})" if record.status_name and found else record.status_name or found


def money(units: int | None) -> str:
    """Return an amount for a table's cell; empty when not given."""
    return "" if units is None else format_units(units)
