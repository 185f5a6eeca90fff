"""Reading requests to SMS2: query, urlencoded body, or multipart as PHP's curl sends arrays."""

import hashlib

from aiohttp import web

from worker.simulator.calls import Call, Upload
from worker.simulator.forms import Fields, read_form, read_multipart

MMS = "api.php"


def read_call(endpoint: str, request: web.Request, body: bytes) -> Call:
    """Read a request to one of the scripts.

    Query and body may both hold parameters; the body's win, and of a repeated name the last [assumed].
    ``enc=utf-8`` holds for all parameters, and any other ``enc`` is ignored [assumed]. The MMS gate takes
    UTF-8 alone.

    Args:
        endpoint: the script's name.
        request: the request.
        body: its body.

    Returns:
        The call. What isn't in its charset has U+FFFD in place of the wrong bytes.
    """
    call = Call(endpoint, request.method, request.remote or "", {})
    fields = read_form(request.raw_path.partition("?")[2].encode("utf-8", "surrogateescape"))
    if body and request.content_type == "multipart/form-data":
        fields += _read_parts(request.headers["Content-Type"], body, call)
    elif body:
        fields += read_form(body)
    values = dict(fields)
    in_utf8 = endpoint == MMS or values.get("enc", b"").lower() == b"utf-8"
    call.charset = "utf-8" if in_utf8 else "windows-1251"
    codec = "utf-8" if in_utf8 else "cp1251"
    call.parameters = {name: value.decode(codec, "replace") for name, value in values.items()}
    return call


def _read_parts(content_type: str, body: bytes, call: Call) -> Fields:
    parts, call.readable = read_multipart(content_type, body)
    fields, contents = [], {}
    for part in parts:
        if part.file_name is None:
            fields.append((part.name, part.value))
            continue
        contents[part.name] = part.value
        call.files[part.name] = hashlib.blake2b(part.value, digest_size=16).hexdigest()
        call.uploads += (Upload(part.name, part.file_name, len(part.value)),)
    call.contents = contents
    return fields
