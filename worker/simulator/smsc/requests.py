"""Reading SMSC requests: query, urlencoded or multipart body, and the JSON body of ``/rest/send/``."""

import binascii
import hashlib
import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from aiohttp import web

from worker.simulator.calls import Call, Upload

CODECS = {"windows-1251": "cp1251", "utf-8": "utf-8", "koi8-r": "koi8-r"}
"""Charsets by their names in the protocol (SMSC protocol §1), and Python's names."""

DEFAULT_CHARSET = "windows-1251"

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_FILE_NAME = re.compile(rb'filename="([^"]*)"', re.IGNORECASE)
_PART_NAME = re.compile(rb'[; ]name="([^"]*)"', re.IGNORECASE)

Fields = list[tuple[str, bytes]]


def read_call(endpoint: str, request: web.Request, body: bytes) -> Call:
    """Read a request to one of the scripts.

    Query and body may both hold parameters; the body's win, and of a repeated name the last. An unknown
    charset counts as windows-1251 and an unknown ``fmt`` as 0 [assumed]. The charset in Content-Type is
    ignored [assumed].

    Args:
        endpoint: the script's name.
        request: the request.
        body: its body.

    Returns:
        The call.
    """
    call = Call(endpoint, request.method, request.remote or "", {})
    fields = _read_form(request.raw_path.partition("?")[2].encode("utf-8", "surrogateescape"))
    if body:
        kind = request.content_type
        if kind == "multipart/form-data":
            fields += _read_multipart(request.headers["Content-Type"], body, call)
        else:
            fields += _read_form(body)
    _decode(call, fields)
    call.form = int(call.parameters["fmt"]) if call.parameters.get("fmt") in ("1", "2", "3") else 0
    return call


def read_json_call(endpoint: str, request: web.Request, body: bytes) -> Call:
    """Read a request whose body is a JSON object with the same parameter names (SMSC protocol §1).

    The body is UTF-8 and the reply JSON, in UTF-8 unless ``charset`` names another [assumed]. A list of
    simple values counts as one string with commas [assumed].

    Args:
        endpoint: the script's name.
        request: the request.
        body: its body.

    Returns:
        The call; ``readable`` is False if the body is no such object.
    """
    call = Call(endpoint, request.method, request.remote or "", {}, charset="utf-8", form=3)
    try:
        members = json.loads(body)
        call.parameters = {name: _as_text(value) for name, value in members.items()}
    except (ValueError, AttributeError, TypeError):
        call.readable = False
        return call
    if call.parameters.get("charset", "").lower() in CODECS:
        call.charset = call.parameters["charset"].lower()
    return call


def _as_text(value: Any) -> str:
    match value:
        case bool():
            return str(int(value))
        case str() | int() | float():
            return str(value)
        case None:
            return ""
        case list():
            return ",".join(map(_as_text, value))
    raise TypeError


def _decode(call: Call, fields: Fields) -> None:
    values = dict(fields)
    charset = values.get("charset", b"").decode("ascii", "replace").lower()
    call.charset = charset if charset in CODECS else DEFAULT_CHARSET
    codec = CODECS[call.charset]
    call.parameters = {name: value.decode(codec, "replace") for name, value in values.items()}


def _read_form(data: bytes) -> Fields:
    fields = []
    for piece in data.split(b"&"):
        if piece:
            name, _, value = piece.partition(b"=")
            fields.append((_unquote(name).decode("ascii", "replace"), _unquote(value)))
    return fields


def _unquote(data: bytes) -> bytes:
    if b"+" in data:
        data = data.replace(b"+", b" ")
    if b"%" not in data:
        return data
    if _BAD_ESCAPE.search(data):
        return unquote_to_bytes(data)
    # Quoted-printable differs from percent-encoding in the sign alone, and its decoder is written in C: four
    # times as fast as unquote_to_bytes, which matters for a list of 500 Cyrillic texts.
    return binascii.a2b_qp(data.replace(b"=", b"=3D").replace(b"%", b"="))


def _read_multipart(content_type: str, body: bytes, call: Call) -> Fields:
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        call.readable = False
        return []
    mark = b"--" + (boundary[1] or boundary[2]).encode()
    fields = []
    for part in (b"\r\n" + body).split(b"\r\n" + mark)[1:]:
        if part.startswith(b"--"):
            break
        headers, blank, value = part.partition(b"\r\n\r\n")
        name = _PART_NAME.search(headers)
        if not blank or name is None:
            call.readable = False
            continue
        title = name[1].decode("ascii", "replace")
        if b"filename=" in headers:
            # Parts of the same name are all taken; their contents make one digest.
            before = call.files.get(title, "").encode()
            call.files[title] = hashlib.blake2b(before + value, digest_size=16).hexdigest()
            named = _FILE_NAME.search(headers)
            own = named[1].decode("utf-8", "replace") if named else ""
            call.uploads += (Upload(title, own, len(value)),)
        else:
            fields.append((title, value))
    return fields
