"""Numbers behind the metrics, written to Redis in the same step as what they count.

That way they are right with any number of worker processes and machines and over the restart of any of them;
the exporter only reads them. A field is the metric's name and its labels: ``name|label=value,label=value``.
Money is counted in 1/10000 rouble, times in microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from producers.ledger import keys
from producers.ledger.calls import Call


def total(name: str, **labels: str | int) -> str:
    """Return the field of a metric with its labels, in the order given."""
    return f"{name}|{','.join(f'{label}={value}' for label, value in labels.items())}"


def split_total(field: str) -> tuple[str, dict[str, str]]:
    """Read a field: the metric's name and its labels."""
    name, _, labels = field.partition("|")
    return name, dict(part.split("=", 1) for part in labels.split(",") if "=" in part)


def add(field: str, amount: int = 1) -> Call[int]:
    """Add to one number on its own."""
    return Call(("HINCRBY", keys.TOTALS, field, amount), int)


def read_hash(key: str) -> Call[Mapping[str, int]]:
    """Read all numbers of the totals, or of the gauges."""

    def parse(reply: Any) -> Mapping[str, int]:
        items = reply.items() if isinstance(reply, dict) else zip(reply[::2], reply[1::2], strict=True)
        return {name.decode(): int(value) for name, value in items}

    return Call(("HGETALL", key), parse)
