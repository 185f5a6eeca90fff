"""The one account: its credentials and its money."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal

from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.errors import RefusedError
from worker.simulator.smsc.ledger import Ledger

CREDENTIALS = frozenset({"login", "psw", "apikey"})


class Account:
    """Credentials and balance.

    Args:
        config: the simulator's settings.

    Attributes:
        balance: money on the account.
        credit: allowed debt.
        ledger: what was spent and paid in, by day.
    """

    def __init__(self, config: SimulatorConfig) -> None:
        self.balance = config.balance
        self.credit = config.credit
        self.ledger = Ledger(config.utc_offset_hours)
        password = config.password.encode()
        self._login = config.login
        self._api_key = config.api_key
        self._passwords = {
            config.password,
            hashlib.md5(password, usedforsecurity=False).hexdigest(),
            hashlib.sha1(password, usedforsecurity=False).hexdigest(),
        }

    def check(self, parameters: Mapping[str, str]) -> None:
        """Let the owner in (SMSC protocol §1.1).

        An API key counts in ``apikey``, whatever ``login`` says, and in ``psw`` with an empty login.

        Args:
            parameters: of the request.

        Raises:
            RefusedError: error 1 if there are no credentials at all [assumed], else 2 for wrong ones.
        """
        login, password, key = (parameters.get(name, "") for name in ("login", "psw", "apikey"))
        if not (login or password or key):
            raise RefusedError(1)
        if key == self._api_key or (not login and password == self._api_key):
            return
        if key or login != self._login or password not in self._passwords:
            raise RefusedError(2)

    def can_pay(self, amount: Decimal) -> bool:
        """Tell whether balance and credit cover an amount."""
        return amount <= self.balance + self.credit

    def pay(self, amount: Decimal, now: float, messages: int = 0) -> None:
        """Take an amount off the balance, for so many messages."""
        self.balance -= amount
        self.ledger.spent(now, amount, messages)

    def set_balance(self, amount: Decimal, now: float) -> None:
        """Have this balance; what it is more than before was paid in."""
        self.ledger.added(now, max(amount - self.balance, Decimal(0)))
        self.balance = amount
