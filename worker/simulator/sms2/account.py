"""The account at SMS2: the same login and password as at SMSC, and money of its own."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal

from worker.simulator.config import SimulatorConfig
from worker.simulator.segments import count_segments
from worker.simulator.sms2 import errors
from worker.simulator.sms2.errors import RefusedError

CREDENTIALS = frozenset({"user", "login", "pass", "hash"})


class Account:
    """Credentials, balance, and whether the gate is open.

    Args:
        config: the simulator's settings.

    Attributes:
        balance: money on the account.
        overdraft: how far it may fall.
        switched_off: the gate is closed for this account.
        senders: registered sender IDs, empty for any.
    """

    def __init__(self, config: SimulatorConfig) -> None:
        self.balance = config.balance if config.sms2_balance is None else config.sms2_balance
        self.overdraft = -config.credit if config.sms2_overdraft is None else config.sms2_overdraft
        self.switched_off = False
        self.senders = config.sms2_senders
        self._price = config.price if config.sms2_price is None else config.sms2_price
        self._per_segment = config.sms2_per_segment
        self._login = config.login
        self._password = config.password
        self._hash = hashlib.md5(config.password.encode(), usedforsecurity=False).hexdigest()

    def check(self, given: Mapping[str, str]) -> None:
        """Let the owner in by ``user`` and ``pass``.

        ``login`` stands in for ``user``, as in the provider's HTML samples.

        Raises:
            RefusedError: they are wrong, or not there.
        """
        self._check_login(given)
        if given.get("pass") != self._password:
            raise RefusedError(errors.AUTHENTICATION)

    def check_hash(self, given: Mapping[str, str]) -> None:
        """Let the owner in by ``user`` and ``hash``, as the MMS gate does.

        Upper-case hex will do too [assumed], the password itself won't.

        Raises:
            RefusedError: they are wrong, or not there.
        """
        self._check_login(given)
        if given.get("hash", "").lower() != self._hash:
            raise RefusedError(errors.AUTHENTICATION)

    def check_open(self) -> None:
        """Refuse sending while the gate is closed; balance, statuses and bases still answer [assumed]."""
        if self.switched_off:
            raise RefusedError(errors.SWITCHED_OFF)

    def cost_of(self, text: str) -> Decimal:
        """Tell what an SMS with this text costs."""
        return self._price * count_segments(text) if self._per_segment else self._price

    def cost_of_mms(self) -> Decimal:
        """Tell what an MMS costs: as much as an SMS, and from the same balance [assumed]."""
        return self._price

    def can_pay(self, cost: Decimal) -> bool:
        """Tell whether the balance stays at the overdraft or above."""
        return self.balance - cost >= self.overdraft

    def pay(self, cost: Decimal) -> None:
        """Take money off the balance.

        Raises:
            RefusedError: it would fall below the overdraft.
        """
        if not self.can_pay(cost):
            raise RefusedError(errors.NO_CREDIT)
        self.balance -= cost

    def _check_login(self, given: Mapping[str, str]) -> None:
        if (given.get("user") or given.get("login")) != self._login:
            raise RefusedError(errors.AUTHENTICATION)
