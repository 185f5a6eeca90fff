"""The file of a deferred download, piece by piece: `downloads.php?get_file=1`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from worker.providers.smsc import replies
from worker.providers.smsc.downloads import file_call
from worker.providers.smsc.exchange import Exchange, MaySend
from worker.providers.smsc.failures import MaybeSentError
from worker.providers.smsc.opened import OpenReply

ENDPOINT = "download_file"

#: Bytes of a reply that isn't a file: an error is short.
_MAX_ERROR = 64 * 1024
#: Bytes that tell the beginning of a file from an error reply.
_ENOUGH = 64

#: How an error reply begins, in one format or another; a file of comma separated columns begins otherwise.
_ERROR_BEGINS = re.compile(rb"[\s\xef\xbb\xbf]*(?:[{\[<]|ERROR\b|[A-Za-z0-9._-]*,-\d{1,9}\s*$)")
_CONTENT_RANGE = re.compile(r"bytes (?:(?P<first>\d{1,18})-\d+|\*)/(?P<size>\d{1,18}|\*)")


class FileStream:
    """A file on its way; implements `worker.providers.base.FileStream`."""

    def __init__(
        self, exchange: Exchange, reply: OpenReply | None, start: int, size: int | None, first: bytes = b""
    ) -> None:
        self._exchange = exchange
        self._reply = reply
        self._first = first
        self.start = start
        self.size = size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._first:
            yield self._first
        while self._reply is not None and (piece := await _piece(self._exchange, self._reply)):
            yield piece


@asynccontextmanager
async def download(
    exchange: Exchange, number: int, offset: int, may_send: MaySend
) -> AsyncIterator[FileStream]:
    """Open the file of a download, from a byte on if the server can.

    That it understands `Range` is unconfirmed: where it doesn't, the file comes from its beginning.

    Raises:
        ProviderError: No reply, or an error reply in place of the file.
    """
    headers = {"Range": f"bytes={offset}-"} if offset else {}
    reply = await exchange.open(file_call(number), headers, may_send)
    try:
        yield await _begun(exchange, reply, offset)
    finally:
        reply.close()


async def _begun(exchange: Exchange, reply: OpenReply, offset: int) -> FileStream:
    match = _CONTENT_RANGE.fullmatch(reply.header("Content-Range").strip())
    size = int(match["size"]) if match is not None and match["size"] != "*" else None
    if reply.status == 206 and offset:
        if match is None or match["first"] is None:
            raise exchange.asked_in_vain("bad_reply")
        return FileStream(exchange, reply, int(match["first"]), size)
    if reply.status == 416 and offset and size == offset:
        return FileStream(exchange, None, offset, size)  # there is no more
    first = await _read(exchange, reply, _ENOUGH)
    if reply.status != 200 or _ERROR_BEGINS.match(first):
        first += await _read(exchange, reply, _MAX_ERROR - len(first))
        _check(exchange, reply.status, first)
    if reply.status != 200:
        raise exchange.asked_in_vain(f"http_{reply.status}")
    if not first:
        # The provider's libraries take an empty reply for a failure; an empty file is no loss.
        raise exchange.asked_in_vain("bad_reply")
    length = reply.header("Content-Length")
    return FileStream(exchange, reply, 0, int(length) if length.isdecimal() else None, first)


def _check(exchange: Exchange, status: int, body: bytes) -> None:
    try:
        document = replies.read(body, exchange.charset)
    except replies.UnreadableError as error:
        if error.reason == "html_reply" and status == 200:
            raise exchange.asked_in_vain("bad_reply") from None
        return  # no reply of the provider's program: what looked like one is the file's beginning
    exchange.check(ENDPOINT, status, document)
    if status == 200 and document.members is not None:
        raise exchange.asked_in_vain("bad_reply")


async def _read(exchange: Exchange, reply: OpenReply, wanted: int) -> bytes:
    """Return so many bytes and whatever came with them, or all that there is."""
    found = b""
    while len(found) < wanted and (piece := await _piece(exchange, reply)):
        found += piece
    return found


async def _piece(exchange: Exchange, reply: OpenReply) -> bytes:
    try:
        return await reply.piece()
    except MaybeSentError as error:
        raise exchange.asked_in_vain(error.reason) from None
