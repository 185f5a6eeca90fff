"""SMS2's books: what came in, what was taken, what it cost, and who got the same text twice."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from worker.simulator.prices import unpadded
from worker.simulator.sms2.messages import Message, hash_text
from worker.simulator.tally import Tally
from worker.simulator.traffic import Ring, Traffic


class Sms2Books:
    """Counters, the table of recipients, and multicasts by base.

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
        self._messages = self._multicasts = self._unpaid = 0
        self._cost = Decimal(0)
        self._starts: Counter[str] = Counter()
        self._by_base: dict[str, Counter[tuple[str, int]]] = {}

    async def reset(self) -> None:
        """Begin new books."""
        await self.tally.clear()
        self.traffic.clear()
        self._clear()

    def took(self, message: Message, cost: Decimal) -> None:
        """Count what was taken and charged."""
        self.tally.took(message)
        self._messages += message.size
        self._cost += cost

    def started(self, text: str, phones_by_base: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Count a multicast that was sent, with the numbers that each base added to it."""
        self._multicasts += 1
        mark = hash_text(text)
        for base, phones in phones_by_base:
            self._starts[base] += 1
            self._by_base.setdefault(base, Counter()).update((phone, mark) for phone in phones)

    def unpaid(self) -> None:
        """Count a multicast whose time came when there was no money."""
        self._unpaid += 1

    async def summary(self, waiting: int) -> dict[str, Any]:
        """Give all counters as JSON-ready values, with so many multicasts that wait for their time."""
        recipients = await self.tally.count()
        return {
            **self.traffic.summary(),
            "messages": self._messages,
            "cost": unpadded(self._cost),
            "recipients": recipients,
            "twice": self.tally.twice,
            "kinds": dict(self.tally.kinds),
            "multicasts": {
                "started": self._multicasts,
                "waiting": waiting,
                "unpaid": self._unpaid,
                "bases": {base: self._describe(base) for base in self._starts},
            },
        }

    def _describe(self, base: str) -> dict[str, int]:
        taken = self._by_base[base]
        return {
            "starts": self._starts[base],
            "numbers": len({phone for phone, _ in taken}),
            "twice": sum(count > 1 for count in taken.values()),
        }
