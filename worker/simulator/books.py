"""SMSC's books: what came in, what was taken, what it cost, and who got the same text twice."""

from collections import Counter
from decimal import Decimal
from typing import Any

from worker.simulator.prices import unpadded
from worker.simulator.tally import TakenBatch, Tally
from worker.simulator.traffic import Ring, Traffic

_EVENTS = ("calls_asked", "calls_came", "calls_missed")
"""Confirmation calls that were asked for, that came, and that nobody waited for (any more)."""


class Books:
    """Counters, and the table of recipients.

    Args:
        ring: gets the requests' details.

    Attributes:
        traffic: what came in.
        tally: who was taken.
    """

    def __init__(self, ring: Ring) -> None:
        self.traffic = Traffic(ring)
        self.tally = Tally()
        self._clear()

    def _clear(self) -> None:
        self._batches = self._messages = self._segments = self._rejected = 0
        self._cost = self._rent = Decimal(0)
        self._events: Counter[str] = Counter(dict.fromkeys(_EVENTS, 0))
        self._rentals: Counter[str] = Counter()
        self._files: Counter[str] = Counter()

    async def reset(self) -> None:
        """Begin new books."""
        await self.tally.clear()
        self.traffic.clear()
        self._clear()

    def took(self, batch: TakenBatch) -> None:
        """Keep a batch that was taken, to count its recipients when somebody asks."""
        self._batches += 1
        self.tally.took(batch)

    def charged(self, messages: int, rejected: int, segments: int, cost: Decimal) -> None:
        """Count what a request brought.

        Args:
            messages: recipients taken.
            rejected: recipients that were rejected one by one.
            segments: segments of all messages together.
            cost: money charged.
        """
        self._messages += messages
        self._rejected += rejected
        self._segments += segments
        self._cost += cost

    def count(self, event: str) -> None:
        """Count one event of those in ``/_books`` that have only a number."""
        self._events[event] += 1

    def rented(self, phone: str, cost: Decimal) -> None:
        """Count a number that was rented."""
        self._rentals[phone] += 1
        self._rent += cost

    def count_file(self, name: str) -> None:
        """Count a file that was asked for and is there."""
        self._files[name] += 1

    async def summary(self) -> dict[str, Any]:
        """Give all counters as JSON-ready values."""
        recipients = await self.tally.count()
        return {
            **self.traffic.summary(),
            "batches": self._batches,
            "messages": self._messages,
            "rejected": self._rejected,
            "segments": self._segments,
            "cost": unpadded(self._cost),
            "recipients": recipients,
            "twice": self.tally.twice,
            "kinds": dict(self.tally.kinds),
            "hlr": self.tally.kinds["hlr"],
            **self._events,
            "rentals": dict(self._rentals),
            "rent": unpadded(self._rent),
            "files": dict(self._files),
        }
