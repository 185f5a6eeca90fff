"""The client: what the worker calls for one account at SMS2."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

import aiohttp

from producers.answers import Answer, BalanceAnswer
from producers.contract import Balance, SendOutcome, SendRequest, StatusResult
from producers.kinds import Kind
from producers.questions import AskBalance, Question
from worker.providers.base import FileStream, ProviderError
from worker.providers.sms2 import balances, codes, mms, requests, sends, statuses, wire
from worker.providers.sms2.account import Sms2Account
from worker.providers.sms2.bases import Bases
from worker.providers.sms2.exchange import Exchange, MaySend
from worker.providers.sms2.multicast import DEFAULT_ZONE, zone_of
from worker.providers.smsc.hosts import Hosts
from worker.providers.smsc.session import Timeouts
from worker.providers.smsc.transport import Transport

#: The reason of a question that SMS2 has no call for.
UNSUPPORTED = "unsupported"


class Sms2Client(Bases):
    """SMS2 for one account; implements `worker.providers.base.Provider`, and has the calls for phone bases.

    Args:
        account: Address and credentials.
        session: A session that lives as long as the process, from `worker.providers.smsc.create_session`.
        timeouts: The time-outs of one call.
        minute: Seconds that stand for a minute in all waits; below 60 only with a simulator.
        zone: Name of the time zone in which the provider reads the start of a mailing.
    """

    def __init__(
        self,
        account: Sms2Account,
        session: aiohttp.ClientSession,
        *,
        timeouts: Timeouts | None = None,
        minute: float = codes.MINUTE,
        zone: str = DEFAULT_ZONE,
    ) -> None:
        transport = Transport(session, Hosts((account.url,)), timeouts=timeouts)
        super().__init__(Exchange(account, transport, minute=minute), zone_of(zone))
        self._account = account
        self._minute = minute

    def __repr__(self) -> str:
        return f"Sms2Client({self._account!r})"

    @property
    def name(self) -> str:
        """The provider's name in jobs and reports."""
        return "sms2"

    @property
    def can_look_up(self) -> bool:
        """SMS2 takes no id of ours: a message whose answer was lost can't be asked for."""
        return False

    def finds(self, request: SendRequest) -> bool:  # noqa: ARG002
        """Say that no recipient is found by an id of ours."""
        return False

    def message_id(self, batch: str, attempt: int) -> str:
        """Return our own name for an attempt; SMS2 never sees it."""
        return f"{batch}.{attempt}"

    def fingerprint(self, request: SendRequest) -> str:
        """Return what makes two requests a duplicate to the provider.

        Raises:
            ValueError: Not exactly one recipient.
        """
        return requests.fingerprint(request)

    async def send(self, request: SendRequest, *, may_send: Callable[[], bool] | None = None) -> SendOutcome:
        """Send one message. Nothing is raised for what the network or the provider do: the outcome says it.

        Raises:
            ValueError: Not exactly one recipient.
        """
        refused = requests.refusal(request)
        if refused is not None:
            return refused
        account, minute = self._account, self._minute
        script = mms if request.options.kind is Kind.MMS else sends
        hidden = requests.private(account, request)
        return await self._exchange.send(
            lambda: script.message(account, request),
            lambda reply: script.outcome(reply, hidden, minute=minute),
            may_send,
        )

    async def status(
        self,
        queries: Sequence[tuple[str, int | str]],
        *,
        full: bool = False,  # noqa: ARG002 - there is nothing more to be had
        may_send: Callable[[], bool] | None = None,
    ) -> list[StatusResult]:
        """Ask what became of one message.

        Raises:
            ValueError: Not exactly one pair.
            ProviderError: No readable answer, an error reply, or ``too_late``.
        """
        if len(queries) != 1:
            raise ValueError("SMS2 takes one message id a request")
        provider_id, recipient = queries[0]
        try:
            result = await self._exchange.read(
                lambda: statuses.message(self._account, provider_id),
                lambda text: statuses.result(text, recipient),
                may_send,
            )
        except ProviderError as error:
            if error.code != codes.NO_SUCH_MESSAGE:
                raise
            result = statuses.unknown(recipient)
        return [result]

    async def balance(self) -> Balance:
        """Ask for the balance.

        Raises:
            ProviderError: No readable answer, or an error reply.
        """
        answer = await self._balance(None)
        return Balance(answer.balance, credit=answer.credit, currency=answer.currency)

    async def _balance(self, may_send: MaySend) -> BalanceAnswer:
        return await self._exchange.read(
            lambda: wire.form(self._account, wire.BALANCE_PATH, ()), balances.answer, may_send
        )

    def endpoint(self, question: Question) -> str:
        """Return the governor's name for what a question asks.

        Raises:
            ProviderError: ``unsupported``.
        """
        if not isinstance(question, AskBalance):
            raise ProviderError(UNSUPPORTED)
        return "balance"

    def question_fingerprint(self, question: Question) -> str:
        """Return what makes two questions identical to the provider.

        Raises:
            ProviderError: ``unsupported``.
        """
        return self.endpoint(question)

    async def ask(self, question: Question, *, may_send: Callable[[], bool] | None = None) -> Answer:
        """Ask for the balance, which is all that can be asked.

        Raises:
            ProviderError: ``unsupported``; or no readable answer, or an error reply.
        """
        self.endpoint(question)
        return await self._balance(may_send)

    def download(
        self,
        *,
        id: int,  # noqa: A002, ARG002
        offset: int = 0,  # noqa: ARG002
        may_send: Callable[[], bool] | None = None,  # noqa: ARG002
    ) -> AbstractAsyncContextManager[FileStream]:
        """Open nothing: SMS2 has no downloads.

        Raises:
            ProviderError: ``unsupported``, on entering.
        """
        return _NoDownload()


class _NoDownload(AbstractAsyncContextManager[FileStream]):
    async def __aenter__(self) -> FileStream:
        raise ProviderError(UNSUPPORTED)

    async def __aexit__(self, *error: object) -> None:
        """Do nothing: it was never entered."""
