"""Writing SMSC replies: the forms common to all scripts, content types and charsets."""

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from worker.simulator.calls import Call, Reply
from worker.simulator.smsc.requests import CODECS

TEXT, COMMAS, XML, JSON = range(4)
"""The values of ``fmt`` (SMSC protocol §3.1)."""

# [assumed]: nobody has written down the headers of the real server.
_CONTENT_TYPES = {TEXT: "text/plain", COMMAS: "text/plain", XML: "text/xml", JSON: "application/json"}


def encode(call: Call, body: str, error: int | None = None) -> Reply:
    """Put a reply's text into the charset that was asked for (SMSC protocol §1: JSON too).

    Args:
        call: the call, for its charset and form.
        body: the text; characters that the charset lacks become question marks.
        error: the error code in it.

    Returns:
        The reply, with HTTP status 200.
    """
    return Reply(
        body.encode(CODECS[call.charset], "replace"),
        f"{_CONTENT_TYPES[call.form]}; charset={call.charset}",
        error=error,
    )


def write_error(form: int, code: int, text: str, message_id: int | str | None) -> str:
    """Write an error (SMSC protocol §3.3).

    Args:
        form: value of ``fmt``.
        code: error code.
        text: its text.
        message_id: id of the record, None if there is none.

    Returns:
        The text of the reply.
    """
    if form == TEXT:
        return f"ERROR = {code} ({text})" + ("" if message_id is None else f", ID - {message_id}")
    if form == COMMAS:
        return f"{0 if message_id is None else message_id},-{code}"
    members: dict[str, Any] = {"error": text, "error_code": code}
    if message_id is not None:
        members["id"] = message_id
    return write_xml("result", members) if form == XML else write_json(members)


def write_done(form: int) -> str:
    """Write the success of a deletion (SMSC protocol §5.10; all but JSON are [assumed])."""
    if form == JSON:
        return write_json({"result": "OK"})
    return "<result>OK</result>" if form == XML else "OK"


def write_json(value: Any) -> str:
    """Write JSON without spaces, Cyrillic letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_xml(root: str, members: Mapping[str, Any]) -> str:
    """Write members as elements under a root, without a prolog, as in the provider's templates.

    Args:
        root: name of the root element.
        members: names and values; a list of mappings becomes nested ``item`` elements [assumed].

    Returns:
        The XML text.
    """
    parts = [f"<{root}>"]
    for name, value in members.items():
        if isinstance(value, list):
            parts.append(f"<{name}>{''.join(write_xml('item', item) for item in value)}</{name}>")
        else:
            parts.append(f"<{name}>{escape(str(value))}</{name}>")
    parts.append(f"</{root}>")
    return "".join(parts)
