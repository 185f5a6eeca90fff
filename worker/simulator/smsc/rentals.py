"""Renting numbers: ``receive_phones.php`` (SMSC protocol §8.2)."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from worker.simulator.books import Books
from worker.simulator.config import FreeNumber, SimulatorConfig
from worker.simulator.prices import padded
from worker.simulator.smsc.account import Account
from worker.simulator.smsc.errors import RefusedError

_KOPECK = Decimal("0.01")


@dataclass(slots=True)
class _Rental:
    number: FreeNumber
    at: float
    cost: Decimal
    noprolong: bool


class Rentals:
    """The stock of numbers and what the account has rented of it.

    Renting charges the rest of the month; what follows at its end isn't played [assumed].

    Args:
        config: the simulator's settings.
        account: who pays.
        books: where rentals are counted.
    """

    def __init__(self, config: SimulatorConfig, account: Account, books: Books) -> None:
        self._account = account
        self._books = books
        self._zone = timezone(timedelta(hours=config.utc_offset_hours))
        self._stock = {number.phone: number for number in config.numbers}
        self._rented: dict[str, _Rental] = {}

    def free(self, now: float) -> list[dict[str, Any]]:
        """Describe the numbers that nobody has rented [assumed: no others are listed]."""
        return [
            {
                "phone": number.phone,
                "type": number.type,
                "cost": padded(number.cost),
                "current_cost": padded(self._rest_of_month(number.cost, now)),
                "info": number.info,
            }
            for number in self._stock.values()
            if number.phone not in self._rented
        ]

    def buy(self, given: Mapping[str, str], now: float) -> Decimal:
        """Rent a number.

        Args:
            given: the request's parameters.
            now: seconds since 1970.

        Returns:
            The money charged.

        Raises:
            RefusedError: error 1 for a number that isn't free [assumed] and a wrong ``noprolong`` [assumed],
                error 3 without money for it.
        """
        number = self._stock.get(_phone(given))
        noprolong = _flag(given)
        if number is None or number.phone in self._rented:
            raise RefusedError(1)
        cost = self._rest_of_month(number.cost, now)
        if not self._account.can_pay(cost):
            raise RefusedError(3)
        self._account.pay(cost, now)
        self._rented[number.phone] = _Rental(number, now, cost, bool(noprolong))
        self._books.rented(number.phone, cost)
        return cost

    def change(self, given: Mapping[str, str]) -> None:
        """Change whether a rental is renewed.

        Args:
            given: the request's parameters.

        Raises:
            RefusedError: error 1 for a number that isn't the account's, or without ``noprolong`` [assumed].
        """
        rental = self._rented.get(_phone(given))
        noprolong = _flag(given)
        if rental is None or noprolong is None:
            raise RefusedError(1)
        rental.noprolong = noprolong

    def rented(self) -> list[dict[str, Any]]:
        """Describe the account's numbers, for the books."""
        return [
            {
                "phone": phone,
                "at": rental.at,
                "cost": padded(rental.cost),
                "noprolong": int(rental.noprolong),
            }
            for phone, rental in self._rented.items()
        ]

    def _rest_of_month(self, cost: Decimal, now: float) -> Decimal:
        """Price the days from today to the end of the month, in kopecks [assumed]."""
        today = datetime.fromtimestamp(now, self._zone)
        days = calendar.monthrange(today.year, today.month)[1]
        return (cost * (days - today.day + 1) / days).quantize(_KOPECK)


def _phone(given: Mapping[str, str]) -> str:
    return given.get("phone", "").strip().removeprefix("+")


def _flag(given: Mapping[str, str]) -> bool | None:
    """Read ``noprolong``: None if it isn't there."""
    text = given.get("noprolong", "")
    if text not in ("", "0", "1"):
        raise RefusedError(1)
    return None if text == "" else text == "1"
