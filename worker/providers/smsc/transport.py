"""POST to the provider: host after host for as long as nothing was sent, then one reply or one failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

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
    trace_config,
)
from worker.providers.smsc.hosts import Host, Hosts

log = structlog.get_logger(__name__)

#: The largest reply read. With 500 recipients a reply is 60 KB; megabytes are no reply of SMSC's.
MAX_REPLY = 8 * 1024 * 1024

#: Connections of one process to one host. SMSC refuses the fifteenth simultaneous request of a login; the
#: governor keeps to that for all processes, this is a second line for one account.
CONNECTIONS_PER_HOST = 14

#: Seconds for which an idle connection is kept. Web servers close theirs after 5 s and more; a request
#: written onto a connection at the moment when it is closed is in doubt, which costs more than a handshake.
KEEP_ALIVE = 4.0

_HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    # A reply that is compressed can be broken in one way more, and 60 KB need no compression.
    "Accept-Encoding": "identity",
    "User-Agent": "smsq",
}


class Reply(NamedTuple):
    """An HTTP status and a body."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds.

    Attributes:
        total: One attempt as a whole.
        read: Between two pieces of a reply, so also from the request to the reply's first byte. Below
            ``total``, so that the two are told apart.
        connect: Name look-up, TCP and TLS of a call's first attempt, as in the official library.
        connect_step: What each further attempt gets more: 4, 5, 6, 7, 8 s.
        search: After this no further host is tried.
    """

    total: float = 30.0
    read: float = 25.0
    connect: float = 4.0
    connect_step: float = 1.0
    search: float = 30.0

    @property
    def longest_call(self) -> float:
        """The longest that a call can last: a lease on a batch being sent must last longer.

        The second more is the event loop's: it rounds long time-outs up.
        """
        return self.search + self.total + 1.0

    def for_attempt(self, number: int) -> aiohttp.ClientTimeout:
        """Return the limits of an attempt, counted from 1."""
        connect = self.connect + self.connect_step * (number - 1)
        return aiohttp.ClientTimeout(
            total=self.total, connect=connect, sock_connect=connect, sock_read=self.read
        )


def create_session(
    *, connections_per_host: int = CONNECTIONS_PER_HOST, connections: int = 100
) -> aiohttp.ClientSession:
    """Return a session for a process's whole life; to be called on the event loop, and closed there.

    TLS certificates are verified, cookies are dropped, and proxies are each host's own matter.

    Args:
        connections_per_host: Simultaneous connections to one host; more when several accounts share it.
        connections: Simultaneous connections altogether.
    """
    connector = aiohttp.TCPConnector(
        limit=connections,
        limit_per_host=connections_per_host,
        keepalive_timeout=KEEP_ALIVE,
        ttl_dns_cache=60,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=Timeouts().for_attempt(1),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        trace_configs=[trace_config()],
    )


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

    async def post(self, path: str, body: bytes, *, may_send: Callable[[], bool] | None = None) -> Reply:
        """Send a form and return the reply, whatever its status; redirects are not followed.

        Args:
            path: The script.
            body: The form.
            may_send: Asked at the last moment before the request is written.

        Raises:
            NeverSentError: No host could be reached; nothing was sent.
            MaybeSentError: The request was sent, or may have been, and no whole reply came.
        """
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
                return await self._attempt(hosts[number - 1], path, body, number, may_send)
        raise AssertionError("tenacity ends with a result or an exception")

    async def _attempt(
        self,
        host: Host,
        path: str,
        body: bytes,
        number: int,
        may_send: Callable[[], bool] | None,
    ) -> Reply:
        if self._session.closed:
            raise NeverSentError("session_closed")
        progress = Progress(may_send)
        try:
            async with self._session.post(
                host.url(path),
                data=body,
                headers=_HEADERS,
                allow_redirects=False,
                raise_for_status=False,
                timeout=self._timeouts.for_attempt(number),
                proxy=host.proxy,
                trace_request_ctx=progress,
            ) as response:
                reply = Reply(response.status, await _whole(response))
        except (MaybeSentError, NeverSentError) as error:
            failure: RequestError = error
        except Exception as error:  # noqa: BLE001 - whatever it is, the request may be out: that must be told
            failure = classified(error, progress)
        else:
            self._hosts.answered(host)
            return reply
        # Raised outside of the handler, so that aiohttp's exception, which carries the address and more,
        # isn't kept as the context of ours.
        raise failure


async def _whole(response: aiohttp.ClientResponse) -> bytes:
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
