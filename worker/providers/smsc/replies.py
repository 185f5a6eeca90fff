"""Bytes to a document: which of SMSC's four formats a reply is in, and whether it is an error reply.

We always ask for JSON in UTF-8, but a server of long standing sometimes answers otherwise: without `charset`
even JSON is windows-1251, and an error met before the parameters are read comes in the default format.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from worker.providers.smsc import xml
from worker.providers.smsc.codes import ERROR_TEXTS, NO_CODE
from worker.providers.smsc.values import as_id, as_int

_json = msgspec.json.Decoder(float_hook=Decimal)

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)

#: Formats 0 and 1 (SMSC protocol, error replies).
_TEXT_ERROR = re.compile(
    r"ERROR\s*=\s*(?P<code>\d{1,9})\s*(?:\((?P<text>.*)\))?\s*(?:,\s*ID\s*-\s*(?P<id>\S+))?", re.DOTALL
)
_LIST_ERROR = re.compile(r"(?P<id>[A-Za-z0-9._-]*),-(?P<code>\d{1,9})")

#: Values of `error` and `error_code` that mean that there is no error.
_NOTHING = (None, "", 0, "0", False)


class UnreadableError(Exception):
    """The body is no reply of SMSC's. ``reason`` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Document(NamedTuple):
    """A decoded reply: members of an object, a list, or text (formats 0 and 1)."""

    members: dict[str, Any] | None = None
    items: list[Any] | None = None
    text: str = ""


class ErrorReply(NamedTuple):
    """What an error reply says.

    Attributes:
        code: The error code; `NO_CODE` when there is neither a number nor a known text.
        text: The provider's own words.
        provider_id: The id of the record that was made of the refusal, or empty.
        coded: The code was given as a number, so that no other server than SMSC's can have written this.
    """

    code: int
    text: str
    provider_id: str
    coded: bool


def read(body: bytes, charset: str = "windows-1251") -> Document:
    """Decode a reply.

    Args:
        body: The reply as it came.
        charset: What it is in if it isn't in UTF-8.

    Raises:
        UnreadableError: ``empty_reply``, ``html_reply`` or ``unreadable_reply``.
    """
    text = _decoded(body, charset).strip()
    if not text:
        raise UnreadableError("empty_reply")
    if text[0] in "{[":
        return _from_json(text)
    if text[0] == "<":
        return _from_xml(text)
    # A number, a word or `null` alone: every one of them is text to us, and hardly ever a reply.
    return Document(text=text)


def error_in(document: Document) -> ErrorReply | None:
    """Return the error that a reply reports, or None when it reports none.

    An object with both an id and an error is an error reply: the provider keeps a record of some refusals.
    """
    if document.members is not None:
        return _member_error(document.members)
    if document.items is not None:
        return None
    match = _TEXT_ERROR.fullmatch(document.text) or _LIST_ERROR.fullmatch(document.text)
    if match is None:
        return None
    found = match.groupdict()
    return ErrorReply(int(found["code"]), found.get("text") or "", as_id(found["id"]), coded=True)


def _member_error(members: dict[str, Any]) -> ErrorReply | None:
    given, said = members.get("error_code"), members.get("error")
    if given in _NOTHING and said in _NOTHING:
        return None
    text = said if isinstance(said, str) else ""
    code = as_int(given) or NO_CODE
    coded = code != NO_CODE
    if not coded:
        code = ERROR_TEXTS.get(text.strip().lower(), NO_CODE)
    return ErrorReply(code, text, as_id(members.get("id")), coded)


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        # One byte of windows-1251 has no character; a name in a member we don't read may contain it.
        return body.decode("windows-1251" if charset == "utf-8" else charset, errors="replace")


def _from_json(text: str) -> Document:
    try:
        value = _json.decode(text)
    except (ValueError, RecursionError):
        raise UnreadableError("unreadable_reply") from None
    if isinstance(value, dict):
        return Document(members=value)
    return Document(items=value)


def _from_xml(text: str) -> Document:
    if _HTML.search(text):
        raise UnreadableError("html_reply")
    try:
        name, value = xml.read(text)
    except ValueError:
        raise UnreadableError("unreadable_reply") from None
    if isinstance(value, str):
        return Document(members={name: value})
    return Document(items=value) if isinstance(value, list) else Document(members=value)
