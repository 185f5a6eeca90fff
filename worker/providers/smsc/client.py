"""The client: what the worker calls for one account at SMSC."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import aiohttp

from producers.contract import Balance, Hold, InDoubt, NotSent, SendOutcome, SendRequest, StatusResult
from worker.providers.base import ProviderError
from worker.providers.smsc import balances, codes, replies, requests, sent, statuses
from worker.providers.smsc.account import SmscAccount
from worker.providers.smsc.failures import HostDownError, MaybeSentError, NeverSentError, RequestError
from worker.providers.smsc.hosts import Hosts, with_backups
from worker.providers.smsc.transport import Timeouts, Transport

#: Seconds before another try when no host could be reached. Long enough not to hammer, short enough that a
#: code by SMS still is of use after a hiccup of the network.
UNREACHABLE_WAIT = 5.0
#: The same when this process had no connection left, or is about to end: others may send at once.
BUSY_WAIT = 1.0

#: Seconds before a read-only call is repeated whose reply didn't come or can't be read: an identical request
#: for the statuses of several messages is allowed once a minute.
READ_WAIT = 62.0

_Answer = TypeVar("_Answer")


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
        self._credentials = requests.credentials(account)
        self._secrets = (account.password, account.api_key, account.login)
        self._minute = minute
        known = Hosts(with_backups(account.url) if hosts is None else hosts, clock=clock)
        self._transport = Transport(session, known, timeouts=timeouts, sleep=sleep)

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
        try:
            body = self._body(requests.send_body(request))
        except UnicodeEncodeError:
            return Hold(codes.NO_CODE, "unsendable_text")
        try:
            reply = await self._transport.post(requests.SEND_PATH, body, may_send=may_send)
        except NeverSentError as error:
            return _not_sent(error)
        except MaybeSentError as error:
            return InDoubt(error.reason)
        return sent.outcome(reply.status, reply.body, request, minute=self._minute, secrets=self._secrets)

    async def balance(self) -> Balance:
        """Ask for the balance.

        Raises:
            ProviderError: No readable answer, or an error reply.
        """
        return await self._read(requests.BALANCE_PATH, requests.balance_body(), balances.result)

    async def status(
        self,
        queries: Sequence[tuple[str, int | str]],
        *,
        full: bool = False,
        may_send: Callable[[], bool] | None = None,
    ) -> list[StatusResult]:
        """Ask what became of (message id, phone) pairs, in one request; answers in the same order.

        Raises:
            ProviderError: No readable answer for each of the pairs, or an error reply.
        """
        if not queries:
            return []
        pairs = [(message, int(phone)) for message, phone in queries]
        return await self._read(
            requests.STATUS_PATH,
            requests.status_body(pairs, full=full),
            lambda document: statuses.results(document, pairs),
            may_send=may_send,
        )

    async def _read(
        self,
        path: str,
        members: str,
        parse: Callable[[replies.Document], _Answer],
        *,
        may_send: Callable[[], bool] | None = None,
    ) -> _Answer:
        try:
            reply = await self._transport.post(path, self._body(members), may_send=may_send)
        except NeverSentError as error:
            raise ProviderError.from_not_sent(_not_sent(error)) from None
        except MaybeSentError as error:
            raise self._asked_in_vain(error.reason) from None
        try:
            document = replies.read(reply.body)
            error_reply = replies.error_in(document)
            if error_reply is not None and sent.is_believed(reply.status, error_reply):
                decision = codes.decide_read(error_reply.code, error_reply.text, minute=self._minute)
                raise ProviderError.from_not_sent(decision)
            if reply.status == 200:
                return parse(document)
        except replies.UnreadableError:
            if reply.status == 200:
                raise self._asked_in_vain("bad_reply") from None
        raise self._asked_in_vain(f"http_{reply.status}")

    def _asked_in_vain(self, reason: str) -> ProviderError:
        return ProviderError(reason, wait=READ_WAIT * self._minute / codes.MINUTE)

    def _body(self, members: str) -> bytes:
        return f"{self._credentials}&{members}".encode("ascii")


def _not_sent(error: RequestError) -> NotSent:
    return NotSent(error.reason, wait=UNREACHABLE_WAIT if isinstance(error, HostDownError) else BUSY_WAIT)
