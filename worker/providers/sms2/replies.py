"""From the bytes of a reply to its text, and what of that text may be passed on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from producers.masking import mask_phone
from worker.providers.sms2.account import CHARSET
from worker.providers.sms2.codes import Row, row_of

_ERROR = re.compile(r"Error\s*:\s*(?P<words>\S.*)", re.IGNORECASE | re.DOTALL)
#: A shorter secret would be found in ordinary words.
_SECRET_LENGTH = 4
_PHONE = re.compile(r"\d{9,15}", re.ASCII)


class UnreadableError(Exception):
    """The body is no reply of SMS2's."""


def text_of(body: bytes) -> str:
    """Return a reply's text, without the spaces around it.

    Replies are in windows-1251. Russian letters in that charset are hardly ever well-formed UTF-8, so the
    other one is tried first.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode(CHARSET, errors="replace")
    return text.strip()


def error_in(text: str) -> str:
    """Return the words after ``Error:``, or an empty string when it is no error reply."""
    match = _ERROR.fullmatch(text)
    return match["words"] if match else ""


def is_believed(status: int, words: str, rows: Mapping[str, Row]) -> bool:
    """Say whether an error reply proves that nothing was done.

    SMS2 answers errors with HTTP 200. A 4xx with one of its own texts can only come from the same program. A
    5xx may have been written by a machine in front of it after the request had gone through, and a redirect
    by anybody: their bodies prove nothing.
    """
    return status == 200 or (400 <= status < 500 and row_of(words, rows) is not None)


def without(text: str, secrets: Iterable[str]) -> str:
    """Return a text of the provider's in which nothing stands that nobody else is to see."""
    text = " ".join(text.split())
    # The longest first: one may hold another.
    for secret in sorted((" ".join(secret.split()) for secret in secrets), key=len, reverse=True):
        if len(secret) >= _SECRET_LENGTH:
            text = text.replace(secret, "***")
    return _PHONE.sub(lambda found: mask_phone(found[0]), text)
