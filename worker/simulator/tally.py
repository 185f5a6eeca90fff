"""Who was taken how often, and who got the same text twice.

Counting recipients needs a table of all phones. It is made only when somebody asks, from the batches kept
until then, so that a sending campaign pays nothing for it.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

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


class Tally:
    """The table of one provider's recipients.

    Attributes:
        twice: how many pairs of phone and text were taken more than once.
        kinds: messages by kind.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._clear()

    def _clear(self) -> None:
        self._uncounted: deque[TakenBatch] = deque()
        # One text's hash for a phone that was taken once, a tuple of them for others.
        self._texts: dict[bytes, int | tuple[int, ...]] = {}
        self.twice = 0
        self.kinds: Counter[str] = Counter()

    async def clear(self) -> None:
        """Begin a new table."""
        async with self._lock:
            self._clear()

    def took(self, batch: TakenBatch) -> None:
        """Keep a batch that was taken, to count its recipients when somebody asks."""
        self._uncounted.append(batch)

    async def count(self) -> int:
        """Bring the table up to date, and give the number of its recipients."""
        async with self._lock:
            await self._count()
            return len(self._texts)

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

    def shared_with(self, other: "Tally") -> int:
        """Tell how many pairs of phone and text are in another table too; both must have been counted."""
        shared = 0
        for phone, texts in self._texts.items():
            theirs = other._texts.get(phone)  # noqa: SLF001  the same class
            if theirs is not None:
                shared += len(set(_as_tuple(texts)) & set(_as_tuple(theirs)))
        return shared

    async def _count(self) -> None:
        since_breath = 0
        while self._uncounted:
            batch = self._uncounted.popleft()
            self.kinds[batch.kind_name] += batch.size
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
        texts = _as_tuple(before)
        if texts.count(text) == 1:
            self.twice += 1
        self._texts[phone] = (*texts, text)


def _as_tuple(texts: int | tuple[int, ...]) -> tuple[int, ...]:
    return texts if isinstance(texts, tuple) else (texts,)
