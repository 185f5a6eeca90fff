"""The books: what came in, what was taken, what it cost, and who got the same text twice.

Counting recipients needs a table of all phones. It is made only when somebody asks, from the batches kept
until then, so that a sending campaign pays nothing for it.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from worker.simulator.prices import unpadded

_EVENTS = ("calls_asked", "calls_came", "calls_missed")
"""Confirmation calls that were asked for, that came, and that nobody waited for (any more)."""

_BREATH = 5_000
"""Recipients counted before other requests get their turn: some 2 ms of work."""


class TakenBatch(Protocol):
    """What the books need to know of a batch that was taken."""

    @property
    def kind_name(self) -> str:
        """What kind of messages they are."""

    @property
    def size(self) -> int:
        """How many they are."""

    def takes(self) -> Iterable[tuple[bytes, int]]:
        """Give each recipient's phone and a hash of the text that was taken for it."""


class Books:
    """Counters, a ring of the last requests, and the table of recipients.

    Args:
        requests_kept: size of the ring.
    """

    def __init__(self, requests_kept: int) -> None:
        self._kept = requests_kept
        self._lock = asyncio.Lock()
        self._clear()

    def _clear(self) -> None:
        self._requests: Counter[str] = Counter()
        self._errors: dict[str, Counter[str]] = {}
        self._faults: Counter[str] = Counter()
        self._scripted: Counter[str] = Counter()
        self._simultaneous: dict[str, int] = {}
        self._batches = self._messages = self._segments = self._rejected = 0
        self._cost = self._rent = Decimal(0)
        self._kinds: Counter[str] = Counter()
        self._events: Counter[str] = Counter(dict.fromkeys(_EVENTS, 0))
        self._rentals: Counter[str] = Counter()
        self._files: Counter[str] = Counter()
        self._last: deque[Mapping[str, Any]] = deque(maxlen=self._kept)
        self._uncounted: deque[TakenBatch] = deque()
        # One text's hash for a phone that was taken once, a tuple of them for others.
        self._texts: dict[bytes, int | tuple[int, ...]] = {}
        self._twice = 0

    async def reset(self) -> None:
        """Begin new books."""
        async with self._lock:
            self._clear()

    def saw_request(self, endpoint: str, simultaneous: int) -> None:
        """Count a request to an endpoint with so many inside at once."""
        self._requests[endpoint] += 1
        if simultaneous > self._simultaneous.get(endpoint, 0):
            self._simultaneous[endpoint] = simultaneous

    def saw_error(self, endpoint: str, code: int) -> None:
        """Count an error that the rules led to (injected and scripted ones are not counted here)."""
        self._errors.setdefault(endpoint, Counter())[str(code)] += 1

    def saw_fault(self, name: str) -> None:
        """Count an injected fault."""
        self._faults[name] += 1

    def saw_script(self, endpoint: str) -> None:
        """Count a scripted reply."""
        self._scripted[endpoint] += 1

    def saw_details(self, entry: Mapping[str, Any]) -> None:
        """Put a request into the ring."""
        self._last.append(entry)

    def took(self, batch: TakenBatch) -> None:
        """Keep a batch that was taken, to count its recipients when somebody asks."""
        self._batches += 1
        self._uncounted.append(batch)

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

    def last(self, count: int) -> list[Mapping[str, Any]]:
        """Give the last ``count`` requests, oldest first."""
        return list(self._last)[-count:] if count > 0 else []

    async def summary(self) -> dict[str, Any]:
        """Give all counters as JSON-ready values."""
        async with self._lock:
            await self._count()
            return {
                "requests": dict(self._requests),
                "errors": {endpoint: dict(codes) for endpoint, codes in self._errors.items()},
                "faults": dict(self._faults),
                "scripted": dict(self._scripted),
                "simultaneous": dict(self._simultaneous),
                "batches": self._batches,
                "messages": self._messages,
                "rejected": self._rejected,
                "segments": self._segments,
                "cost": unpadded(self._cost),
                "recipients": len(self._texts),
                "twice": self._twice,
                "kinds": dict(self._kinds),
                "hlr": self._kinds["hlr"],
                **self._events,
                "rentals": dict(self._rentals),
                "rent": unpadded(self._rent),
                "files": dict(self._files),
            }

    async def recipients(self) -> AsyncIterator[tuple[str, int, int]]:
        """Give each phone, how often it was taken, and how many different texts these were."""
        async with self._lock:
            await self._count()
            table = list(self._texts.items())
        for phone, texts in table:
            if isinstance(texts, tuple):
                yield phone.decode(), len(texts), len(set(texts))
            else:
                yield phone.decode(), 1, 1

    async def _count(self) -> None:
        since_breath = 0
        while self._uncounted:
            batch = self._uncounted.popleft()
            self._kinds[batch.kind_name] += batch.size
            for phone, text in batch.takes():
                self._count_one(phone, text)
                since_breath += 1
            if since_breath > _BREATH:
                since_breath = 0
                await asyncio.sleep(0)

    def _count_one(self, phone: bytes, text: int) -> None:
        before = self._texts.get(phone)
        if before is None:
            self._texts[phone] = text
            return
        texts = before if isinstance(before, tuple) else (before,)
        if texts.count(text) == 1:
            self._twice += 1
        self._texts[phone] = (*texts, text)
