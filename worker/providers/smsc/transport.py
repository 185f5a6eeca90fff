"""Requests to the provider: host after host as long as nothing was sent, then one reply or one failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

import aiohttp
import structlog
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random,
)

from worker.providers.smsc.failures import (
    HostDownError,
    MaybeSentError,
    NeverSentError,
    Progress,
    RequestError,
    classified,
)
from worker.providers.smsc.hosts import Host, Hosts
from worker.providers.smsc.opened import OpenReply
from worker.providers.smsc.session import Timeouts
from worker.providers.smsc.wire import FORM, Message

log = structlog.get_logger(__name__)
_Got = TypeVar("_Got")

#: The largest reply read. With 500 recipients a reply is 60 KB; megabytes are no reply of SMSC's.
MAX_REPLY = 8 * 1024 * 1024


class Reply(NamedTuple):
    """An HTTP status and a body."""

    status: int
    body: bytes


class _Attempt(NamedTuple, Generic[_Got]):
    """What is to be sent, and what is read of the reply; the same for every host."""

    message: Message
    may_send: Callable[[], bool] | None
    read: Callable[[aiohttp.ClientResponse, Progress], Awaitable[_Got]]
    stays_open: bool = False


class Transport:
    """Requests to one provider account over a session that others own and close."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        hosts: Hosts,
        *,
        timeouts: Timeouts | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._session = session
        self._hosts = hosts
        self._timeouts = timeouts or Timeouts()
        self._sleep = sleep

    async def post(
        self,
        path: str,
        body: bytes,
        *,
        content_type: str = FORM,
        may_send: Callable[[], bool] | None = None,
    ) -> Reply:
        """Send a body by POST; like `request`."""
        return await self.request(Message(path, body, content_type), may_send=may_send)

    async def request(self, message: Message, *, may_send: Callable[[], bool] | None = None) -> Reply:
        """Send a request and return the reply, whatever its status; redirects are not followed.

        Args:
            message: The request.
            may_send: Asked at the last moment before the request is written.

        Raises:
            NeverSentError: No host could be reached; nothing was sent.
            MaybeSentError: The request was sent, or may have been, and no whole reply came.
        """
        return await self._search(_Attempt(message, may_send, _whole))

    async def open(self, message: Message, *, may_send: Callable[[], bool] | None = None) -> OpenReply:
        """Send a request and return the reply as soon as it begins; it may last as long as it likes.

        Raises:
            NeverSentError: No host could be reached; nothing was sent.
            MaybeSentError: The request was sent, or may have been, and no reply came.
        """
        return await self._search(_Attempt(message, may_send, _opened, stays_open=True))

    async def _search(self, wanted: _Attempt[_Got]) -> _Got:
        hosts = self._hosts.order()
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(HostDownError),
            stop=stop_after_attempt(len(hosts)) | stop_before_delay(self._timeouts.search),
            wait=wait_random(0, 0.1),
            before_sleep=_log_next_host(hosts),
            sleep=self._sleep,
            reraise=True,
        )
        async for attempt in attempts:
            number = attempt.retry_state.attempt_number
            with attempt:
                return await self._attempt(hosts[number - 1], wanted, number)
        raise AssertionError("tenacity ends with a result or an exception")

    async def _attempt(self, host: Host, wanted: _Attempt[_Got], number: int) -> _Got:
        if self._session.closed:
            raise NeverSentError("session_closed")
        message = wanted.message
        progress = Progress(wanted.may_send)
        response: aiohttp.ClientResponse | None = None
        try:
            response = await self._session.request(
                message.method,
                host.url(message.path, message.query),
                data=message.payload(),
                headers=message.all_headers(),
                allow_redirects=False,
                raise_for_status=False,
                timeout=self._timeouts.for_attempt(number, endless=wanted.stays_open),
                proxy=host.proxy,
                trace_request_ctx=progress,
            )
            got = await wanted.read(response, progress)
        except (MaybeSentError, NeverSentError) as error:
            failure: RequestError = error
        except Exception as error:  # noqa: BLE001 - whatever it is, the request may be out: that must be told
            failure = classified(error, progress)
        except BaseException:
            if response is not None:
                response.close()
            raise
        else:
            if not wanted.stays_open:
                response.release()
            self._hosts.answered(host)
            return got
        if response is not None:
            response.close()
        # Raised outside of the handler, so that aiohttp's exception, which carries the address and more,
        # isn't kept as the context of ours.
        raise failure


async def _opened(response: aiohttp.ClientResponse, progress: Progress) -> OpenReply:
    return OpenReply(response, progress)


async def _whole(response: aiohttp.ClientResponse, progress: Progress) -> Reply:  # noqa: ARG001
    return Reply(response.status, await _body(response))


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > MAX_REPLY:
            raise MaybeSentError("reply_too_long")
    return bytes(body)


def _log_next_host(hosts: tuple[Host, ...]) -> Callable[[RetryCallState], None]:
    def before_sleep(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome is not None else None
        log.warning(
            "smsc_host_failed",
            host=hosts[state.attempt_number - 1].label,
            attempt=state.attempt_number,
            reason=error.reason if isinstance(error, HostDownError) else "unknown",
        )

    return before_sleep
