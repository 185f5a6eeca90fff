"""``start_multicast``: one text to all numbers of some bases, now or later."""

import heapq
import itertools
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from worker.simulator.sms2 import errors, magic
from worker.simulator.sms2.account import Account
from worker.simulator.sms2.base_calls import DONE
from worker.simulator.sms2.bases import Base, Bases
from worker.simulator.sms2.books import Sms2Books
from worker.simulator.sms2.errors import RefusedError
from worker.simulator.sms2.messages import Message, Messages
from worker.simulator.sms2.rules import check_letter, check_registered, check_words

_START = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")


class Multicast(NamedTuple):
    """One multicast.

    Attributes:
        start: when it is sent, seconds since 1970.
        number: its place among those that start at the same time.
        names: its bases.
        text: its text.
        sender: its sender ID.
    """

    start: float
    number: int
    names: tuple[str, ...]
    text: str
    sender: str


class Multicasts:
    """Takes multicasts and sends them when their time has come.

    Args:
        account: who pays.
        bases: where the numbers are.
        messages: where they go.
        books: where they are counted.
        utc_offset_hours: the zone of ``start_at``.
    """

    def __init__(
        self, account: Account, bases: Bases, messages: Messages, books: Sms2Books, utc_offset_hours: int
    ) -> None:
        self._account = account
        self._bases = bases
        self._messages = messages
        self._books = books
        self._zone = timezone(timedelta(hours=utc_offset_hours))
        self._numbers = itertools.count()
        self._waiting: list[Multicast] = []

    @property
    def waiting(self) -> int:
        """How many wait for their time."""
        return len(self._waiting)

    def start(self, given: Mapping[str, str], now: float) -> str:
        """Take a multicast.

        Checks come in this order [assumed]: the gate, text and sender ID, registration of the sender ID,
        forbidden words, bases, ``start_at``, money if it starts at once; and their errors are those of
        ``sms.cgi`` where ``api_call.cgi`` has none [assumed]. A ``start_at`` in another form is ``wrong
        function``, as the provider explains this error by wrong parameters, and one in the past means now
        [assumed]. The same text may be sent to a base again at once, and to numbers that had it from
        ``sms.cgi`` [assumed, strict]: a client that starts one twice finds out in the books only.

        Args:
            given: the request's parameters.
            now: seconds since 1970.

        Returns:
            The reply.

        Raises:
            RefusedError: it isn't taken.
        """
        text, sender = given.get("message", ""), given.get("from", "")
        self._account.check_open()
        check_letter(text, sender)
        check_registered(sender, self._account.senders)
        check_words(text)
        # White space around names and empty names don't count, and a base named twice counts once [assumed].
        names = tuple(dict.fromkeys(filter(None, map(str.strip, given.get("bases", "").split(",")))))
        if not names:
            raise RefusedError(errors.WRONG_BASE)
        for name in names:
            self._bases.find(name)
        start = self._read_start(given.get("start_at", ""), now)
        multicast = Multicast(start, next(self._numbers), names, text, sender)
        if start > now:
            heapq.heappush(self._waiting, multicast)
        else:
            self._send(multicast)
        return DONE

    def settle(self, now: float) -> None:
        """Send what should have been sent by now; what can't be paid for then is given up [assumed]."""
        while self._waiting and self._waiting[0].start <= now:
            multicast = heapq.heappop(self._waiting)
            try:
                self._send(multicast)
            except RefusedError:
                self._books.unpaid()

    def _send(self, multicast: Multicast) -> None:
        """Take the money and send to each number once, whatever bases have it then [assumed: not before]."""
        reached: set[str] = set()
        parts: list[tuple[str, list[str]]] = []
        for name in multicast.names:
            fresh = _numbers(self._bases.find(name), reached)
            reached.update(fresh)
            parts.append((name, fresh))
        cost = self._account.cost_of(multicast.text) * len(reached)
        if reached:
            self._account.pay(cost)
        phones = tuple(phone for _, fresh in parts for phone in fresh)
        message = Message("", "multicast", phones, multicast.text, multicast.sender, multicast.start)
        self._messages.add(message)
        self._books.took(message, cost)
        self._books.started(multicast.text, parts)

    def _read_start(self, text: str, now: float) -> float:
        if not text:
            return now
        if not _START.fullmatch(text):
            raise RefusedError(errors.WRONG_FUNCTION)
        try:
            start = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=self._zone).timestamp()
        except (ValueError, OverflowError):
            raise RefusedError(errors.WRONG_FUNCTION) from None
        return max(start, now)


def _numbers(base: Base, reached: set[str]) -> list[str]:
    """Give the numbers of a base that can be reached and haven't been."""
    return [phone for phone in base.phones if phone not in reached and phone not in magic.NEVER_REACHED]
