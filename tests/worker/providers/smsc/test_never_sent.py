"""Failures before the first byte: the send was surely not made."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from producers.contract import InDoubt, NotSent, Refused, SendRequest, Taken
from worker.providers.smsc import SmscClient, Timeouts, create_session
from worker.providers.smsc.failures import trace_config

from .servers import LiteralServer, Misbehaving, RawServer, closed_port

ClientFor = Callable[..., SmscClient]

REQUEST = SendRequest("c1.1.1", (79990000001,), text="Привет")
PATIENT = Timeouts(total=20.0, read=20.0, connect=20.0)
NO_REPLY = Timeouts(total=20.0, read=0.2, connect=20.0)
NO_CONNECTION = Timeouts(total=20.0, read=20.0, connect=0.2, connect_step=0.0)

OK = b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"id":7,"cnt":1}'
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_refused(client_for: ClientFor) -> None:
    client = client_for(f"http://127.0.0.1:{closed_port()}")
    assert await client.send(REQUEST) == NotSent("connect_failed", wait=5.0)


async def test_refused_with_a_session_without_trace(client_for: ClientFor, server: LiteralServer) -> None:
    async with aiohttp.ClientSession() as plain:
        nobody = client_for(f"http://127.0.0.1:{closed_port()}", session=plain)
        assert await nobody.send(REQUEST) == NotSent("connect_failed", wait=5.0)
        async with Misbehaving() as provider:
            outcome = await client_for(provider.url, session=plain).send(REQUEST)
            assert outcome == InDoubt("server_disconnected")


async def test_a_closed_session(client_for: ClientFor, server: LiteralServer) -> None:
    closed = create_session()
    await closed.close()
    assert await client_for(server.url, session=closed).send(REQUEST) == NotSent("session_closed", 1.0)


async def test_no_free_connection(client_for: ClientFor, server: LiteralServer) -> None:
    """All connections of the process being busy is no reason to go to another host."""
    async with Misbehaving(ends="wait") as provider, create_session(connections_per_host=1) as narrow:
        slow = client_for(provider.url, session=narrow)
        first = asyncio.create_task(slow.send(REQUEST))
        await provider.arrived.wait()
        client = client_for(provider.url, server.url, session=narrow, timeouts=NO_CONNECTION)
        assert await client.send(REQUEST) == NotSent("pool_timeout", wait=1.0)
        first.cancel()
        assert len(provider.requests) == 1
    assert server.asked == []


async def test_a_session_that_raises_for_a_status(client_for: ClientFor, server: LiteralServer) -> None:
    server.status, server.body = 400, b"0,-7"
    async with aiohttp.ClientSession(raise_for_status=True) as strict:
        assert await client_for(server.url, session=strict).send(REQUEST) == Refused(7, "invalid_number")


class NoNames(AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        raise OSError(socket.EAI_NONAME, "no such name")

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("traced", [True, False])
async def test_no_such_name(client_for: ClientFor, traced: bool) -> None:
    traces = [trace_config()] if traced else []
    connector = aiohttp.TCPConnector(resolver=NoNames())
    async with aiohttp.ClientSession(connector=connector, trace_configs=traces) as lost:
        client = client_for("https://smsc.test", session=lost)
        assert await client.send(REQUEST) == NotSent("dns_failed", wait=5.0)


async def test_garbage_for_a_tls_greeting(client_for: ClientFor) -> None:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with RawServer(act) as provider:
        client = client_for(provider.url.replace("http:", "https:"))
        assert await client.send(REQUEST) == NotSent("tls_failed", wait=5.0)


async def test_no_answer_to_a_tls_greeting(client_for: ClientFor) -> None:
    async def act(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with RawServer(act) as provider:
        client = client_for(provider.url.replace("http:", "https:"), timeouts=NO_CONNECTION)
        assert await client.send(REQUEST) == NotSent("connect_timeout", wait=5.0)


async def test_the_total_time_is_up_while_connecting(client_for: ClientFor) -> None:
    async def act(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with RawServer(act) as provider:
        client = client_for(provider.url.replace("http:", "https:"), timeouts=Timeouts(total=0.2))
        assert await client.send(REQUEST) == NotSent("connect_failed", wait=5.0)


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """Make a key and a certificate that only itself vouches for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run(
        [
            openssl,
            *options.split(),
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_a_certificate_that_nobody_signed(client_for: ClientFor, self_signed: ssl.SSLContext) -> None:
    async with Misbehaving(OK, tls=self_signed) as provider:
        assert await client_for(provider.url).send(REQUEST) == NotSent("tls_failed", wait=5.0)
        assert provider.requests == []


async def test_a_certificate_that_is_trusted(client_for: ClientFor, self_signed: ssl.SSLContext) -> None:
    """The same server, so that the test above fails for the certificate's sake alone."""
    connector = aiohttp.TCPConnector(ssl=False)
    async with (
        Misbehaving(OK, tls=self_signed) as provider,
        aiohttp.ClientSession(connector=connector) as trusting,
    ):
        assert await client_for(provider.url, session=trusting).send(REQUEST) == Taken("7", 1)


#: What a proxy does with CONNECT; the send was never made in any of these.
PROXIES = [
    (b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "close", "proxy_failed"),
    (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "close", "proxy_failed"),
    (b"", "close", "connect_failed"),
    (b"", "reset", "connect_failed"),
    (b"nonsense\r\n\r\n", "close", "connect_failed"),
    (b"HTTP/1.1 200 OK\r\n\r\n", "close", "connect_failed"),
]


@pytest.mark.parametrize(("answer", "ends", "reason"), PROXIES)
async def test_a_proxy_that_fails(
    answer: bytes, ends: str, reason: str, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Misbehaving(answer, ends) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.replace("//", "//user:PROXY-PASSWORD@"))
        outcome = await client_for("https://smsc.test").send(REQUEST)
        assert outcome == NotSent(reason, wait=5.0)
        assert proxy.requests[0].startswith(b"CONNECT smsc.test:443 HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic" in proxy.requests[0]
        assert b"SECRET" not in proxy.requests[0]


async def test_no_proxy_there(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{closed_port()}")
    assert await client_for("https://smsc.test").send(REQUEST) == NotSent("proxy_failed", wait=5.0)


async def test_when_its_time_is_over_a_request_is_not_written_any_more(
    client_for: ClientFor, server: LiteralServer
) -> None:
    """Neither on a new connection nor on one that is kept: the check is the last step before writing."""
    server.body = b'{"id":7,"cnt":1}'
    client = client_for(server.url)
    assert await client.send(REQUEST, may_send=lambda: False) == NotSent("too_late", wait=1.0)
    assert isinstance(await client.send(REQUEST, may_send=lambda: True), Taken)
    assert await client.send(REQUEST, may_send=lambda: False) == NotSent("too_late", wait=1.0)
    assert len(server.asked) == 1
    # The kept connection that was refused to the late request still serves the next one.
    assert isinstance(await client.send(REQUEST), Taken)
