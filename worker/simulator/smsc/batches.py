"""The messages that exist, by batch: 12 bytes a recipient for the phone, and the text if it has its own."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

LONGEST_ID = 40
"""Characters of the longest id there can be (SMSC protocol §3.1)."""

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
        kind: message type.
        sender: sender ID.
        price: money per segment.
        max_parts: segments after which texts were cut, 0 for no limit.
        virtual: taken in test mode.
        status: the final status of all from the beginning, for a refused request; else None.
        rejected: status and error code of recipients that were rejected by themselves.
        deleted: recipients whose messages were deleted.
        before: the batch that had the same id before.
    """

    message_id: int | str
    taken_at: float
    start: float
    phones: bytes
    texts: bytes
    codec: str
    shared: bool
    kind: int
    sender: str
    price: Decimal
    max_parts: int
    virtual: bool
    status: int | None = None
    rejected: dict[str, tuple[int, int]] | None = None
    deleted: set[str] | None = None
    before: "Batch | None" = None

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

    def delete(self, phone: str) -> None:
        """Delete the message to a recipient."""
        if self.deleted is None:
            self.deleted = set()
        self.deleted.add(phone)

    def takes(self) -> Iterator[tuple[bytes, int]]:
        """Give each recipient and a hash of its text, for the books."""
        phones = self.phones[1:-1].split(b",")
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

    def assign_id(self) -> int:
        """Give the next id of the account."""
        return next(self._ids)

    def add(self, batch: Batch) -> None:
        """Add a batch."""
        batch.before = self._latest.get(batch.message_id)
        self._latest[batch.message_id] = batch

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
