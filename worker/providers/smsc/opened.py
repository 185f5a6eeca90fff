"""A reply of which only the head has come: its body is read piece by piece."""

from __future__ import annotations

import aiohttp

from worker.providers.smsc.failures import Progress, classified

#: Bytes of a piece at most.
PIECE = 64 * 1024


class OpenReply:
    """A reply whose body is still to come, in pieces of bounded size. To be closed."""

    def __init__(self, response: aiohttp.ClientResponse, progress: Progress) -> None:
        self._response = response
        self._progress = progress
        self.status = response.status

    def header(self, name: str) -> str:
        """Return a header, or an empty string."""
        return str(self._response.headers.get(name, ""))

    async def piece(self) -> bytes:
        """Return the next piece; empty at the end.

        Raises:
            MaybeSentError: The reply breaks off.
        """
        try:
            return await self._response.content.read(PIECE)
        except Exception as error:  # noqa: BLE001 - whatever it is, its own text may show the address
            failure = classified(error, self._progress)
        raise failure

    def close(self) -> None:
        """Drop the connection, with whatever is still to come."""
        self._response.close()
