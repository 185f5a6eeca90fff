"""What a text must be to be sent: not empty, not too long, nothing in it that a provider would garble."""

from __future__ import annotations

import re

from producers.errors import BadRecipient

# SMSC takes up to 1000 characters in `mes`; a longer text is an error of the whole request.
MAX_CHARACTERS = 1000

_find_unsendable = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]").search


def clean_text(text: str, *, personal: bool, max_characters: int = MAX_CHARACTERS) -> str:
    r"""Check a text and return it as it will be sent: line breaks are ``\n``, all else is unchanged.

    Args:
        text: The text with its placeholders filled in.
        personal: True when each recipient of the batch has a text of its own. SMSC is given those as a list
            of lines, in which a backslash and ``n`` mean a line break and can't be told from themselves.
        max_characters: The longest text allowed, in characters.

    Raises:
        BadRecipient: ``text_empty``, ``text_too_long``, ``text_control_character`` (also half of a surrogate
            pair), ``text_damaged`` (U+FFFD: the file was decoded wrongly before) or ``text_backslash_n``.
    """
    # Nearly every text is printable throughout, and to ask that is the cheapest of the checks.
    if not text.isprintable():
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        match = _find_unsendable(text)
        if match is not None:
            raise _bad(
                "text_control_character", f"the text holds the control character U+{ord(match[0]):04X}"
            )
    if "\ufffd" in text:
        raise _bad(
            "text_damaged",
            "the text holds U+FFFD, the mark of a letter lost when the file was made",
            hint="export the file again as CSV UTF-8",
        )
    if not text or text.isspace():
        raise _bad("text_empty", "the text is empty")
    if len(text) > max_characters:
        raise _bad("text_too_long", f"the text has {len(text)} characters; {max_characters} are allowed")
    if personal and "\\n" in text:
        raise _bad(
            "text_backslash_n",
            "the text holds a backslash followed by n, which SMSC would turn into a line break in a list of "
            "personal texts",
            hint="use a real line break, or write the backslash in another way",
        )
    return text


def _bad(code: str, message: str, *, hint: str = "") -> BadRecipient:
    return BadRecipient(message, field="text", code=code, hint=hint)
