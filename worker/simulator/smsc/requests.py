"""Reading SMSC requests: query, urlencoded or multipart body, and the JSON body of ``/rest/send/``."""

import hashlib
import json
from typing import Any

from aiohttp import web

from worker.simulator.calls import Call, Upload
from worker.simulator.forms import Fields, read_form, read_multipart

CODECS = {"windows-1251": "cp1251", "utf-8": "utf-8", "koi8-r": "koi8-r"}
"""Charsets by their names in the protocol (SMSC protocol §1), and Python's names."""

DEFAULT_CHARSET = "windows-1251"


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
    fields = read_form(request.raw_path.partition("?")[2].encode("utf-8", "surrogateescape"))
    if body:
        kind = request.content_type
        if kind == "multipart/form-data":
            fields += _read_multipart(request.headers["Content-Type"], body, call)
        else:
            fields += read_form(body)
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


def _read_multipart(content_type: str, body: bytes, call: Call) -> Fields:
    parts, call.readable = read_multipart(content_type, body)
    fields = []
    for part in parts:
        if part.file_name is None:
            fields.append((part.name, part.value))
            continue
        # Parts of the same name are all taken; their contents make one digest.
        before = call.files.get(part.name, "").encode()
        call.files[part.name] = hashlib.blake2b(before + part.value, digest_size=16).hexdigest()
        call.uploads += (Upload(part.name, part.file_name, len(part.value)),)
    return fields
