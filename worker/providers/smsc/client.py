"""The client: what the worker calls for one account at SMSC."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

import aiohttp
import msgspec

from producers.answers import Answer
from producers.contract import Balance, Hold, InDoubt, NotSent, SendOutcome, SendRequest, StatusResult
from producers.kinds import FIRST_ADDRESS
from producers.questions import AskBalance, Question
from producers.settings import LOOPBACK_HOSTS
from worker.providers.base import ProviderError
from worker.providers.smsc import balances, codes, files, methods, requests, sent, statuses
from worker.providers.smsc.account import SmscAccount
from worker.providers.smsc.call import UnsendableError
from worker.providers.smsc.exchange import (
    BUSY_WAIT,
    UNREACHABLE_WAIT,
    UNSENDABLE_TEXT,
    Exchange,
    not_sent,
)
from worker.providers.smsc.failures import HostDownError, MaybeSentError, NeverSentError
from worker.providers.smsc.files import FileStream
from worker.providers.smsc.hosts import Hosts, with_backups
from worker.providers.smsc.mail import send_by_mail
from worker.providers.smsc.read_codes import NOTHING, NOTHING_FOUND
from worker.providers.smsc.session import Timeouts
from worker.providers.smsc.transport import Transport


class SmscClient:
    """SMSC for one account; implements `worker.providers.base.Provider`.

    Args:
        account: Address and credentials.
        session: A session that lives as long as the process, from `create_session`, which tells this client
            exactly when a connection was made. With any other session more failures are in doubt.
        hosts: Addresses to try in this order; the account's own and the documented stand-ins when None.
        timeouts: The time-outs of one call.
        minute: Seconds that the provider's throttle windows last; below 60 only with a simulator.
        clock: Monotonic seconds.
        sleep: Waits between two hosts.
    """

    def __init__(
        self,
        account: SmscAccount,
        session: aiohttp.ClientSession,
        *,
        hosts: Sequence[str] | None = None,
        timeouts: Timeouts | None = None,
        minute: float = codes.MINUTE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._account = account
        self._secrets = (account.password, account.api_key, account.login)
        self._minute = minute
        known = Hosts(with_backups(account.url) if hosts is None else hosts, clock=clock)
        transport = Transport(session, known, timeouts=timeouts, sleep=sleep)
        self._exchange = Exchange(account, transport, minute=minute)

    def __repr__(self) -> str:
        return f"SmscClient({self._account!r})"

    @property
    def name(self) -> str:
        """The provider's name in jobs and reports."""
        return "smsc"

    @property
    def can_look_up(self) -> bool:
        """SMSC takes the client's own id, and `status.php` finds a message by it."""
        return True

    def finds(self, request: SendRequest) -> bool:
        """Say whether every recipient is a phone or an e-mail address.

        How the messages to a group or to a name in Telegram are looked up isn't documented.
        """
        return all(phone < FIRST_ADDRESS or "@" in request.recipient(phone)[1:] for phone in request.phones)

    def message_id(self, batch: str, attempt: int) -> str:
        """Return the id under which an attempt is sent.

        Raises:
            ValueError: The provider would not take an id so long, or with such letters.
        """
        return requests.message_id(batch, attempt)

    def fingerprint(self, request: SendRequest) -> str:
        """Return what makes two requests identical to the provider's duplicate throttle."""
        return requests.fingerprint(request)

    async def send(self, request: SendRequest, *, may_send: Callable[[], bool] | None = None) -> SendOutcome:
        """Send one batch. Nothing is raised for what the network or the provider do: the outcome says it."""
        if request.by_mail and self._account.mail_host:
            return await self._send_by_mail(request, may_send)
        try:
            message = self._exchange.writer.write(requests.send_call(request))
        except UnicodeEncodeError:
            return Hold(codes.NO_CODE, UNSENDABLE_TEXT)
        except UnsendableError as error:
            return Hold(codes.NO_CODE, error.reason)
        try:
            reply = await self._exchange.deliver(message, may_send)
        except NeverSentError as error:
            refused = not_sent(error)
            by_mail = isinstance(error, HostDownError) and bool(self._account.mail_host)
            return msgspec.structs.replace(refused, wait=BUSY_WAIT, by_mail=True) if by_mail else refused
        except MaybeSentError as error:
            return InDoubt(error.reason)
        return sent.outcome(
            reply.status,
            reply.body,
            request,
            minute=self._minute,
            secrets=self._secrets,
            charset=self._account.charset,
        )

    async def _send_by_mail(self, request: SendRequest, may_send: Callable[[], bool] | None) -> SendOutcome:
        account = self._account
        outcome = await send_by_mail(
            account,
            request,
            host=account.mail_host,
            port=account.mail_port,
            # Login and text stand in the mail.
            start_tls=None if account.mail_host in LOOPBACK_HOSTS else True,
            may_send=may_send,
        )
        # What can't be said in a mail waits for HTTP.
        return NotSent(outcome.reason, wait=UNREACHABLE_WAIT) if isinstance(outcome, Hold) else outcome

    async def balance(self) -> Balance:
        """Ask for the balance.

        Raises:
            ProviderError: No readable answer, or an error reply.
        """
        question = AskBalance()
        answer = await self._exchange.read(
            "balance", balances.ask(question), lambda reply: balances.answer(reply, question), None
        )
        return Balance(answer.balance, credit=answer.credit, currency=answer.currency)

    def endpoint(self, question: Question) -> str:
        """Return the governor's name for what a question asks."""
        return methods.endpoint(question)

    def question_fingerprint(self, question: Question) -> str:
        """Return what makes two questions identical to the provider's throttles."""
        return methods.fingerprint(question)

    async def ask(self, question: Question, *, may_send: Callable[[], bool] | None = None) -> Answer:
        """Ask a question.

        Raises:
            ProviderError: No readable answer, or an error reply.
        """
        method = methods.method_of(question)
        endpoint = methods.endpoint(question)
        try:
            call = method.call(question)
            return await self._exchange.read(
                endpoint, call, lambda reply: method.answer(reply, question), may_send
            )
        except UnsendableError as error:
            raise ProviderError(error.reason) from None
        except ProviderError as error:
            if method.nothing is None or error.code != NOTHING or endpoint not in NOTHING_FOUND:
                raise
        return method.nothing(question)

    async def status(
        self,
        queries: Sequence[tuple[str, int | str]],
        *,
        full: bool = False,
        may_send: Callable[[], bool] | None = None,
    ) -> list[StatusResult]:
        """Ask what became of (message id, recipient) pairs, in one request; answers in the same order.

        Raises:
            ProviderError: No readable answer for each of the pairs, an error reply, or ``too_late``.
        """
        if not queries:
            return []
        level = 1 if full else 0
        return await self._exchange.read(
            "status" if len(queries) > 1 else "status_one",
            requests.status_call(queries, level=level),
            lambda reply: statuses.results(reply, queries, level=level),
            may_send,
        )

    def download(
        self,
        *,
        id: int,  # noqa: A002
        offset: int = 0,
        may_send: Callable[[], bool] | None = None,
    ) -> AbstractAsyncContextManager[FileStream]:
        """Open the file of a finished download.

        Raises:
            ProviderError: On entering, no reply or an error reply; while reading, the reply breaks off.
        """
        return files.download(self._exchange, id, offset, may_send)
