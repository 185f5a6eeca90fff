"""Writing SMSC replies: the forms common to all scripts, content types and charsets."""

import json
from collections.abc import Mapping, Sequence
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


def flat(value: Any) -> str:
    """Write a value into a line; a line break in a text becomes what ``list`` uses for it [assumed]."""
    return str(value).replace("\n", "\\n")


def write_item(form: int, members: Mapping[str, Any]) -> str:
    """Write one object.

    JSON is an object and XML has its members in ``result``; fmt 0 is ``name = value`` and fmt 1 the values
    alone, both parted by commas [assumed wherever no sample is known]. A list becomes an array in JSON,
    elements of the same name in XML, and values parted by semicolons elsewhere [assumed].

    Args:
        form: value of ``fmt``.
        members: names and values.

    Returns:
        The text of the reply.
    """
    if form == JSON:
        return write_json(members)
    if form == XML:
        return _write_element("result", members)
    return _write_line(form, members)


def write_rows(form: int, rows: Sequence[Mapping[str, Any]]) -> str:
    """Write a list of objects: an array, a line each, or ``item`` elements in ``result`` [assumed].

    Args:
        form: value of ``fmt``.
        rows: names and values of each object.

    Returns:
        The text of the reply.
    """
    if form == JSON:
        return write_json(rows)
    if form == XML:
        return f"<result>{''.join(_write_element('item', row) for row in rows)}</result>"
    return "\n".join(_write_line(form, row) for row in rows)


def _write_line(form: int, members: Mapping[str, Any]) -> str:
    values = {
        name: ";".join(map(str, value)) if isinstance(value, list) else flat(value)
        for name, value in members.items()
    }
    if form == TEXT:
        return ", ".join(f"{name} = {value}" for name, value in values.items())
    return ",".join(values.values())


def _write_element(root: str, members: Mapping[str, Any]) -> str:
    parts = [
        f"<{name}>{escape(str(one))}</{name}>"
        for name, value in members.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return f"<{root}>{''.join(parts)}</{root}>"


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
