"""What the library asks the provider: `ask` for every question, and short ways to the usual ones.

`SyncCalls` and `AsyncCalls` are the same for both worlds; `Producer` and `AsyncProducer` inherit them.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from producers import asking
from producers.answers import BalanceAnswer, Price
from producers.asking import PATIENCE, Answered
from producers.contract import address_of
from producers.errors import NotFound, UsageError
from producers.kind_checks import check_message, parse_recipients
from producers.kinds import PLAIN, SendOptions
from producers.ledger import awaited_calls
from producers.ledger.awaited_calls import AwaitedCall
from producers.ledger.calls import Flow
from producers.money import from_units
from producers.phones import parse_phone
from producers.questions import AskBalance, AskPrice, AskWaitCall, Question
from producers.receipts import looks

if TYPE_CHECKING:
    from producers.ledger.store import AsyncStore, Store
    from producers.settings import Settings

#: Most recipients that are priced in one question; `smsq campaign start --dry-run` prices files by sample.
MOST_PRICED = 500


@dataclass(frozen=True)
class AccountBalance:
    """An account's money.

    Attributes:
        balance: In the account's currency.
        credit: How far the balance may fall below zero.
        currency: The provider's word, such as ``RUR``.
        age: Seconds since the provider said so.
    """

    balance: Decimal
    credit: Decimal
    currency: str
    age: float


@dataclass(frozen=True)
class Cost:
    """What a message would cost.

    Attributes:
        cost: For all recipients, in the account's currency.
        segments: For all recipients, as the provider counts them.
        age: Seconds since the provider said so.
    """

    cost: Decimal
    segments: int
    age: float


class _Asking:
    """What both worlds share."""

    settings: Settings

    def _ask(
        self, namespace: str, question: Question, timeout: float, max_age: float | None, key: str | None
    ) -> Flow[str]:
        if timeout <= 0:
            raise UsageError("the timeout is a number of seconds above 0", code="bad_timeout")
        if self.settings.provider != "smsc" and not isinstance(question, AskBalance):
            raise UsageError("only SMSC can be asked this", hint="use provider smsc", code="provider")
        return asking.ask(
            namespace,
            self.settings.account,
            self.settings.provider,
            question,
            max_age=question.shared_for if max_age is None else max_age,
            patience=timeout,
            key=key,
            key_seconds=self.settings.key_hours * 3600,
        )

    def _price(
        self, phones: str | int | Iterable[str | int], text: str, sender: str | None, options: SendOptions
    ) -> AskPrice:
        given = [phones] if isinstance(phones, (str, int)) else list(phones)
        numbers, addresses = parse_recipients(options.kind, [str(phone) for phone in given])
        if not 1 <= len(numbers) <= MOST_PRICED:
            raise UsageError(f"1 to {MOST_PRICED} recipients can be priced at a time", code="bad_recipients")
        name = self.settings.sender if sender is None else sender
        text, _ = check_message(text, name, options)
        recipients = tuple(address_of(number, addresses) for number in numbers)
        return AskPrice(recipients=recipients, text=text, sender=name, options=options)


def _balance(found: Answered) -> AccountBalance:
    answer = found.answer
    assert isinstance(answer, BalanceAnswer)  # noqa: S101 - for the type checker
    return AccountBalance(from_units(answer.balance), from_units(answer.credit), answer.currency, found.age)


def _cost(found: Answered) -> Cost:
    answer = found.answer
    assert isinstance(answer, Price)  # noqa: S101 - for the type checker
    return Cost(from_units(answer.cost), answer.segments, found.age)


def _known(fields: list[bytes | None], now: float) -> AwaitedCall:
    found = awaited_calls.view(fields, now)
    if found is None:
        raise NotFound("no call of this phone is waited for any more")
    return found


class WaitCall:
    """A subscriber's call that is waited for: the phone is confirmed when it rings the number in time."""

    def __init__(self, store: Store, account: str, phone: str) -> None:
        self._store = store
        self._account = account
        self._phone = phone
        self.number = self.status().number

    def __repr__(self) -> str:
        return "WaitCall()"

    def status(self) -> AwaitedCall:
        """Return where it stands: ``state`` is ``waiting``, ``confirmed`` or ``expired``.

        Raises:
            NotFound: It ended more than a day ago.
            Unavailable: Redis can't be reached.
        """
        return _known(*self._store.run_all(awaited_calls.read(self._account, self._phone)))

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the subscriber has called or can't any more; returns whether the phone is confirmed.

        Args:
            timeout: Seconds; when they are over, False too; None: until the provider's window ends.
        """
        found = self.status()
        for pause in looks(found.news_left if timeout is None else min(timeout, found.news_left)):
            if not found.news_left:
                break
            time.sleep(pause)
            found = self.status()
        return found.state == "confirmed"


class AsyncWaitCall:
    """The twin of `WaitCall`; may be awaited itself."""

    def __init__(self, store: AsyncStore, account: str, phone: str, number: str) -> None:
        self._store = store
        self._account = account
        self._phone = phone
        self.number = number

    def __repr__(self) -> str:
        return "AsyncWaitCall()"

    async def status(self) -> AwaitedCall:
        """As `WaitCall.status`."""
        return _known(*await self._store.run_all(awaited_calls.read(self._account, self._phone)))

    async def wait(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - the twin of a sync method
        """As `WaitCall.wait`."""
        import asyncio

        found = await self.status()
        for pause in looks(found.news_left if timeout is None else min(timeout, found.news_left)):
            if not found.news_left:
                break
            await asyncio.sleep(pause)
            found = await self.status()
        return found.state == "confirmed"

    def __await__(self) -> Generator[Any, None, bool]:
        return self.wait().__await__()


class SyncCalls(_Asking):
    """Questions to the provider, for synchronous code."""

    store: Store

    def ask(
        self,
        question: Question,
        *,
        timeout: float = PATIENCE,
        max_age: float | None = None,
        key: str | None = None,
    ) -> Answered:
        """Have a worker ask the provider, within its throttles, and return the answer.

        Args:
            question: One of `producers.questions`.
            timeout: Seconds to wait; the provider isn't asked any more when they are over.
            max_age: Seconds that an answer to the same question may be old; each kind has its own default. A
                question that does something, such as renting a number, is never shared.
            key: Idempotency key: the same key with the same question is asked once.

        Raises:
            WaitTimeout: No answer came in time.
            SmsqError: The provider refuses, or its throttle leaves no room in that time.
            Conflict: The key was used before with another question.
            Unavailable: Redis can't be reached.
        """
        namespace = self.store.address.queue_namespace
        name = self.store.drive(self._ask(namespace, question, timeout, max_age, key))
        view = self.store.drive(asking.read(name))
        for pause in looks(timeout):
            if found := asking.answered(view):
                return found
            time.sleep(pause)
            view = self.store.drive(asking.read(name))
        if found := asking.answered(view):
            return found
        raise asking.too_late(view, timeout)

    def balance(self, *, timeout: float = PATIENCE) -> AccountBalance:
        """Return the account's balance; errors as `ask`."""
        return _balance(self.ask(AskBalance(), timeout=timeout))

    def cost(
        self,
        phones: str | int | Iterable[str | int],
        text: str,
        *,
        sender: str | None = None,
        options: SendOptions = PLAIN,
        timeout: float = PATIENCE,
    ) -> Cost:
        """Return what a message would cost, as the provider says; nothing is sent.

        Args:
            phones: Recipients, at most 500, as in `Producer.send`.
            text: The text.
            sender: Sender ID; the configured one when None.
            options: Kind of message and what goes with it.
            timeout: Seconds to wait.

        Raises:
            UsageError: Something can't be sent like that.
            SmsqError: As `ask`.
        """
        return _cost(self.ask(self._price(phones, text, sender, options), timeout=timeout))

    def wait_call(self, phone: str | int, *, timeout: float = PATIENCE) -> WaitCall:
        """Have the provider wait for a call of this phone; returns when it has said which number to call.

        Args:
            phone: Who is to call.
            timeout: Seconds to wait for the number.

        Raises:
            BadRecipient: The phone can't be used.
            SmsqError: As `ask`.
        """
        digits = str(parse_phone(str(phone)))
        self.ask(AskWaitCall(phone=digits), timeout=timeout)
        return WaitCall(self.store, self.settings.account, digits)


class AsyncCalls(_Asking):
    """The twin of `SyncCalls` for asyncio."""

    store: AsyncStore

    async def ask(
        self,
        question: Question,
        *,
        timeout: float = PATIENCE,  # noqa: ASYNC109 - the twin of a sync method
        max_age: float | None = None,
        key: str | None = None,
    ) -> Answered:
        """As `SyncCalls.ask`."""
        import asyncio

        namespace = self.store.address.queue_namespace
        name = await self.store.drive(self._ask(namespace, question, timeout, max_age, key))
        view = await self.store.drive(asking.read(name))
        for pause in looks(timeout):
            if found := asking.answered(view):
                return found
            await asyncio.sleep(pause)
            view = await self.store.drive(asking.read(name))
        if found := asking.answered(view):
            return found
        raise asking.too_late(view, timeout)

    async def balance(self, *, timeout: float = PATIENCE) -> AccountBalance:  # noqa: ASYNC109
        """As `SyncCalls.balance`."""
        return _balance(await self.ask(AskBalance(), timeout=timeout))

    async def cost(
        self,
        phones: str | int | Iterable[str | int],
        text: str,
        *,
        sender: str | None = None,
        options: SendOptions = PLAIN,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> Cost:
        """As `SyncCalls.cost`."""
        return _cost(await self.ask(self._price(phones, text, sender, options), timeout=timeout))

    async def wait_call(self, phone: str | int, *, timeout: float = PATIENCE) -> AsyncWaitCall:  # noqa: ASYNC109
        """As `SyncCalls.wait_call`."""
        digits = str(parse_phone(str(phone)))
        await self.ask(AskWaitCall(phone=digits), timeout=timeout)
        found = _known(*await self.store.run_all(awaited_calls.read(self.settings.account, digits)))
        return AsyncWaitCall(self.store, self.settings.account, digits, found.number)
