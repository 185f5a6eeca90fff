"""Servers on real sockets: one that answers literally, and one that does to a connection what it is told."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from email import policy
from email.parser import BytesParser
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.test_utils import TestServer

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class LiteralServer:
    """Answers every request with the same bytes; keeps what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b'{"id":7,"cnt":1}'
        self.headers: dict[str, str] = {}
        self.charset = "utf-8"
        self.files: list[tuple[str, str, bytes]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.raw: list[bytes] = []
        self.seen_headers: list[dict[str, str]] = []
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.Response:
        raw = await request.read()
        path, _, query = request.path_qs.partition("?")
        if request.content_type == "application/json":
            asked = json.loads(raw.decode("utf-8"))
            assert all(isinstance(value, str) for value in asked.values())
        elif request.content_type == "multipart/form-data":
            asked = self._parts(raw, request.headers["Content-Type"])
        else:
            text = query if request.method == "GET" else raw.decode("ascii")
            pairs = parse_qsl(
                text, keep_blank_values=True, strict_parsing=True, encoding=self.charset, errors="strict"
            )
            assert len(dict(pairs)) == len(pairs), "a parameter twice"
            asked = dict(pairs)
        self.asked.append((request.method, path, asked))
        self.raw.append(raw)
        self.seen_headers.append(dict(request.headers))
        return web.Response(status=self.status, body=self.body, headers=self.headers)

    def _parts(self, raw: bytes, content_type: str) -> dict[str, str]:
        """Take a multipart body apart with another library than the one under test."""
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        message = BytesParser(policy=policy.HTTP).parsebytes(head + raw)
        asked: dict[str, str] = {}
        for part in message.iter_parts():
            disposition = part["Content-Disposition"]
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            name = str(disposition.params["name"])
            assert name not in asked
            if "filename" in disposition.params:
                self.files.append((name, str(disposition.params["filename"]), content))
            else:
                asked[name] = content.decode(self.charset)
        return asked

    @property
    def url(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    async def __aenter__(self) -> LiteralServer:
        await self._server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.close()


class RawServer:
    """Does ``act`` to every connection; counts connections and the requests that it read whole."""

    def __init__(self, act: Act, *, tls: ssl.SSLContext | None = None) -> None:
        self._act = act
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.requests: list[bytes] = []
        self.arrived = asyncio.Event()

    async def request(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        body = await reader.readexactly(length)
        self.requests.append(head + body)
        self.arrived.set()
        return body

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._act(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> RawServer:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


class Misbehaving(RawServer):
    """Reads the request, writes ``answer``, and then ``ends``: by ``close`` or ``reset``, or not."""

    def __init__(self, answer: bytes = b"", ends: str = "close", **more: Any) -> None:
        super().__init__(self._misbehave, **more)
        self._answer, self._ends = answer, ends

    async def _misbehave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        writer.write(self._answer)
        await writer.drain()
        if self._ends in {"wait", "hold"}:
            await asyncio.Event().wait()
        if self._ends == "reset":
            reset(writer)


def reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
