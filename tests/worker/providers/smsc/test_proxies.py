"""Through a real proxy: plain http, and a tunnel to a server whose certificate is verified."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import aiohttp
import pytest
from yarl import URL

from producers.contract import NotSent, SendRequest, Taken
from worker.providers.smsc import SmscClient
from worker.providers.smsc.failures import trace_config

from .servers import LiteralServer, Misbehaving

ClientFor = Callable[..., SmscClient]
REQUEST = SendRequest("c1.1.1", (79990000001,), text="Привет")
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"id":7,"cnt":1}'


class Proxy:
    """Forwards to one port whatever it is asked for: requests with a whole address, and tunnels."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.heads: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        method, target, _ = head.split(" ", 2)
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = URL(target).raw_path_qs
                up_writer.write(head.replace(target, path, 1).encode("latin-1"))
            await asyncio.gather(_pipe(reader, up_writer), _pipe(up_reader, writer))
        finally:
            writer.close()
            up_writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
        writer.close()
    except OSError:
        pass


async def test_plain_http(
    client_for: ClientFor, server: LiteralServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Proxy(URL(server.url).port or 0) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("//", "//user:PROXY-PASSWORD@"))
        assert await client_for("http://smsc.test").send(REQUEST) == Taken("7", 1)
        assert proxy.heads[0].startswith("POST http://smsc.test/sys/send.php HTTP/1.1\r\n")
        assert "Proxy-Authorization: Basic" in proxy.heads[0]
    assert [form["id"] for _, _, form in server.asked] == ["c1.1.1"]


async def test_not_for_these(
    client_for: ClientFor, server: LiteralServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what NO_PROXY names nor this machine."""
    async with Proxy(URL(server.url).port or 0) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", ".smsc.test")
        assert await client_for(server.url).send(REQUEST) == Taken("7", 1)
        outcome = await client_for("http://www.smsc.test").send(REQUEST)
        assert outcome == NotSent("dns_failed", wait=5.0)
        assert proxy.heads == []


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for ``smsc.test``; return a server's context, and a client's that trusts it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, signed = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=smsc.test"
    names = ["-addext", "subjectAltName=DNS:smsc.test", "-keyout", key, "-out", signed]
    subprocess.run([openssl, *options.split(), *names], check=True, capture_output=True)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(signed, key)
    return serving, ssl.create_default_context(cafile=signed)


async def test_a_tunnel(
    client_for: ClientFor,
    certificate: tuple[ssl.SSLContext, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serving, trusting = certificate
    async with Misbehaving(OK, tls=serving) as provider, Proxy(URL(provider.url).port or 0) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        # Nobody whom the machine trusts has signed it.
        assert await client_for("https://smsc.test").send(REQUEST) == NotSent("tls_failed", wait=5.0)
        assert provider.requests == []
        connector = aiohttp.TCPConnector(ssl=trusting)
        async with aiohttp.ClientSession(connector=connector, trace_configs=[trace_config()]) as session:
            assert await client_for("https://smsc.test", session=session).send(REQUEST) == Taken("7", 1)
            # The right signature under another name.
            outcome = await client_for("https://other.test", session=session).send(REQUEST)
            assert outcome == NotSent("tls_failed", wait=5.0)
        assert len(provider.requests) == 1
        assert all(head.startswith("CONNECT smsc.test:443 ") for head in proxy.heads[:2])
        assert not [head for head in proxy.heads if "SECRET" in head]
