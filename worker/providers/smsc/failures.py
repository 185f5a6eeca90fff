"""Where a request failed: surely before it was sent, or when it may have been.

The first kind may be tried again, at another host even; the second must never be, because the provider may
have read the request and charged for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import aiohttp


class RequestError(Exception):
    """No reply came. ``reason`` is a stable word; neither host nor body of the request is in here."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NeverSentError(RequestError):
    """No byte of the request left."""


class HostDownError(NeverSentError):
    """No byte of the request left, and it was the host's fault: another host may do."""


class MaybeSentError(RequestError):
    """The request was sent, or may have been."""


class Failure(NamedTuple):
    """One row: an exception of aiohttp's and where it comes from."""

    exception: type[BaseException]
    failed: type[RequestError]
    reason: str


#: Read from the sources of aiohttp 3.14; the first row that fits counts. What `connector.connect` raises
#: comes before the first byte, and nothing else raises these types. A `ClientOSError` that is no
#: `ClientConnectorError` comes from an open connection; so does `ServerDisconnectedError`, also on a
#: kept-alive connection that the server was about to close: it may have read the request just before.
FAILURES: tuple[Failure, ...] = (
    Failure(aiohttp.ClientConnectorDNSError, HostDownError, "dns_failed"),
    Failure(aiohttp.ClientProxyConnectionError, HostDownError, "proxy_failed"),
    # The proxy's answer to CONNECT; over plain http a proxy answers as if it were the server.
    Failure(aiohttp.ClientHttpProxyError, HostDownError, "proxy_failed"),
    Failure(aiohttp.ClientSSLError, HostDownError, "tls_failed"),
    Failure(aiohttp.ClientConnectorError, HostDownError, "connect_failed"),
    Failure(aiohttp.ConnectionTimeoutError, HostDownError, "connect_timeout"),
    Failure(aiohttp.InvalidURL, NeverSentError, "bad_address"),
    Failure(aiohttp.SocketTimeoutError, MaybeSentError, "read_timeout"),
    Failure(aiohttp.ServerDisconnectedError, MaybeSentError, "server_disconnected"),
    Failure(aiohttp.ClientPayloadError, MaybeSentError, "reply_cut"),
    Failure(aiohttp.ClientResponseError, MaybeSentError, "bad_http"),
    Failure(aiohttp.ClientConnectionError, MaybeSentError, "connection_lost"),
    Failure(asyncio.TimeoutError, MaybeSentError, "total_timeout"),
)


class Progress:
    """How far one attempt came, as the session's trace tells it; see `trace_config`.

    Args:
        may_send: Asked at the last moment before the request is written; None: it always may.
    """

    __slots__ = ("connected", "may_send", "queued", "too_late", "traced", "writing")

    def __init__(self, may_send: Callable[[], bool] | None = None) -> None:
        self.may_send = may_send
        self.traced = False
        self.queued = False
        self.connected = False
        self.writing = False
        self.too_late = False


def classified(error: Exception, progress: Progress) -> RequestError:
    """Return what an exception of an attempt means for the request."""
    if progress.too_late:
        return NeverSentError("too_late")
    row = next((row for row in FAILURES if isinstance(error, row.exception)), None)
    if progress.traced and not progress.connected:
        if progress.queued:
            # All connections of this process are busy: no host is to blame.
            return NeverSentError("pool_timeout")
        # Also what the table must leave open: a total time-out while connecting, a proxy that breaks off.
        return HostDownError(
            row.reason if row and issubclass(row.failed, NeverSentError) else "connect_failed"
        )
    return MaybeSentError("unexpected") if row is None else row.failed(row.reason)


def trace_config(*, gets: bool = False) -> aiohttp.TraceConfig:
    """Return the trace that tells a `Progress`, given as ``trace_request_ctx``, when a connection is there.

    Before that moment nothing can have been sent, whatever the exception is called.

    Args:
        gets: Look once more before a GET is written, which has no body. It costs every request 25 us.
    """
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_started)
    trace.on_connection_queued_start.append(_queued)
    trace.on_connection_queued_end.append(_unqueued)
    trace.on_connection_create_end.append(_connected)
    trace.on_connection_reuseconn.append(_connected)
    if gets:
        trace.on_request_headers_sent.append(_heading)
    trace.on_request_chunk_sent.append(_writing)
    return trace


def _progress(context: object) -> Progress:
    found = getattr(context, "trace_request_ctx", None)
    # Requests of others on a shared session carry none.
    return found if isinstance(found, Progress) else Progress()


async def _started(session: object, context: object, params: object) -> None:  # noqa: ARG001
    _progress(context).traced = True


async def _queued(session: object, context: object, params: object) -> None:  # noqa: ARG001
    _progress(context).queued = True


async def _unqueued(session: object, context: object, params: object) -> None:  # noqa: ARG001
    _progress(context).queued = False


async def _connected(session: object, context: object, params: object) -> None:  # noqa: ARG001
    progress = _progress(context)
    # The last moment before the request is written. A process that was stopped in the middle of all this, for
    # longer than its right to the batch lasts, must find out here.
    if progress.may_send is not None and not progress.may_send():
        raise NeverSentError("too_late")
    progress.connected = True


async def _heading(session: object, context: object, params: aiohttp.TraceRequestHeadersSentParams) -> None:
    # Told right before the headers are written. With a body they wait for it; a GET has none.
    if params.method == "GET":
        await _writing(session, context, params)


async def _writing(session: object, context: object, params: object) -> None:  # noqa: ARG001
    progress = _progress(context)
    # aiohttp writes the body, and the headers with it, from a task of its own: a process can be stopped
    # between the connection and that. Raising here leaves both unwritten.
    if not progress.writing and progress.may_send is not None and not progress.may_send():
        progress.too_late = True
        raise NeverSentError("too_late")
    progress.writing = True
