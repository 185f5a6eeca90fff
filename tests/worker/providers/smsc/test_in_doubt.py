"""What the network does to a request that may have been read: in doubt, and never made twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from producers.contract import InDoubt, SendRequest, Taken
from worker.providers.base import ProviderError
from worker.providers.smsc import SmscClient, Timeouts, transport

from .servers import LiteralServer, Misbehaving, RawServer, closed_port, reset

ClientFor = Callable[..., SmscClient]

REQUEST = SendRequest("c1.1.1", (79990000001,), text="Привет")
PATIENT = Timeouts(total=20.0, read=20.0, connect=20.0)
NO_REPLY = Timeouts(total=20.0, read=0.2, connect=20.0)
NO_CONNECTION = Timeouts(total=20.0, read=20.0, connect=0.2, connect_step=0.0)

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"id":7,"cnt":1}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


#: What the server does after it has read the request, and why the send is in doubt. With RST, and where
#: header and body may come in one piece or in two, the reason depends on the moment.
AFTER_READING = [
    (b"", "close", {"server_disconnected"}),
    (b"", "reset", {"connection_lost"}),
    (b"", "wait", {"read_timeout"}),
    (b"HTTP/1.1 200 OK\r\nContent-Le", "close", {"server_disconnected"}),
    (b"HTTP/1.1 200 OK\r\nContent-Le", "reset", {"connection_lost"}),
    (b"HTTP/1.1 200 OK\r\nContent-Le", "wait", {"read_timeout"}),
    (OK[:-6], "close", {"reply_cut"}),
    (OK[:-6], "reset", {"reply_cut", "connection_lost"}),
    (OK[:-6], "wait", {"read_timeout"}),
    (OK[:-16], "close", {"reply_cut"}),
    (CHUNKED + b'10\r\n{"id":7,', "close", {"reply_cut"}),
    (CHUNKED + b'10\r\n{"id":7,"cnt":1}\r\n', "close", {"reply_cut"}),
    (CHUNKED + b"zz\r\n", "close", {"reply_cut", "bad_http"}),
    (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "close", {"bad_http"}),
    (b"\x00\xff" * 100, "close", {"bad_http"}),
    (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n", "hold", {"bad_http"}),
    (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "hold", {"bad_http"}),
    (b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{"id":7,', "close", {"unreadable_reply"}),
    (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", "hold", {"reply_cut"}),
]


@pytest.mark.parametrize(("answer", "ends", "reasons"), AFTER_READING)
async def test_in_doubt_after_reading(
    answer: bytes, ends: str, reasons: set[str], client_for: ClientFor, server: LiteralServer
) -> None:
    timeouts = NO_REPLY if ends == "wait" else PATIENT
    async with Misbehaving(answer, ends) as provider:
        outcome = await client_for(provider.url, server.url, timeouts=timeouts).send(REQUEST)
        assert isinstance(outcome, InDoubt)
        assert outcome.reason in reasons
        assert len(provider.requests) == provider.connections == 1
    assert server.asked == []


async def test_a_reply_that_comes_drop_by_drop(client_for: ClientFor, server: LiteralServer) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await provider.request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with RawServer(act) as provider:
        client = client_for(provider.url, server.url, timeouts=Timeouts(total=0.3))
        assert await client.send(REQUEST) == InDoubt("total_timeout")
        assert len(provider.requests) == 1
    assert server.asked == []


@pytest.mark.parametrize("end", ["close", "reset"])
async def test_closed_before_the_request_is_read(
    end: str, client_for: ClientFor, server: LiteralServer
) -> None:
    """The connection was there: that nothing was read is something only the server knows."""

    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if end == "reset":
            reset(writer)

    async with RawServer(act) as provider:
        outcome = await client_for(provider.url, server.url).send(REQUEST)
        assert isinstance(outcome, InDoubt)
        assert outcome.reason in {"server_disconnected", "connection_lost"}
        assert provider.connections == 1
    assert server.asked == []


async def test_a_body_that_the_server_never_takes(client_for: ClientFor, server: LiteralServer) -> None:
    async def act(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    huge = SendRequest("c1.1.1", (79990000001,), text="x" * 900_000)
    async with RawServer(act) as provider:
        client = client_for(provider.url, server.url, timeouts=Timeouts(total=20.0, read=0.2))
        outcome = await client.send(huge)
        assert isinstance(outcome, InDoubt)
        assert outcome.reason in {"read_timeout", "total_timeout"}
        assert provider.connections == 1
    assert server.asked == []


async def test_a_kept_connection_that_is_closed(client_for: ClientFor, server: LiteralServer) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await provider.request(reader)
        writer.write(OK)
        await provider.request(reader)

    async with RawServer(act) as provider:
        client = client_for(provider.url, server.url)
        assert await client.send(REQUEST) == Taken("7", 1)
        assert await client.send(REQUEST) == InDoubt("server_disconnected")
        assert provider.connections == 1
        assert len(provider.requests) == 2
    assert server.asked == []


async def test_a_reply_without_end(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_REPLY", 1000)
    async with Misbehaving(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 5000, "wait") as provider:
        assert await client_for(provider.url).send(REQUEST) == InDoubt("reply_too_long")


async def test_an_exception_nobody_foresaw(
    client_for: ClientFor, server: LiteralServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(transport, "_whole", broken)
    assert await client_for(server.url).send(REQUEST) == InDoubt("unexpected")


async def test_cancelled(client_for: ClientFor) -> None:
    async with Misbehaving(ends="wait") as provider:
        sending = asyncio.create_task(client_for(provider.url).send(REQUEST))
        await provider.arrived.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending


async def test_read_only_calls(client_for: ClientFor) -> None:
    nobody = client_for(f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(ProviderError) as caught:
        await nobody.balance()
    assert (caught.value.reason, caught.value.wait) == ("connect_failed", 5.0)

    async with Misbehaving() as provider:
        with pytest.raises(ProviderError) as caught:
            await client_for(provider.url).status([("c1.1.1", 79990000001)])
    assert (caught.value.reason, caught.value.wait) == ("server_disconnected", 62.0)
