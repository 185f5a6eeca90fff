"""The two ends of an exchange as every provider sees them: the call that came in, the reply that goes out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from aiohttp import web

from worker.simulator.traffic import Traffic


class Upload(NamedTuple):
    """A file that came with a request.

    Attributes:
        part: the name of its part of the body.
        name: its own name.
        size: its bytes.
    """

    part: str
    name: str
    size: int


@dataclass(slots=True)
class Call:
    """One request, read.

    Attributes:
        endpoint: the script called, such as ``send.php``.
        method: HTTP method.
        address: the caller's IP address.
        parameters: names and decoded values, credentials included.
        files: names of uploaded parts and digests of their contents.
        charset: the charset asked for, by its name in the protocol.
        form: the reply format asked for (``fmt`` at SMSC).
        readable: False when the body could not be read at all.
        uploads: the uploaded files in order.
        headers: the request's headers, where a script heeds them; else None.
        contents: uploaded parts and their bytes, where a script looks into them.
    """

    endpoint: str
    method: str
    address: str
    parameters: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    charset: str = ""
    form: int = 0
    readable: bool = True
    uploads: tuple[Upload, ...] = ()
    headers: Mapping[str, str] | None = None
    contents: Mapping[str, bytes] | None = None


class Source(Protocol):
    """A body that is made while it is sent."""

    @property
    def size(self) -> int:
        """All of its bytes."""

    def read(self, most: int) -> Iterator[bytes]:
        """Give the first ``most`` bytes, piece by piece."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, ready for the wire.

    Attributes:
        body: its bytes.
        content_type: value of the Content-Type header, or empty for none.
        status: HTTP status.
        error: the provider's error in it, by code (SMSC) or text (SMS2), None for a success.
        headers: further headers.
        source: the body in place of ``body``, for one too large to be held.
    """

    body: bytes
    content_type: str
    status: int = 200
    error: int | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = None


class Provider(Protocol):
    """What a provider must do to be played here.

    Attributes:
        endpoints: its scripts.
        credentials: parameters that no book may show.
        traffic: where its requests are counted.
        immune: scripts, and the kinds of fault that can't strike them.
    """

    endpoints: tuple[str, ...]
    credentials: frozenset[str]
    traffic: Traffic
    immune: Mapping[str, frozenset[str]]

    def read(self, endpoint: str, request: web.Request, body: bytes) -> Call:
        """Read a request; never raises, whatever the body is."""

    def room(self, call: Call) -> str:
        """Name the room in which simultaneous requests of this kind are counted together."""

    def answer(self, call: Call, crowd: int) -> Reply:
        """Carry the request out; ``crowd`` requests are in its room now, this one included."""

    def error(self, call: Call, code: int) -> Reply:
        """Form the provider's own reply to fault ``errorCODE`` without carrying anything out."""
