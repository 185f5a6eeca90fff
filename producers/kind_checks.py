"""What must fit together in a message of each kind: checked before anything is written or spent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from producers.errors import BadRecipient, UsageError
from producers.kinds import FIRST_ADDRESS, FileRef, Kind, SendOptions
from producers.option_checks import LINK, check_options
from producers.phones import parse_phone
from producers.texts import clean_text, count_segments

#: The text of a call for which the provider makes up a code and reads it out (SMSC protocol, voice code).
VOICE_CODE = "code"
#: A line that separates the text from a comment, which isn't sent (unconfirmed: its form is not in the
#: facts).
COMMENT_LINE = "\n~~~\n"
#: Bytes of a binary SMS's user data.
_BINARY_SEGMENT = 140

_EMAIL = re.compile(r"[^@\s,;]{1,64}@[^@\s,;]+\.[^@\s,;.]{2,}")
_GROUP = re.compile(r"G\d{1,12}")
_TELEGRAM = re.compile(r"#\d{1,20}|@?[A-Za-z][A-Za-z0-9_]{4,31}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
#: Kinds that need no text.
_TEXT_OPTIONAL = frozenset({Kind.HLR, Kind.PING, Kind.MMS, Kind.CALL})


def parse_recipient(kind: Kind, value: str) -> int | str:
    """Return a phone as E.164 digits, or an address that is no phone.

    Raises:
        BadRecipient: It is neither.
    """
    text = value.strip()
    if kind is Kind.EMAIL:
        if len(text) <= 254 and _EMAIL.fullmatch(text):
            return text
        raise BadRecipient(
            "that is no e-mail address", field="email", code="bad_email", hint="name@example.org"
        )
    if kind is Kind.TELEGRAM and _TELEGRAM.fullmatch(text):
        return text
    if _GROUP.fullmatch(text):
        return text
    return parse_phone(text)


def parse_recipients(kind: Kind, values: Sequence[str]) -> tuple[list[int], tuple[str, ...]]:
    """Return the recipients as numbers, each once, and the addresses that some of them stand for.

    Raises:
        BadRecipient: One of them can't be used; ``row`` is its place, from 1.
    """
    numbers: dict[int, None] = {}
    addresses: dict[str, None] = {}
    for position, value in enumerate(values, 1):
        try:
            found = parse_recipient(kind, value)
        except BadRecipient as error:
            error.row = position
            raise
        if isinstance(found, int):
            numbers[found] = None
        elif found not in addresses:
            numbers[FIRST_ADDRESS + len(addresses)] = None
            addresses[found] = None
    return list(numbers), tuple(addresses)


def check_message(text: str, sender: str, options: SendOptions) -> tuple[str, int]:
    """Check that all parts of a message fit together; returns the text as it is sent, and its segments.

    Raises:
        UsageError: Something is missing, or doesn't go together; the message says what.
        BadRecipient: The text can't be sent.
    """
    kind = options.kind
    check_options(options)
    text = _checked_text(text, options)
    if kind is Kind.EMAIL:
        _check_email(sender, options)
    elif kind is Kind.PUSH:
        _check_push(text)
    elif kind is Kind.MMS:
        if not (options.subject.strip() or text):
            raise _bad("mms", "an MMS needs a subject or a text")
        if not (options.files or options.file_url):
            raise _bad("mms", "an MMS needs a file or the address of one")
    elif kind is Kind.CALL and sum(map(bool, (text, options.files, options.file_url))) != 1:
        raise _bad("call", "a call has either a text, or files, or the address of a file")
    return text, _segments(text, options)


def _check_email(sender: str, options: SendOptions) -> None:
    missing = [
        name for name, given in (("subject", options.subject), ("sender", sender)) if not given.strip()
    ]
    if missing:
        raise _bad("email", f"an e-mail needs a {' and a '.join(missing)}")
    if not _EMAIL.fullmatch(sender):
        raise _bad("email", "the sender of an e-mail is an e-mail address")


def _check_push(text: str) -> None:
    link, _, title = text.partition("\n")
    if not LINK.fullmatch(link.strip()) or not title.strip():
        raise _bad("push", "a WAP-push is a link on the first line and a title on the second")


def _checked_text(text: str, options: SendOptions) -> str:
    kind = options.kind
    if kind is Kind.BINARY_HEX:
        compact = "".join(text.split())
        if not _HEX.fullmatch(compact):
            raise _bad("binary", "a binary message is written in pairs of hexadecimal digits")
        return compact
    if kind is Kind.BINARY:
        if not text or any(ord(letter) > 255 for letter in text):
            raise _bad("binary", "a raw binary message is one character from 0 to 255 for each byte")
        return text
    if not text.strip() and kind in _TEXT_OPTIONAL:
        return ""
    return clean_text(text, personal=False)


def _segments(text: str, options: SendOptions) -> int:
    kind = options.kind
    if kind is Kind.BINARY_HEX:
        return -(-(len(text) // 2) // _BINARY_SEGMENT)
    if kind is Kind.BINARY:
        return -(-len(text) // _BINARY_SEGMENT)
    if kind in {Kind.SMS, Kind.FLASH}:
        segments = count_segments(text.partition(COMMENT_LINE)[0])
        return min(segments, options.max_segments) if options.max_segments else segments
    return 1


def _bad(code: str, message: str, *, hint: str = "") -> UsageError:
    return UsageError(message, code=f"bad_{code}", hint=hint)


def file_ref(name: str, content: bytes) -> FileRef:
    """Describe a file that goes with a message; ``name`` loses its directory."""
    import hashlib

    short = name.replace("\\", "/").rpartition("/")[2][:100] or "file"
    return FileRef(short, hashlib.blake2b(content, digest_size=16).hexdigest(), len(content))
