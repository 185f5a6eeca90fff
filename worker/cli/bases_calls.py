"""Requests for phone bases at SMS2: within the governor's rules, and repeated when an answer gets lost."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from producers.asking import PATIENCE
from producers.errors import SmsqError
from producers.states import Lane
from worker.accounts import Account
from worker.asking import Turn, ask_within_rules
from worker.cli.answers import note
from worker.governor.gate import Wait
from worker.patience import PatientStore
from worker.providers.base import ProviderError
from worker.providers.sms2 import Sms2Client
from worker.providers.sms2.bases import Base
from worker.retry import ASK_AGAIN

T = TypeVar("T")

_ENDPOINT = "bases"
#: Times that a request is made whose answer doesn't come: what is in a base can be put there again.
_TRIES = 4
#: Seconds before the second try; each further pause is twice as long.
_PAUSE = 0.5
#: Seconds between two looks for a slot in flight.
_LOOK = 0.05
#: Reasons for which the provider refuses a number, not the request.
REFUSED = frozenset({"wrong_phone", "cannot_add", "cannot_remove"})


class StoppedError(Exception):
    """No further request is made: the user ended the command."""


@dataclass(frozen=True)
class BaseCalls:
    """The account's phone bases; what fails is a `ProviderError`, or `StoppedError`.

    Attributes:
        ledger: Where the governor is.
        account: The account.
        stopping: Set when the user has ended the command.
    """

    ledger: PatientStore
    account: Account
    stopping: asyncio.Event

    async def bases(self) -> list[Base]:
        """Return all bases."""
        return await self._ask(Lane.CONTROL, lambda client, turn: client.list_bases(may_send=turn.may_send))

    async def phones(self, base: str) -> list[int]:
        """Return the numbers of a base, none twice."""
        found = await self._ask(
            Lane.CONTROL, lambda client, turn: client.get_base(base, may_send=turn.may_send)
        )
        return list(dict.fromkeys(found))

    async def has(self, base: str, phone: int) -> bool:
        """Say whether a number is in a base."""
        return await self._ask(
            Lane.CONTROL, lambda client, turn: client.has_phone(base, phone, may_send=turn.may_send)
        )

    async def add(self, base: str, phones: Sequence[int]) -> set[int]:
        """Add numbers; returns those that the provider did not say it has added."""
        try:
            if len(phones) == 1:
                await self._ask(
                    Lane.BULK,
                    lambda client, turn: client.add_phone(base, phones[0], may_send=turn.may_send),
                )
                return set()
            told = await self._ask(
                Lane.BULK, lambda client, turn: client.add_phones(base, phones, may_send=turn.may_send)
            )
        except ProviderError as error:
            if error.reason not in REFUSED:
                raise
            if len(phones) == 1:
                return set(phones)
            # Not documented for a batch, so nobody says that it can't be: one number may be to blame.
            half = len(phones) // 2
            return await self.add(base, phones[:half]) | await self.add(base, phones[half:])
        written = {str(phone): phone for phone in phones}
        named = {written[phone] for phone in told.refused if phone in written}
        return named if told.added + len(named) == len(written) else set(phones)

    async def remove(self, base: str, phone: int) -> bool:
        """Remove a number; returns whether the provider says that it has."""
        try:
            await self._ask(
                Lane.BULK, lambda client, turn: client.remove_phone(base, phone, may_send=turn.may_send)
            )
        except ProviderError as error:
            if error.reason not in REFUSED:
                raise
            return False
        return True

    async def _ask(self, lane: Lane, call: Callable[[Sms2Client, Turn], Awaitable[T]]) -> T:
        """Make a request when the governor allows it, and again when no answer comes.

        Changes go in the bulk lane, which leaves a slot to urgent messages: removing is many small requests.
        """
        client = cast("Sms2Client", self.account.provider)
        clock = asyncio.get_running_loop().time
        deadline, failed = clock() + PATIENCE, 0
        while True:
            if self.stopping.is_set():
                raise StoppedError
            try:
                told = await ask_within_rules(
                    self.ledger, self.account, _ENDPOINT, "", lane, lambda turn: call(client, turn)
                )
            except ProviderError as error:
                failed += 1
                if error.reason not in ASK_AGAIN or failed == _TRIES:
                    raise
                pause = _PAUSE * 2 ** (failed - 1)
            else:
                if not isinstance(told, Wait):
                    return told
                pause = max(told.seconds, _LOOK)
                if told.reason == "auth":
                    # These credentials were refused a short while ago: waiting makes them no better.
                    raise ProviderError(told.reason)
                if clock() + pause > deadline:
                    raise SmsqError(
                        f"SMS2 can't be asked for now ({told.reason or told.rule})",
                        hint=f"ask again in {pause:.0f} s" if pause >= 1 else "ask again later",
                        code=told.reason or "throttled",
                    )
                if pause >= 1 and sys.stderr.isatty():
                    why = told.reason or told.rule
                    note(f"the provider can't be asked yet: {why}, tried again in {pause:.0f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), pause)
