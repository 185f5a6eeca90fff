"""What the network does: surely not sent before the first byte, in doubt after it, and never made twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from producers.contract import InDoubt, NotSent, SendRequest, Taken
from tests.worker.providers.smsc.servers import LiteralServer, Misbehaving, RawServer, closed_port, reset
from worker.providers.base import TOO_LATE, ProviderError
from worker.providers.sms2 import Sms2Account, Sms2Client
from worker.providers.smsc import Timeouts, create_session

from .calls import A, B, request

ClientFor = Callable[..., Sms2Client]

PATIENT = Timeouts(total=20.0, read=20.0, connect=20.0)
NO_REPLY = Timeouts(total=20.0, read=0.2, connect=20.0)

BODY = b"Message successfully sent! Message_ID=7"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 39\r\n\r\n" + BODY
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

AFTER_READING = [
    (b"", "close", {"server_disconnected"}),
    (b"", "reset", {"connection_lost"}),
    (b"", "wait", {"read_timeout"}),
    (b"HTTP/1.1 200 OK\r\nContent-Le", "close", {"server_disconnected"}),
    (b"HTTP/1.1 200 OK\r\nContent-Le", "wait", {"read_timeout"}),
    (OK[:-6], "close", {"reply_cut"}),
    (OK[:-6], "reset", {"reply_cut", "connection_lost"}),
    (OK[:-6], "wait", {"read_timeout"}),
    (OK[: -len(BODY)], "close", {"reply_cut"}),
    (CHUNKED + b"27\r\n" + BODY + b"\r\n", "close", {"reply_cut"}),
    (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "close", {"bad_http"}),
    (b"\x00\xff" * 100, "close", {"bad_http"}),
    (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nMessage succ", "close", {"unreadable_reply"}),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "hold", {"empty_reply"}),
]


@pytest.mark.parametrize(("answer", "ends", "reasons"), AFTER_READING)
async def test_in_doubt_after_reading(
    answer: bytes, ends: str, reasons: set[str], client_for: ClientFor
) -> None:
    timeouts = NO_REPLY if ends == "wait" else PATIENT
    async with Misbehaving(answer, ends) as provider:
        outcome = await client_for(provider.url, timeouts).send(request())
        assert isinstance(outcome, InDoubt)
        assert outcome.reason in reasons
        assert len(provider.requests) == provider.connections == 1


@pytest.mark.parametrize("end", ["close", "reset"])
async def test_closed_before_the_request_is_read(end: str, client_for: ClientFor) -> None:
    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if end == "reset":
            reset(writer)

    async with RawServer(act) as provider:
        outcome = await client_for(provider.url).send(request())
        assert isinstance(outcome, InDoubt)
        assert outcome.reason in {"server_disconnected", "connection_lost"}
        assert provider.connections == 1


async def test_a_kept_connection_that_is_closed(client_for: ClientFor) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await provider.request(reader)
        writer.write(OK)
        await provider.request(reader)

    async with RawServer(act) as provider:
        client = client_for(provider.url)
        assert await client.send(request()) == Taken("7")
        assert await client.send(request()) == InDoubt("server_disconnected")
        assert (provider.connections, len(provider.requests)) == (1, 2)


async def test_refused(client_for: ClientFor) -> None:
    nobody = client_for(f"http://127.0.0.1:{closed_port()}")
    assert await nobody.send(request()) == NotSent("connect_failed", wait=5.0)
    assert await nobody.start_multicast("Я", "Shop", ["B1"]) == NotSent("connect_failed", wait=5.0)
    with pytest.raises(ProviderError) as caught:
        await nobody.balance()
    assert (caught.value.reason, caught.value.wait, caught.value.in_doubt) == ("connect_failed", 5.0, False)


async def test_garbage_for_a_tls_greeting(client_for: ClientFor) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with RawServer(act) as provider:
        client = client_for(provider.url.replace("http:", "https:"))
        assert await client.send(request()) == NotSent("tls_failed", wait=5.0)


async def test_a_closed_session(server: LiteralServer) -> None:
    closed = create_session()
    await closed.close()
    client = Sms2Client(Sms2Account(server.url, "LOGIN", "PASSWORD"), closed)
    assert await client.send(request()) == NotSent("session_closed", wait=1.0)


async def test_when_its_time_is_over_a_request_is_not_written_any_more(
    client: Sms2Client, server: LiteralServer
) -> None:
    """Neither on a new connection nor on one that is kept; whatever the call."""
    server.body = BODY
    late = NotSent(TOO_LATE, wait=1.0)
    assert await client.send(request(), may_send=lambda: False) == late
    assert await client.send(request(), may_send=lambda: True) == Taken("7")
    assert await client.send(request(), may_send=lambda: False) == late
    assert await client.start_multicast("Я", "Shop", ["B1"], may_send=lambda: False) == late
    for call in (
        client.status([("7", A)], may_send=lambda: False),
        client.list_bases(may_send=lambda: False),
        client.add_phones("B1", [A, B], may_send=lambda: False),
    ):
        with pytest.raises(ProviderError) as caught:
            await call
        assert caught.value.reason == TOO_LATE
    assert len(server.asked) == 1


async def test_calls_that_act_are_in_doubt_when_the_answer_is_lost(client_for: ClientFor) -> None:
    async with Misbehaving() as provider:
        client = client_for(provider.url, minute=0.6)
        with pytest.raises(ProviderError) as caught:
            await client.add_phone("B1", A)
        assert (caught.value.reason, caught.value.wait) == ("server_disconnected", 0.6)
        assert caught.value.in_doubt
        assert await client.start_multicast("Я", "Shop", ["B1"]) == InDoubt("server_disconnected")


async def test_cancelled(client_for: ClientFor) -> None:
    async with Misbehaving(ends="wait") as provider:
        sending = asyncio.create_task(client_for(provider.url).send(request()))
        await provider.arrived.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending


async def test_requests_are_posts_without_login_in_the_address(
    client: Sms2Client, server: LiteralServer
) -> None:
    await client.send(request())
    with pytest.raises(ProviderError):
        await client.status([("7", A)])
    assert [(method, path) for method, path, _ in server.asked] == [
        ("POST", "/sms.cgi"),
        ("POST", "/sms_status2.cgi"),
    ]
    assert {headers["Content-Type"] for headers in server.seen_headers} == {
        "application/x-www-form-urlencoded"
    }


async def test_a_session_without_trace(server: LiteralServer) -> None:
    async with aiohttp.ClientSession() as plain:
        nobody = Sms2Client(Sms2Account(f"http://127.0.0.1:{closed_port()}", "LOGIN", "PASSWORD"), plain)
        assert await nobody.send(SendRequest("c1.1.1", (A,), text="Hi")) == NotSent(
            "connect_failed", wait=5.0
        )
