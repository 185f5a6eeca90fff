"""SMSC's throttles (SMSC protocol §4) and its lock-out of erring addresses (error 4)."""

import hashlib
from collections.abc import Sequence

from worker.simulator.calls import Call
from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.account import CREDENTIALS
from worker.simulator.smsc.errors import TOO_MANY_AT_ONCE, RefusedError
from worker.simulator.throttle import LockOut, SlidingWindow

REQUESTS_A_MINUTE = {
    "send": 1,
    "price": 5,
    "status": 5,
    "mass status": 1,
    "balance": 10,
    "get": 3,
    "info": 3,
    "info of any kind": 100,
    "wait_call": 50,
    "receive_phones": 2,
    "downloads": 3,
}
"""Requests allowed in a minute: identical ones, but for ``status`` (for the same message), ``mass status``
(of any kind, see ``any_mass_status``), ``balance`` and ``info of any kind``."""

# So many at once are already too many.
TOO_MANY_OF_A_LOGIN = 15
TOO_MANY_STATUS_REQUESTS = 5

# [assumed]: "many errors" is all that is known. Failures, minutes within which they fall, minutes of
# lock-out.
FAILED_SENDS = (100, 10, 10)
FAILED_LOGINS = (5, 30, 30)


class Limits:
    """Everything that is limited for the account and for its callers' addresses.

    Which requests count: every one that was let in by credentials and concurrency, whatever becomes of it
    afterwards [assumed]; refused ones don't.

    Args:
        config: the simulator's settings.
    """

    def __init__(self, config: SimulatorConfig) -> None:
        self._on = config.throttle
        self._blocking = config.throttle and config.block_addresses
        self._ignored = CREDENTIALS | {"id"} if config.identity_ignores_id else CREDENTIALS
        self._any_mass_status = config.any_mass_status
        minute = config.minute
        self._windows = {name: SlidingWindow(most, minute) for name, most in REQUESTS_A_MINUTE.items()}
        self._sends_failed = _lock_out(FAILED_SENDS, minute, in_a_row=True)
        self._logins_failed = _lock_out(FAILED_LOGINS, minute, in_a_row=False)

    def check_address(self, address: str, now: float) -> None:
        """Refuse a locked-out address with error 4, whatever it asks for."""
        if self._blocking and (
            self._sends_failed.is_out(address, now) or self._logins_failed.is_out(address, now)
        ):
            raise RefusedError(4)

    def check_crowd(self, endpoint: str, crowd: int) -> None:
        """Refuse a request when too many are being served, this one included."""
        most = TOO_MANY_STATUS_REQUESTS if endpoint == "status.php" else TOO_MANY_OF_A_LOGIN
        if self._on and crowd >= most:
            raise RefusedError(9, TOO_MANY_AT_ONCE)

    def check_send(self, call: Call, now: float) -> None:
        """Refuse a send, or a price request (``cost=1``), that is identical to recent ones."""
        kind = "price" if call.parameters.get("cost") == "1" else "send"
        if self._on and not self._windows[kind].admit(_identity(call, self._ignored), now):
            raise RefusedError(9)

    def check_identical(self, kind: str, call: Call, now: float) -> None:
        """Refuse a request that is identical to recent ones, by the rule of that name."""
        if self._on and not self._windows[kind].admit(_identity(call, CREDENTIALS), now):
            raise RefusedError(9)

    def check_status(self, messages: Sequence[tuple[str, str]], now: float, *, mass: bool) -> None:
        """Refuse a status request that comes too soon.

        A mass request doesn't count for its single messages [assumed].

        Args:
            messages: ids and phones asked for.
            now: seconds.
            mass: it is a request in the form for many messages, even if it names one only.
        """
        if not self._on:
            return
        kind, key = "status", tuple(messages)
        if mass:
            kind, key = "mass status", () if self._any_mass_status else key
        if not self._windows[kind].admit(key, now):
            raise RefusedError(9)

    def check_any(self, kind: str, now: float) -> None:
        """Refuse one request too many, of whatever form [assumed], by the rule of that name."""
        if self._on and not self._windows[kind].admit("", now):
            raise RefusedError(9)

    def saw_outcome(self, call: Call, error: int | None, now: float) -> None:
        """Note how a request ended, for the lock-out."""
        if error == 2:
            self._logins_failed.failed(call.address, now)
        if call.endpoint == "send.php":
            if error is None:
                self._sends_failed.succeeded(call.address)
            else:
                self._sends_failed.failed(call.address, now)

    def clear(self) -> None:
        """Forget all past requests and let everybody in again."""
        for window in self._windows.values():
            window.clear()
        self._sends_failed.clear()
        self._logins_failed.clear()


def _identity(call: Call, ignored: frozenset[str]) -> bytes:
    parameters = sorted(item for item in call.parameters.items() if item[0] not in ignored)
    whole = "\0".join(f"{name}\1{value}" for name, value in (*parameters, *sorted(call.files.items())))
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _lock_out(rule: tuple[int, int, int], minute: float, *, in_a_row: bool) -> LockOut:
    limit, within, penalty = rule
    return LockOut(limit, within * minute, penalty * minute, in_a_row=in_a_row)
