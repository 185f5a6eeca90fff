"""Incoming messages and ``get.php?get_answers=1`` (SMSC protocol §9.2)."""

import itertools
from dataclasses import dataclass

from worker.simulator.smsc.errors import NO_DATA, RefusedError

LONGEST_HOURS = 168
MOST_ANSWERS = 10_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """One incoming message.

    Attributes:
        number: its id.
        phone: who sent it.
        to_phone: the account's number that received it.
        text: its text.
        sent: when it was sent, seconds since 1970.
        received: when it came in.
    """

    number: int
    phone: str
    to_phone: str
    text: str
    sent: float
    received: float


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """Which messages are asked for.

    Attributes:
        most: how many at most.
        since: received at this moment or later, seconds since 1970.
        after: only ids above this one, None for all.
        to_phone: only what this number received, empty for all.
    """

    most: int
    since: float
    after: int | None
    to_phone: str


class Inbox:
    """All incoming messages, oldest first."""

    def __init__(self) -> None:
        self._messages: list[Incoming] = []
        self._ids = itertools.count(1)

    def put(self, phone: str, to_phone: str, text: str, *, sent: float, received: float) -> Incoming:
        """Store a message."""
        message = Incoming(next(self._ids), phone, to_phone, text, sent, received)
        self._messages.append(message)
        return message

    def find(self, query: InboxQuery, *, empty_is_error: bool) -> list[Incoming]:
        """Find messages, oldest first [assumed].

        Of more than are wanted, those with the lowest ids are given after ``after_id``, so that asking again
        and again misses none, and otherwise the newest [assumed].

        Args:
            query: which.
            empty_is_error: having found none is an error.

        Returns:
            The messages.

        Raises:
            RefusedError: error 3 if there are none and that is an error.
        """
        found = [
            message
            for message in self._messages
            if message.received >= query.since
            and (query.after is None or message.number > query.after)
            and query.to_phone in ("", message.to_phone)
        ]
        if not found and empty_is_error:
            raise RefusedError(3, NO_DATA)
        return found[-query.most :] if query.after is None else found[: query.most]
