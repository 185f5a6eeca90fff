"""The messages that SMS2 took, and their ids."""

import itertools
import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_ALPHABET = string.digits + string.ascii_letters
_LENGTH = 8
_RANGE = len(_ALPHABET) ** _LENGTH
_STEP = 130_000_000_000_051
"""Shares no factor with the range, so that as many ids as the range has come before one repeats."""


@dataclass(slots=True, eq=False)
class Message:
    """What one request, or one multicast, left behind.

    Attributes:
        message_id: its id; a multicast has none.
        kind_name: ``sms``, ``flash``, ``mms`` or ``multicast``.
        phones: its recipients.
        text: its text; of an MMS, subject and text.
        sender: sender ID.
        taken_at: when it came, seconds since 1970.
        picture: digest of an MMS's picture, empty without one.
    """

    message_id: str
    kind_name: str
    phones: tuple[str, ...]
    text: str
    sender: str
    taken_at: float
    picture: str = ""

    @property
    def size(self) -> int:
        """How many recipients it has."""
        return len(self.phones)

    def takes(self) -> Iterator[tuple[bytes, int]]:
        """Give each recipient and a hash of the text, the same as at SMSC; an MMS is another text."""
        text = hash_text(self.text)
        if self.kind_name == "mms":
            text = hash((self.kind_name, text, self.picture))
        return ((phone.encode(), text) for phone in self.phones)

    def describe(self) -> dict[str, Any]:
        """Tell what was taken, for ``/_books/sms2/messages``."""
        return {
            "id": self.message_id,
            "kind": self.kind_name,
            "phones": list(self.phones),
            "text": self.text,
            "sender": self.sender,
            "at": self.taken_at,
            "picture": self.picture,
        }


def hash_text(text: str) -> int:
    """Hash a text by the bytes in which SMSC's side stores it."""
    try:
        return hash(text.encode("cp1251"))
    except UnicodeEncodeError:
        return hash(text.encode("utf-8", "replace"))


class Messages:
    """All messages, and by id.

    Args:
        seed: of the ids.
    """

    def __init__(self, seed: int) -> None:
        self._numbers = itertools.count(seed + 1)
        self._by_id: dict[str, Message] = {}
        self._all: list[Message] = []

    def assign_id(self) -> str:
        """Give the next id: letters and digits in no order that a client could guess [assumed]."""
        rest = next(self._numbers) * _STEP % _RANGE
        letters = []
        for _ in range(_LENGTH):
            rest, digit = divmod(rest, len(_ALPHABET))
            letters.append(_ALPHABET[digit])
        return "".join(letters)

    def add(self, message: Message) -> None:
        """Add a message."""
        self._all.append(message)
        if message.message_id:
            self._by_id[message.message_id] = message

    def find(self, message_id: str) -> Message | None:
        """Find a message by its id, None if there is none."""
        return self._by_id.get(message_id)

    def newest_first(self) -> Iterator[Message]:
        """Give all messages, the last one first."""
        return reversed(self._all)
