"""Two sets of books: what the ledger says was sent and paid, and what the simulator itself counted."""

from __future__ import annotations

import json
import urllib.request
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from producers.states import RecipientState

_TAKEN = {RecipientState.TAKEN.public, RecipientState.DELIVERED.public, RecipientState.READ.public}


@dataclass
class Tally:
    """Our books, counted from the reports row by row.

    Attributes:
        states: Recipients by state.
        segments: Segments of those that were taken.
        cost: What they cost, in roubles.
        requests: Requests that were made.
        meanings: Why recipients were not taken.
    """

    states: Counter[str] = field(default_factory=Counter)
    segments: int = 0
    cost: Decimal = Decimal(0)
    requests: int = 0
    meanings: Counter[str] = field(default_factory=Counter)

    @property
    def taken(self) -> int:
        """Recipients that the provider took."""
        return sum(self.states[state] for state in _TAKEN)

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Count recipients; a row has the members of the report, or of a message."""
        for row in rows:
            self.states[row["state"]] += 1
            self.cost += Decimal(row["cost"] or 0)
            if row["state"] in _TAKEN:
                self.segments += int(row["segments"])
            else:
                self.meanings[row["meaning"]] += 1


def read_books(simulator: str) -> dict[str, Any]:
    """Return the simulator's own books."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{simulator}/_books", timeout=10) as reply:
        books: dict[str, Any] = json.load(reply)
    return books


def compare(tally: Tally, balance: Decimal, books: Mapping[str, Any]) -> list[tuple[str, object, object]]:
    """Return what is counted on both sides: name, ours, the simulator's."""
    return [
        ("messages taken", tally.taken, books["messages"]),
        ("people reached", tally.taken, books["recipients"]),
        ("sent twice", 0, books["twice"]),
        ("segments", tally.segments, books["segments"]),
        ("requests", tally.requests, books["requests"].get("send.php", 0)),
        ("errors", 0, sum(sum(codes.values()) for codes in books["errors"].values())),
        ("cost, roubles", tally.cost, Decimal(books["cost"])),
        ("balance, roubles", balance, Decimal(books["balance"])),
    ]
