"""What was spent and paid in, day by day, for ``get.php?get_stat=1``."""

from dataclasses import dataclass
from decimal import Decimal

_DAY = 86_400


@dataclass(slots=True)
class Total:
    """Sums over some days.

    Attributes:
        messages: recipients of sends.
        spent: money taken off the balance.
        added: money paid in.
    """

    messages: int = 0
    spent: Decimal = Decimal(0)
    added: Decimal = Decimal(0)


class Ledger:
    """Sums by day.

    Args:
        utc_offset_hours: the account's time zone, which says when a day begins.
    """

    def __init__(self, utc_offset_hours: int) -> None:
        self._offset = utc_offset_hours * 3600
        self._days: dict[int, Total] = {}
        self._today = Total()
        self._begun = self._over = 0.0

    def spent(self, now: float, amount: Decimal, messages: int) -> None:
        """Count money taken off the balance for so many messages."""
        day = self._day(now)
        day.spent += amount
        day.messages += messages

    def added(self, now: float, amount: Decimal) -> None:
        """Count money paid in."""
        self._day(now).added += amount

    def total(self, start: float, end: float) -> Total:
        """Sum up the days that begin at ``start`` or later, but before ``end`` (seconds since 1970)."""
        whole = Total()
        for number, day in self._days.items():
            if start <= number * _DAY - self._offset < end:
                whole.messages += day.messages
                whole.spent += day.spent
                whole.added += day.added
        return whole

    def _day(self, now: float) -> Total:
        if not self._begun <= now < self._over:
            number = int((now + self._offset) // _DAY)
            self._today = self._days.setdefault(number, Total())
            self._begun = number * _DAY - self._offset
            self._over = self._begun + _DAY
        return self._today
