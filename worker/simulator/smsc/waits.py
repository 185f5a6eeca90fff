"""Confirming a number by an incoming call: ``wait_call.php`` (SMSC protocol §8.1).

The subscriber is to call the number in the reply within 15 of the provider's minutes. The call leaves the
incoming message ``[waitcall]`` and ends the waiting [assumed]; a call that comes too late, or to another
number, or that nobody waits for, leaves nothing [assumed].

| subscriber | calls by itself, in sixtieths of the provider's minute |
| --- | --- |
| 79000000501 | after 1 |
| 79000000502 | after 10 |
| 79000000503 | after 1, but another number |
| 79000000504 | too late |

Nobody else calls unless ``/_control`` says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from worker.simulator.books import Books
from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.errors import INVALID_NUMBER, RefusedError
from worker.simulator.smsc.inbox import Inbox

MINUTES = 15
TEXT = "[waitcall]"

_SOON, _LATER = 1, 10
_TOO_LATE = MINUTES * 60 + 1
_SELF_CALLERS = {
    "79000000501": _SOON,
    "79000000502": _LATER,
    "79000000503": _SOON,
    "79000000504": _TOO_LATE,
}
_MISDIALS = "79000000503"
_WRONG_NUMBER = "74950000009"
_PHONE = re.compile(r"\+?([0-9]{10,15})")


@dataclass(frozen=True, slots=True)
class _Wait:
    number: str
    until: float


@dataclass(frozen=True, slots=True)
class _Call:
    at: float
    phone: str
    number: str


class Waits:
    """Who is to call which number.

    Args:
        config: the simulator's settings.
        inbox: where calls leave their message.
        books: where they are counted.
    """

    def __init__(self, config: SimulatorConfig, inbox: Inbox, books: Books) -> None:
        self._config = config
        self._inbox = inbox
        self._books = books
        self._waits: dict[str, _Wait] = {}
        self._coming: list[_Call] = []
        self._asked = 0

    def ask(self, given: Mapping[str, str], now: float) -> tuple[str, tuple[str, ...]]:
        """Begin to wait for a call.

        Asking again while a call is awaited gives the same number and all of the time anew [assumed].

        Args:
            given: the request's parameters.
            now: seconds since 1970.

        Returns:
            The number to call and all numbers that it was picked from, in turn [assumed].

        Raises:
            RefusedError: error 1 without a phone, error 5 for one that is no number [assumed: one client says
                so].
        """
        if not given.get("phone"):
            raise RefusedError(1)
        found = _PHONE.fullmatch(given["phone"].strip())
        if found is None:
            raise RefusedError(5, INVALID_NUMBER)
        phone = found[1]
        numbers = self._numbers_for(phone)
        before = self._waits.get(phone)
        awaited = before is not None and now < before.until
        number = before.number if before is not None and awaited else numbers[self._asked % len(numbers)]
        self._asked += 1
        self._books.count("calls_asked")
        self._waits[phone] = _Wait(number, now + MINUTES * self._config.minute)
        if phone in _SELF_CALLERS and not awaited:
            at = now + _SELF_CALLERS[phone] * self._config.minute / 60
            self._coming.append(_Call(at, phone, _WRONG_NUMBER if phone == _MISDIALS else number))
        return number, numbers

    def call(self, phone: str, number: str | None, now: float, *, late: bool = False) -> bool:
        """Have a subscriber call.

        Args:
            phone: the subscriber.
            number: the number called, None for the right one.
            now: seconds since 1970.
            late: the call comes when its time is over, whatever the clock says.

        Returns:
            Whether the call was awaited.
        """
        wait = self._waits.get(phone)
        if late:
            self._waits.pop(phone, None)
        if wait is None or late or now >= wait.until or number not in (None, wait.number):
            self._books.count("calls_missed")
            return False
        del self._waits[phone]
        self._books.count("calls_came")
        self._inbox.put(phone, wait.number, TEXT, sent=now, received=now)
        return True

    def settle(self, now: float) -> None:
        """Let the calls come that subscribers have made by themselves until now."""
        if not self._coming:
            return
        due = sorted((call for call in self._coming if call.at <= now), key=lambda call: call.at)
        self._coming = [call for call in self._coming if call.at > now]
        for call in due:
            self.call(call.phone, call.number, call.at)

    def _numbers_for(self, phone: str) -> tuple[str, ...]:
        beginnings = [start for start in self._config.wait_numbers if phone.startswith(start)]
        if not beginnings:
            raise RefusedError(5, INVALID_NUMBER)
        return self._config.wait_numbers[max(beginnings, key=len)]
