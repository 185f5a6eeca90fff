"""The messages that exist, by batch: 12 bytes a recipient for the phone, and the text if it has its own."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from worker.simulator.smsc.extras import Spread
from worker.simulator.smsc.kinds import SMS, Kind

LONGEST_ID = 40
"""Characters of the longest id there can be (SMSC protocol §3.1)."""

FIRST_NUMBER = 1_000_001
"""The first ``int_id`` [assumed: any]: far from the ids, so that nobody takes one for the other."""

_BETWEEN_TEXTS = b"\0"


@dataclass(slots=True, eq=False)
class Batch:
    """What one request left behind.

    Attributes:
        message_id: the id of all its messages.
        taken_at: when it came, seconds since 1970.
        start: when sending begins.
        phones: recipients, each with a comma before it, and one at the end.
        texts: the text of all, or the texts in the order of the phones with a zero byte in between.
        codec: how the texts are encoded.
        shared: one text for all.
        kind: message kind.
        sender: sender ID.
        price: money per segment.
        max_parts: segments after which texts were cut, 0 for no limit.
        virtual: taken in test mode.
        status: the final status of all from the beginning, for a refused request; else None.
        rejected: status and error code of recipients that were rejected by themselves.
        deleted: recipients whose messages were deleted.
        before: the batch that had the same id before.
        comment: what stood below the text, which is not sent.
        note: what else the request said, for ``/_books/messages``.
        spread: how the mailing is spread over time, None if it isn't.
        size: recipients, rejected ones not counted.
        number: the server's own number (``int_id``) of the first message; the others follow.
    """

    message_id: int | str
    taken_at: float
    start: float
    phones: bytes
    texts: bytes
    codec: str
    shared: bool
    kind: Kind
    sender: str
    price: Decimal
    max_parts: int
    virtual: bool
    status: int | None = None
    rejected: dict[str, tuple[int, int]] | None = None
    deleted: set[str] | None = None
    before: "Batch | None" = None
    comment: str = ""
    note: Mapping[str, Any] | None = None
    spread: Spread | None = None
    size: int = 0
    number: int = 0

    @property
    def kind_name(self) -> str:
        """The kind's name, for the books."""
        return self.kind.name

    def recipients(self) -> list[str]:
        """Give all recipients in order, the rejected ones last."""
        taken = self.phones[1:-1].decode()
        return [*(taken.split(",") if taken else ()), *(self.rejected or ())]

    def start_for(self, phone: str) -> float:
        """Tell when sending to a recipient begins."""
        if self.spread is None:
            return self.start
        position = self.phones.count(b",", 0, max(self.phones.rfind(f",{phone},".encode()), 0))
        return self.start + self.spread.wait(position, self.size)

    def holds(self, phone: str) -> bool:
        """Tell whether a message to this recipient is (still) here."""
        if self.deleted is not None and phone in self.deleted:
            return False
        return f",{phone},".encode() in self.phones or (self.rejected is not None and phone in self.rejected)

    def text_for(self, phone: str) -> str:
        """Give the text for a recipient; of several the last, empty for a rejected recipient of a list."""
        if self.shared:
            return self.texts.decode(self.codec)
        position = self.phones.rfind(f",{phone},".encode())
        if position < 0:
            return ""
        return self.texts.split(_BETWEEN_TEXTS)[self.phones.count(b",", 0, position)].decode(self.codec)

    def describe(self) -> dict[str, Any]:
        """Tell what was taken, for ``/_books/messages``; ``refused`` has the status of a refused request."""
        return {
            "id": self.message_id,
            "kind": self.kind_name,
            "phones": self.recipients(),
            "texts": self.texts.decode(self.codec).split("\0"),
            "sender": self.sender,
            "start": self.start,
            "comment": self.comment,
            "refused": self.status,
            "note": dict(self.note or {}),
        }

    def delete(self, phone: str) -> None:
        """Delete the message to a recipient."""
        if self.deleted is None:
            self.deleted = set()
        self.deleted.add(phone)

    def takes(self) -> Iterator[tuple[bytes, int]]:
        """Give each recipient and a hash of its text, for the books; another kind makes it another text."""
        phones = self.phones[1:-1].split(b",")
        if self.kind is not SMS:
            texts = itertools.repeat(self.texts) if self.shared else self.texts.split(_BETWEEN_TEXTS)
            return zip(phones, (hash((self.kind.name, text)) for text in texts), strict=False)
        if self.shared:
            return zip(phones, itertools.repeat(hash(self.texts)), strict=False)
        return zip(phones, map(hash, self.texts.split(_BETWEEN_TEXTS)), strict=True)


class Wording(NamedTuple):
    """Texts as a batch stores them: encoded bytes, the codec, and whether it is one text for all."""

    texts: bytes
    codec: str
    shared: bool


def read_id(text: str) -> int | str:
    """Read an id: digits are a number, anything else is the string that it is."""
    return int(text) if text.isascii() and text.isdigit() else text


def join_phones(phones: Iterable[str]) -> bytes:
    """Bring lists of recipients into the form in which a batch stores them."""
    return f",{','.join(phones)},".encode()


def join_texts(texts: Iterable[str], *, shared: bool) -> Wording:
    """Bring texts into the form in which a batch stores them, in windows-1251 where it suffices."""
    whole = "\0".join(text.replace("\0", "") for text in texts)
    try:
        return Wording(whole.encode("cp1251"), "cp1251", shared)
    except UnicodeEncodeError:
        return Wording(whole.encode("utf-8", "replace"), "utf-8", shared)


class Batches:
    """All batches by id; the latest first where an id repeats.

    Args:
        first_id: the first id to assign.
    """

    def __init__(self, first_id: int) -> None:
        self._latest: dict[int | str, Batch] = {}
        self._ids = itertools.count(first_id)
        self._all: list[Batch] = []
        self._next_number = FIRST_NUMBER

    def assign_id(self) -> int:
        """Give the next id of the account."""
        return next(self._ids)

    def add(self, batch: Batch) -> None:
        """Add a batch, counting its recipients unless somebody has."""
        batch.size = batch.size or batch.phones.count(b",") - 1
        batch.number = self._next_number
        self._next_number += batch.size + (len(batch.rejected) if batch.rejected else 0)
        self._all.append(batch)
        batch.before = self._latest.get(batch.message_id)
        self._latest[batch.message_id] = batch

    def newest_first(self) -> Iterator[Batch]:
        """Give all batches, the last one first."""
        return reversed(self._all)

    def with_id(self, message_id: str) -> Iterator[Batch]:
        """Give all batches with an id, the last one first."""
        batch = self._latest.get(read_id(message_id))
        while batch is not None:
            yield batch
            batch = batch.before

    def find(self, message_id: str, phone: str) -> Batch | None:
        """Find the latest message with this id to this recipient.

        Args:
            message_id: the id as it came in.
            phone: the recipient, without plus sign.

        Returns:
            The batch that has it, None if there is none.
        """
        batch = self._latest.get(read_id(message_id))
        while batch is not None and not batch.holds(phone):
            batch = batch.before
        return batch
