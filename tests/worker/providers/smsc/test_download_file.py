"""`downloads.php?get_file=1`: a file in pieces, resumed or not, and errors in its place."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from worker.providers.base import ProviderError
from worker.providers.smsc import SmscAccount, SmscClient
from worker.providers.smsc.opened import PIECE

from .calls import LOGIN, bad
from .servers import LiteralServer, Misbehaving

CSV = b"phone;status\n" + b"".join(b"7999%07d;1\n" % number for number in range(100_000))


class FileServer:
    """Serves `CSV`; with ``ranges`` from any byte."""

    def __init__(self, *, ranges: bool = True) -> None:
        self.ranges = ranges
        self.asked: list[str] = []
        app = web.Application()
        app.router.add_post("/sys/downloads.php", self._answer)
        self.server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.headers.get("Range", ""))
        form = await request.post()
        assert (form["get_file"], form["id"], form["login"]) == ("1", "8", "LOGIN")
        wanted = re.fullmatch(r"bytes=(\d+)-", self.asked[-1])
        if wanted is None or not self.ranges:
            return web.Response(body=CSV)
        first = int(wanted[1])
        if first >= len(CSV):
            return web.Response(status=416, headers={"Content-Range": f"bytes */{len(CSV)}"})
        span = f"bytes {first}-{len(CSV) - 1}/{len(CSV)}"
        return web.Response(status=206, body=CSV[first:], headers={"Content-Range": span})


@pytest.fixture(params=[True, False])
async def files(request: pytest.FixtureRequest) -> AsyncIterator[FileServer]:
    served = FileServer(ranges=request.param)
    await served.server.start_server()
    yield served
    await served.server.close()


def client_of(url: str, session: aiohttp.ClientSession) -> SmscClient:
    return SmscClient(SmscAccount(url, login="LOGIN", password="p&w +я"), session)


async def test_in_pieces(files: FileServer, session: aiohttp.ClientSession) -> None:
    client = client_of(str(files.server.make_url("")), session)
    async with client.download(id=8) as stream:
        pieces = [piece async for piece in stream]
    assert (stream.start, stream.size, b"".join(pieces)) == (0, len(CSV), CSV)
    assert max(map(len, pieces)) <= 4 * PIECE
    assert files.asked == [""]


async def test_going_on(files: FileServer, session: aiohttp.ClientSession) -> None:
    client = client_of(str(files.server.make_url("")), session)
    async with client.download(id=8, offset=500_000) as stream:
        got = b"".join([piece async for piece in stream])
    assert files.asked == ["bytes=500000-"]
    assert stream.size == len(CSV)
    assert stream.start == (500_000 if files.ranges else 0)
    assert got == CSV[stream.start :]


async def test_there_is_no_more(session: aiohttp.ClientSession) -> None:
    served = FileServer()
    async with served.server:
        client = client_of(str(served.server.make_url("")), session)
        async with client.download(id=8, offset=len(CSV)) as stream:
            assert [piece async for piece in stream] == []
        assert (stream.start, stream.size) == (len(CSV), len(CSV))
        with pytest.raises(ProviderError) as caught:
            async with client.download(id=8, offset=len(CSV) + 1):
                pass
        assert caught.value.reason == "http_416"


async def test_left_early(files: FileServer, session: aiohttp.ClientSession) -> None:
    """The connection is dropped, not read to its end; the next request has one of its own."""
    client = client_of(str(files.server.make_url("")), session)
    for _ in range(3):
        async with client.download(id=8) as stream:
            async for piece in stream:
                assert CSV.startswith(piece)
                break
    assert len(files.asked) == 3


#: An error reply in place of the file, in every format, and what is no file.
ERRORS = [
    ('{"error":"parameters error","error_code":1}', 200, bad("parameters_error", 60.0, 1)),
    ('{"error":"authorise error","error_code":2}', 200, bad("auth", 600.0, 2, pause=True)),
    ("ERROR = 2 (authorise error)", 200, bad("auth", 600.0, 2, pause=True)),
    ("ERROR = 3 (not found)", 200, bad("not_found", 60.0, 3)),
    ("0,-4\n", 200, bad("ip_blocked", 600.0, 4, pause=True)),
    ("ERROR = 9 (duplicate request, wait a minute)", 200, bad("duplicate_request", 62.0, 9)),
    ("0,-9", 200, bad("duplicate_request", 62.0, 9)),
    (
        "\ufeff<result><error>duplicate request, wait a minute</error><error_code>9</error_code></result>",
        200,
        bad("duplicate_request", 62.0, 9),
    ),
    ('{"error":"x","error_code":9}', 429, bad("duplicate_request", 62.0, 9)),
    ('{"result":"wait"}', 200, bad("bad_reply")),
    ("<html><body>busy</body></html>", 200, bad("bad_reply")),
    ("", 200, bad("bad_reply")),
    ("busy", 404, bad("http_404")),
    ('{"error":"x","error_code":2}', 502, bad("http_502")),
]


@pytest.mark.parametrize(("reply", "status", "error"), ERRORS)
async def test_an_error_in_its_place(
    reply: str, status: int, error: ProviderError, client: SmscClient, server: LiteralServer
) -> None:
    server.body, server.status = reply.encode(), status
    with pytest.raises(ProviderError) as caught:
        async with client.download(id=8):
            pass
    assert vars(caught.value) == vars(error)
    assert server.asked == [("POST", "/sys/downloads.php", LOGIN | {"get_file": "1", "id": "8"})]


@pytest.mark.parametrize(
    "content", [b"{a};b\n1;2\n", b"[x]\n", b"<b>\n", b"7,-5\n8,-6\n", b"id\n", b"\xff\xfe1"]
)
async def test_a_file_that_begins_like_an_error(
    content: bytes, client: SmscClient, server: LiteralServer
) -> None:
    server.body = content
    async with client.download(id=8) as stream:
        assert b"".join([piece async for piece in stream]) == content


async def test_it_breaks_off(session: aiohttp.ClientSession) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    async with Misbehaving(head + b"phone;status\n" + b"7" * 200_000) as provider:
        got = b""
        async with client_of(provider.url, session).download(id=8) as stream:
            pieces = aiter(stream)
            with pytest.raises(ProviderError) as caught:  # noqa: PT012
                while True:
                    got += await anext(pieces)
    assert caught.value.reason == "reply_cut"
    assert len(got) > 100_000


async def test_a_turn_that_is_over(client: SmscClient, server: LiteralServer) -> None:
    with pytest.raises(ProviderError) as caught:
        async with client.download(id=8, may_send=lambda: False):
            pass
    assert (caught.value.reason, caught.value.in_doubt, server.asked) == ("too_late", False, [])
