"""What a message must look like (SMS2 protocol, "Send an SMS")."""

import re
from collections.abc import Collection

from worker.simulator.sms2 import errors, magic
from worker.simulator.sms2.errors import RefusedError

LONGEST_TEXT = 268

_PHONE = re.compile(r"7[0-9]{10}")
_SENDER = re.compile(r"(?=[0-9]*[A-Za-z])[A-Za-z0-9]{3,11}")
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def check_letter(text: str, sender: str) -> None:
    """Check text and sender ID.

    A text of white space alone is empty, a word is a run of letters and digits, a sender ID of digits alone
    is none, and one must be there [all assumed]. A text that windows-1251 lacks characters for is refused
    rather than damaged, even with ``enc=utf-8`` [assumed]; so is one that isn't in the charset it claims.

    Args:
        text: the text.
        sender: the sender ID.

    Raises:
        RefusedError: they can't be sent.
    """
    if not text.strip() or len(text) > LONGEST_TEXT or not _SENDER.fullmatch(sender):
        raise RefusedError(errors.CANNOT_SEND)
    if _LATIN.search(text) and any(map(_mixes, _WORD.findall(text))):
        raise RefusedError(errors.CANNOT_SEND)
    try:
        text.encode("cp1251")
    except UnicodeEncodeError:
        raise RefusedError(errors.CANNOT_SEND) from None


def check_registered(sender: str, senders: Collection[str]) -> None:
    """Refuse a sender ID that isn't among the registered ones, upper case being another ID [assumed]."""
    if senders and sender not in senders:
        raise RefusedError(errors.UNSUPPORTED_SENDER)


def is_phone(phone: str) -> bool:
    """Tell whether a number has the only form that the provider takes."""
    return _PHONE.fullmatch(phone) is not None


def check_phone(phone: str) -> None:
    """Refuse what is no number, and magic recipients."""
    if not is_phone(phone):
        raise RefusedError(errors.UNSUPPORTED_PHONE)
    if phone in magic.REFUSED:
        raise RefusedError(magic.REFUSED[phone])


def check_words(text: str) -> None:
    """Refuse a text with forbidden words."""
    if magic.FORBIDDEN_TEXT in text:
        raise RefusedError(errors.BLOCKED_TEXT)


def _mixes(word: str) -> bool:
    return _LATIN.search(word) is not None and _CYRILLIC.search(word) is not None
