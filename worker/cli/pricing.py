"""What a file of recipients would cost, estimated from a random sample that the provider prices."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from producers.answers import Price
from producers.errors import SmsqError
from producers.money import format_units
from producers.provider_calls import MOST_PRICED
from producers.questions import AskPrice
from producers.recipients.chunk import Chunk
from producers.settings import Settings
from worker.cli import asking

#: Parts of the sample that are priced by themselves: how much they differ tells how good the estimate is.
_PARTS = 4
#: Student's t for 95 % by the number of parts.
_STUDENT = {2: 12.706, 3: 4.303, 4: 3.182}
#: Seconds to wait for the provider: a dry run is looked at by somebody.
_PATIENCE = 30.0


@dataclass(frozen=True)
class Recipient:
    """A recipient of the sample; ``text`` is None when all get the same."""

    phone: int
    text: str | None
    segments: int


class Sample:
    """Draws at most ``size`` recipients, each with the same probability, from a stream of unknown length.

    Algorithm L of Kim-Hung Li (1994): it draws by lot how many to leave out, not once for each.

    Args:
        seed: The same seed draws the same of the same file.
        size: How many.
    """

    def __init__(self, seed: bytes, size: int = MOST_PRICED) -> None:
        self._lots = random.Random(seed)  # noqa: S311 - a sample, no secret
        self._size = size
        self._seen = 0
        self._weight = 1.0
        self._next = size
        self.recipients: list[Recipient] = []

    def add(self, chunk: Chunk) -> None:
        """Draw from a chunk."""
        first, count = self._seen, len(chunk.phones)
        self._seen += count
        while len(self.recipients) < self._size and len(self.recipients) < self._seen:
            self.recipients.append(_recipient(chunk, len(self.recipients) - first))
            if len(self.recipients) == self._size:
                self._next = self._size - 1
                self._skip()
        while self._next < self._seen:
            self.recipients[self._lots.randrange(self._size)] = _recipient(chunk, self._next - first)
            self._skip()

    def _skip(self) -> None:
        self._weight *= math.exp(math.log(self._lots.random() or 1e-300) / self._size)
        self._next += int(math.log(self._lots.random() or 1e-300) / math.log1p(-self._weight)) + 1

    def parts(self) -> list[list[Recipient]]:
        """Return the sample: whole when it is everybody, else in a few random parts."""
        if self._seen == len(self.recipients):
            return [self.recipients]
        shuffled = self.recipients[:]
        self._lots.shuffle(shuffled)
        return [shuffled[number::_PARTS] for number in range(_PARTS)]


def _recipient(chunk: Chunk, index: int) -> Recipient:
    return Recipient(
        chunk.phones[index], None if chunk.texts is None else chunk.texts[index], chunk.segments[index]
    )


@dataclass(frozen=True)
class Estimate:
    """What a file would cost.

    Attributes:
        cost: In 1/10000 of the currency.
        exact: Every recipient was priced.
        sample: How many were.
        plus_minus: Half of the interval that holds the true price in 95 of 100 cases.
    """

    cost: int
    exact: bool
    sample: int
    plus_minus: int

    def json(self) -> dict[str, object]:
        """Return the public JSON."""
        return {
            "cost": format_units(self.cost),
            "exact": self.exact,
            "sample": self.sample,
            "plus_minus": format_units(self.plus_minus),
        }

    def __str__(self) -> str:
        if self.exact:
            return f"{format_units(self.cost)} (exact: every recipient was priced)"
        return (
            f"{format_units(self.cost)} (estimate from a sample of {self.sample}:"
            f" ± {format_units(self.plus_minus)})"
        )


def ask_price(
    settings: Settings,
    sample: Sample,
    text: str | None,
    sender: str,
    *,
    recipients: int,
    segments: int,
    timeout: float = _PATIENCE,
) -> Estimate:
    """Have the provider price the sample, and extrapolate by segments.

    Args:
        settings: The settings.
        sample: Of the file.
        text: The text for all; None when each has one of his own.
        sender: Sender ID.
        recipients: Of the whole file.
        segments: Likewise, as counted here.
        timeout: Seconds to wait for the provider.

    Raises:
        SmsqError: There is no price; nothing was sent.
    """
    parts = [part for part in sample.parts() if part]
    prices = asyncio.run(_ask(settings, [_question(part, text, sender) for part in parts], timeout))
    counts = [sum(recipient.segments for recipient in part) for part in parts]
    return extrapolate(
        [price.cost for price in prices],
        counts,
        sample=sum(map(len, parts)),
        recipients=recipients,
        segments=segments,
    )


def extrapolate(
    costs: Sequence[int], counts: Sequence[int], *, sample: int, recipients: int, segments: int
) -> Estimate:
    """Return what the whole costs, from the prices and segments of parts of a sample."""
    if sample == recipients:
        return Estimate(sum(costs), exact=True, sample=sample, plus_minus=0)
    a_segment = sum(costs) / sum(counts)
    cost = round(a_segment * segments)
    each = [price / count for price, count in zip(costs, counts, strict=True)]
    mean = sum(each) / len(each)
    variance = sum((one - mean) ** 2 for one in each) / (len(each) - 1)
    # What was priced is known: only the others are guessed.
    error = math.sqrt(variance / len(each) * (1 - sample / recipients))
    return Estimate(
        cost, exact=False, sample=sample, plus_minus=math.ceil(_STUDENT[len(each)] * error * segments)
    )


def _question(part: Sequence[Recipient], text: str | None, sender: str) -> AskPrice:
    phones = tuple(str(recipient.phone) for recipient in part)
    if text is not None:
        return AskPrice(recipients=phones, text=text, sender=sender)
    return AskPrice(recipients=phones, texts=tuple(recipient.text or "" for recipient in part), sender=sender)


async def _ask(settings: Settings, questions: Sequence[AskPrice], timeout: float) -> list[Price]:  # noqa: ASYNC109
    found = await asyncio.gather(
        *(asking.ask_async(settings, question, timeout) for question in questions), return_exceptions=True
    )
    for one in found:
        if isinstance(one, SmsqError):
            raise one
        if isinstance(one, BaseException):
            raise one
    return [asking.expect(one, Price) for one in found if not isinstance(one, BaseException)]
