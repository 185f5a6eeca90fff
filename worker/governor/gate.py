"""The gate: one question for each request, "may it go out now?"."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from producers.ledger import keys
from producers.ledger.calls import Call
from producers.states import Lane
from worker.governor.rules import RESERVED_FOR_URGENT, RULES, window_seconds

_LUA = Path(__file__).parent / "lua"
#: Milliseconds. A slot is renewed while its request is under way (`worker.heartbeat`); when its owner dies it
#: comes free by itself. Look-ups aren't renewed: they hold one of few slots of their own.
SLOT_LEASE_MS = 20_000
LOOK_UP_LEASE_MS = 75_000


@dataclass(frozen=True)
class Permit:
    """Permission for one request; must be given back with `Gate.release`.

    Attributes:
        token: The slot in flight.
        fingerprint: What makes requests identical.
        endpoint: Such as ``send``.
        stamp: When it was logged, in ms.
        probing: The request finds out whether the account works: no other one is under way.
    """

    token: str
    fingerprint: str
    endpoint: str
    stamp: int
    probing: bool


@dataclass(frozen=True)
class Wait:
    """No permission now.

    Attributes:
        rule: ``paused``, ``identical``, ``any`` or ``in_flight``.
        seconds: How long; 0 when nobody knows.
        reason: Why the account is paused.
    """

    rule: str
    seconds: float
    reason: str = ""


class Gate:
    """The rules of one account.

    Args:
        account: Name of the account.
        provider: ``smsc`` or ``sms2``.
        credentials: Digest that changes with the credentials.
        minute: Seconds that the provider's windows last.
    """

    def __init__(self, account: str, provider: str, credentials: str, *, minute: float = 60.0) -> None:
        self.account = account
        self.provider = provider
        self.credentials = credentials
        self.minute = minute
        self.window_ms = round(window_seconds(minute) * 1000)

    def _keys(self, endpoint: str, fingerprint: str) -> list[str]:
        prefix = f"{keys.PREFIX}g:{self.account}:"
        group = RULES[self.provider, endpoint].flight_group
        return [
            f"{prefix}flight:{group}",
            f"{prefix}same:{endpoint}:{fingerprint}",
            keys.account(self.account),
            f"{prefix}any:{endpoint}",
        ]

    def acquire(self, endpoint: str, fingerprint: str, lane: Lane, *, now_ms: int = 0) -> Call[Permit | Wait]:
        """Ask for permission; see ``lua/acquire.lua``."""
        rule = RULES[self.provider, endpoint]
        lease_ms = SLOT_LEASE_MS if endpoint == "send" else LOOK_UP_LEASE_MS
        limit = rule.in_flight - (RESERVED_FOR_URGENT if lane is Lane.BULK else 0)
        token = uuid4().hex

        def parse(reply: list[Any]) -> Permit | Wait:
            word = reply[0].decode()
            if word == "granted":
                return Permit(token, fingerprint, endpoint, reply[1], probing=reply[2] == 1)
            return Wait(word, reply[1] / 1000, reply[2].decode())

        return Call.lua(
            "acquire",
            self._keys(endpoint, fingerprint),
            [
                token,
                limit,
                lease_ms,
                rule.identical,
                self.window_ms,
                self.credentials,
                now_ms,
                rule.any,
                int(not rule.spends),
            ],
            parse,
            directory=_LUA,
        )

    def renew(self, permit: Permit, *, lease_ms: int) -> Call[int]:
        """Keep a slot for another ``lease_ms`` by this machine's clock, if it wasn't given back or lost."""
        flight = self._keys(permit.endpoint, permit.fingerprint)[0]
        until = int(time.time() * 1000) + lease_ms
        return Call(("ZADD", flight, "XX", until, permit.token), int)

    def release(
        self,
        permit: Permit,
        *,
        sent: bool,
        works: bool = False,
        error: bool = False,
        pause: float = 0.0,
        reason: str = "",
        at_work: bool = False,
        late: float = 0.0,
        now_ms: int = 0,
    ) -> Call[int]:
        """Give a permit back; see ``lua/release.lua``.

        Args:
            permit: What `acquire` gave.
            sent: Whether anything may have left; only then the request counts as made.
            works: The answer shows that the account works.
            error: The answer was an error: many in a row make a provider block our address.
            pause: Seconds for which nothing may be sent on the account.
            reason: Why it is paused, as a stable word.
            at_work: The provider may still be at work on the request: it counts it as one of those at once,
                whether we wait for the answer or not, so the slot stays taken for another while.
            late: Seconds from the permit to the reply: the provider counted the request before that.
            now_ms: For tests: the time; 0 is the server's clock.
        """
        verdict, value = "", ""
        if pause > 0:
            verdict, value = "pause", str(round(pause * 1000))
        elif works:
            verdict, value = ("proven", self.credentials) if permit.probing else ("works", "")
        rule = RULES[self.provider, permit.endpoint]
        run_ms = round(rule.error_run_minutes * self.minute * 1000)
        return Call.lua(
            "release",
            self._keys(permit.endpoint, permit.fingerprint),
            [
                permit.token,
                0 if sent else permit.stamp,
                verdict,
                value,
                reason,
                now_ms,
                int(error),
                rule.error_run,
                run_ms,
                self.credentials,
                SLOT_LEASE_MS if at_work else 0,
                permit.stamp if sent and late > 0 else 0,
                round(late * 1000),
                self.window_ms,
            ],
            int,
            directory=_LUA,
        )
