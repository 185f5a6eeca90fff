"""A multipart/form-data body (RFC 7578): one piece of bytes, so that it goes out like any other request."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

#: Files are named `file0`, `file1` and so on (official library; SMSC protocol, transport). Their type isn't
#: documented: the official library names none of its own.
_FILE_NAME = "file{}"
_FILE_TYPE = "application/octet-stream"


def encoded(
    fields: Sequence[tuple[str, bytes]], files: Sequence[tuple[str, bytes]], charset: str = "utf-8"
) -> tuple[bytes, str]:
    """Return a body and its content type.

    Args:
        fields: Names and values.
        files: Names and contents.
        charset: Of the files' names.

    Raises:
        UnicodeEncodeError: The charset has not all letters of a file's name.
    """
    boundary = f"smsq-{secrets.token_hex(16)}"  # 128 random bits: in no file by chance
    pieces: list[bytes] = []
    for name, value in fields:
        pieces += [_head(boundary, f'name="{name}"'.encode()), b"\r\n", value, b"\r\n"]
    for number, (name, content) in enumerate(files):
        field = f'name="{_FILE_NAME.format(number)}"; filename="'.encode()
        head = _head(boundary, field + _escaped(name).encode(charset) + b'"')
        pieces += [head, f"Content-Type: {_FILE_TYPE}\r\n\r\n".encode(), content, b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode())
    return b"".join(pieces), f"multipart/form-data; boundary={boundary}"


def _head(boundary: str, disposition: bytes) -> bytes:
    return f"--{boundary}\r\nContent-Disposition: form-data; ".encode() + disposition + b"\r\n"


def _escaped(name: str) -> str:
    """Return a file's name as browsers write it: a quote or line break must not end the header."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
