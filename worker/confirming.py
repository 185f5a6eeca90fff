"""Confirmation by the subscriber's call: looking into the inbox for as long as a call is waited for.

The provider files such a call as an incoming message with a text of its own. What was in the inbox before
anybody waited is no answer: the newest id is noted before the first wait begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog

from producers.answers import Inbox
from producers.ledger import awaited_calls, timer
from producers.ledger.accounts import note_inbox, read_inbox
from producers.questions import AskInbox
from producers.states import Lane
from worker.accounts import Account
from worker.asking import ask_within_rules
from worker.governor.gate import Wait
from worker.governor.rules import window_seconds
from worker.patience import PatientStore
from worker.providers.base import ProviderError

log = structlog.get_logger()

#: The text of the message that a call leaves (SMSC protocol, wait_call).
CALLED = "[waitcall]"
#: Hours: the window is 15 minutes.
_HOURS = 1
_COUNT = 10_000


@dataclass(frozen=True)
class Confirmer:
    """Looks for the calls of one account's subscribers.

    Attributes:
        ledger: The ledger.
        account: The account.
    """

    ledger: PatientStore
    account: Account

    @property
    def pause(self) -> float:
        """Seconds between two looks: three identical ones are allowed a minute, one is left to others."""
        return window_seconds(self.account.minute) / 2

    async def prepare(self) -> Wait | None:
        """Note where the inbox ends, unless it is being watched; returns how long to wait first, if so.

        Raises:
            ProviderError: The inbox can't be read.
        """
        if await self.ledger.run(awaited_calls.count_open(self.account.name)):
            return None
        found = await self._read()
        if isinstance(found, Wait):
            return found
        await self._note(found)
        return None

    async def look(self) -> str:
        """Look once, and plan the next look while there is somebody to wait for; returns what was done."""
        name = self.account.name
        if not await self.ledger.run(awaited_calls.count_open(name)):
            await self.ledger.run(timer.drop_entry("confirm", name))
            return "idle"
        pause, done = self.pause, "failed"
        try:
            found = await self._read()
        except ProviderError as error:
            log.warning("inbox_failed", account=name, reason=error.reason, code=error.code)
        else:
            if isinstance(found, Wait):
                pause, done = max(found.seconds, 0.1), "waits"
            else:
                await self._confirm(found)
                done = "looked"
        await self.ledger.run(timer.delay_entry("confirm", name, pause))
        return done

    async def _read(self) -> Inbox | Wait:
        after = await self.ledger.run(read_inbox(self.account.name))
        question = AskInbox(count=_COUNT, hours=_HOURS, after=after)
        provider = self.account.provider

        async def request(turn: Any) -> Inbox:
            answer = await provider.ask(question, may_send=turn.may_send)
            assert isinstance(answer, Inbox)  # noqa: S101 - for the type checker
            return answer

        return await ask_within_rules(
            self.ledger,
            self.account,
            provider.endpoint(question),
            provider.question_fingerprint(question),
            Lane.CONTROL,
            request,
        )

    async def _confirm(self, inbox: Inbox) -> None:
        callers = [message.phone.lstrip("+") for message in inbox.messages if message.text.strip() == CALLED]
        if callers:
            done = await self.ledger.run_all(
                [awaited_calls.confirm(self.account.name, phone) for phone in callers]
            )
            log.info(
                "calls_confirmed", account=self.account.name, calls=sum(done), others=len(done) - sum(done)
            )
        await self._note(inbox)

    async def _note(self, inbox: Inbox) -> None:
        if inbox.messages:
            newest = max(message.id for message in inbox.messages)
            await self.ledger.run(note_inbox(self.account.name, newest))
