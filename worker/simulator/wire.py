"""Putting a reply on the wire, whole or damaged."""

import asyncio
import contextlib
import socket
import struct
from random import Random

from aiohttp import web

from worker.simulator.calls import Reply
from worker.simulator.faults import Fault

_MOST_NOISE = 65_536
"""Bytes of noise in place of a body that is made while it is sent."""

_FRONT_END = {
    "http429-before": (429, "Too Many Requests"),
    "http500-before": (500, "Internal Server Error"),
    "http503-before": (503, "Service Temporarily Unavailable"),
    "http500-after": (500, "Internal Server Error"),
    "http504-after": (504, "Gateway Time-out"),
    # A web page with status 200, as captive portals and protective proxies answer.
    "html": (200, "Checking your browser"),
}


async def put(request: web.Request, reply: Reply, fault: Fault | None, dice: Random) -> web.StreamResponse:
    """Answer a request.

    Args:
        request: the request.
        reply: the answer as it should be.
        fault: what happens to it, None for nothing.
        dice: where noise comes from.

    Returns:
        What aiohttp is to finish; for a connection that was hung up it is ignored.
    """
    name = fault.kind.name if fault else ""
    if name in ("reset", "reset-before", "refuse"):
        return hang_up(request, reset=True)
    if name in ("drop-reply", "drop-before"):
        return hang_up(request, reset=False)
    if name == "cut-body":
        return await _cut(request, reply)
    reply = _damage(name, reply, dice)
    if reply.source is not None:
        return await _stream(request, reply, reply.source.size)
    return _respond(reply)


def hang_up(request: web.Request, *, reset: bool) -> web.StreamResponse:
    """Close the connection of a request without an answer.

    Args:
        request: the request.
        reset: with a TCP reset rather than an orderly end.

    Returns:
        A response that goes nowhere.
    """
    transport = request.transport
    if transport is not None:
        if reset:
            # Lingering for no time makes the kernel send RST when the socket is closed.
            connection = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        else:
            transport.close()
    return web.Response()


def _damage(name: str, reply: Reply, dice: Random) -> Reply:
    if name in _FRONT_END:
        status, title = _FRONT_END[name]
        page = (
            f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
        )
        return Reply(page.encode(), "text/html", status)
    match name:
        case "empty":
            return Reply(b"", reply.content_type)
        case "truncate" if reply.source is not None:
            half = b"".join(reply.source.read(reply.source.size // 2))
            return Reply(half, reply.content_type)
        case "truncate":
            return Reply(reply.body[: len(reply.body) // 2], reply.content_type)
        case "garbled":
            # Bytes above ASCII only: noise must not pass for an id by chance.
            size = len(reply.body) if reply.source is None else min(reply.source.size, _MOST_NOISE)
            return Reply(bytes(dice.randrange(0x80, 0x100) for _ in range(size)), reply.content_type)
    return reply


def _respond(reply: Reply) -> web.Response:
    return web.Response(body=reply.body, status=reply.status, headers=_headers_of(reply))


def _headers_of(reply: Reply) -> dict[str, str]:
    headers = dict(reply.headers)
    if reply.content_type:
        headers["Content-Type"] = reply.content_type
    return headers


async def _stream(request: web.Request, reply: Reply, most: int) -> web.StreamResponse:
    """Send the first ``most`` bytes of a reply that is made while it is sent, announcing all of it."""
    source = reply.source
    response = web.StreamResponse(status=reply.status, headers=_headers_of(reply))
    if source is None:
        return response
    response.content_length = source.size
    # A client that leaves in the middle is no trouble of ours.
    with contextlib.suppress(ConnectionError):
        await response.prepare(request)
        for piece in source.read(most):
            await response.write(piece)
    return response


async def _cut(request: web.Request, reply: Reply) -> web.StreamResponse:
    if reply.source is not None:
        response = await _stream(request, reply, reply.source.size // 2)
        hang_up(request, reset=False)
        await asyncio.sleep(0)
        return response
    response = web.StreamResponse(
        headers={"Content-Type": reply.content_type, "Content-Length": str(len(reply.body))}
    )
    await response.prepare(request)
    await response.write(reply.body[: len(reply.body) // 2])
    # Closing flushes what was written; the turn of the loop lets it leave before the handler ends.
    hang_up(request, reset=False)
    await asyncio.sleep(0)
    return response
