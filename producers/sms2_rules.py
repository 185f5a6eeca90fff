"""SMS2's rules for a message, checked before money is spent (SMS2 protocol, send and MMS).

Errors are safe to log, but for one: `MixedWord` names the word to whoever wrote the text, in its ``message``
and `as_dict`; not in its ``str``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from producers.errors import BadRecipient, UsageError
from producers.kinds import PLAIN, FileRef, Kind, SendOptions
from producers.masking import mask_phone
from producers.texts.rules import clean_text

MAX_CHARACTERS = 268
#: Of an MMS as a whole.
MAX_MMS_BYTES = 300 * 1024
#: 11 digits that begin with 7.
PHONES = range(70_000_000_000, 80_000_000_000)

_KINDS = frozenset({Kind.SMS, Kind.FLASH, Kind.MMS})
_MMS_ONLY = frozenset({"subject", "files"})
_PNG = b"\x89PNG\r\n\x1a\n"
_SENDER = re.compile(r"(?=[0-9]*[A-Za-z])[A-Za-z0-9]{3,11}")

LATIN, CYRILLIC = "Latin", "Cyrillic"
#: Letters that look the same in both alphabets, in the same order. The last are found in no Russian word:
#: they are repaired in Latin words alone.
_LATIN_TWINS = "ABCEHIKMOPTXYËÏaceiopxyëï" + "JSjs"
_CYRILLIC_TWINS = "АВСЕНІКМОРТХУЁЇасеіорхуёї" + "ЈЅјѕ"
_TWINS = dict(zip(_CYRILLIC_TWINS, _LATIN_TWINS, strict=True))
_TWINS |= dict(zip(_LATIN_TWINS[:-4], _CYRILLIC_TWINS[:-4], strict=True))

#: A word goes on over digits and accents; hyphens, dots and spaces part words.
_WORD = re.compile(r"[\w\u0300-\u036f\u0483-\u0487]+")
_SHOWN_LETTERS = 40
_MIXED = "a word of the text mixes Latin and Cyrillic letters"


class MixedWord(BadRecipient):
    """A word mixes Latin and Cyrillic letters; ``word`` and ``message`` name it and are never logged."""

    code = "text_mixed_alphabets"

    def __init__(self, word: str) -> None:
        main = _main_alphabet(word)
        foreign = dict.fromkeys(letter for letter in word if _alphabet(letter) not in {"", main})
        mendable = all(letter in _TWINS for letter in foreign)
        hint = "type the whole word in one alphabet"
        if not mendable:
            hint += ", or part the two with a space or a hyphen"
        super().__init__(_MIXED, field="text", hint=hint)
        self.word = word
        shown = word if len(word) <= _SHOWN_LETTERS else word[: _SHOWN_LETTERS - 1] + "…"
        self.message = f"the word «{shown}» mixes Latin and Cyrillic letters"
        if mendable:
            other = LATIN if main == CYRILLIC else CYRILLIC
            looks = "looks" if len(foreign) == 1 else "look"
            self.message += f": {other} {', '.join(foreign)} only {looks} {main}"

    def __str__(self) -> str:
        return f"{_MIXED} ({self.hint})"


def check_phone(phone: int) -> int:
    """Return a phone that SMS2 can send to.

    Raises:
        BadRecipient: ``phone_unsupported``.
    """
    if phone not in PHONES:
        raise BadRecipient(
            f"SMS2 sends only to numbers of 11 digits that begin with 7, not to {mask_phone(phone)}",
            code="phone_unsupported",
        )
    return phone


def check_text(text: str) -> str:
    r"""Return a text as it will be sent, with ``\n`` as its line breaks.

    Raises:
        BadRecipient: As `clean_text`, with SMS2's length.
        MixedWord: A word mixes Latin and Cyrillic letters.
    """
    text = clean_text(text, personal=False, max_characters=MAX_CHARACTERS)
    word = next((word for word in _WORD.findall(text) if is_mixed(word)), None)
    if word is not None:
        raise MixedWord(word)
    return text


def check_sender(sender: str) -> str:
    """Return a sender ID that SMS2 may have registered.

    Raises:
        UsageError: ``bad_sender``.
    """
    if not _SENDER.fullmatch(sender):
        hint = "SMS2 takes no message without a sender" if not sender else ""
        twins = "".join(dict.fromkeys(letter for letter in sender if letter in _CYRILLIC_TWINS))
        if twins:
            hint = f"Cyrillic {', '.join(twins)} only looks Latin"
        raise UsageError(
            "the sender must have 3 to 11 Latin letters and digits, and at least one letter",
            hint=hint,
            code="bad_sender",
        )
    return sender


def unsupported(options: SendOptions) -> list[str]:
    """Return the names of options that SMS2 has nothing for; what isn't said may not be sent."""
    names = [
        name
        for name in SendOptions.__struct_fields__
        if name != "kind" and getattr(options, name) != getattr(PLAIN, name)
    ]
    if options.kind is Kind.MMS:
        names = [name for name in names if name not in _MMS_ONLY]
    return names if options.kind in _KINDS else ["kind", *names]


def check_options(options: SendOptions) -> SendOptions:
    """Return options that SMS2 can keep.

    Raises:
        UsageError: ``unsupported_option``, which names them; or ``bad_picture``.
    """
    names = unsupported(options)
    if names:
        raise UsageError(f"SMS2 doesn't have: {', '.join(names)}", code="unsupported_option")
    if options.kind is Kind.MMS:
        _check_picture(options.files, len(options.subject.encode(errors="replace")))
    return options


def _check_picture(files: Sequence[FileRef], texts: int) -> None:
    if len(files) != 1:
        raise UsageError("an MMS through SMS2 has exactly one picture", code="bad_picture")
    if files[0].size + texts > MAX_MMS_BYTES:
        raise UsageError("an MMS through SMS2 has at most 300 KB", code="bad_picture")


def is_picture(content: bytes, *, texts: int = 0) -> bool:
    """Say whether a file is a PNG that fits into an MMS, together with so many bytes of texts."""
    return content.startswith(_PNG) and len(content) + texts <= MAX_MMS_BYTES


def is_mixed(word: str) -> bool:
    """Say whether a word has Latin as well as Cyrillic letters."""
    return not word.isascii() and len({_alphabet(letter) for letter in word} - {""}) > 1


def fix_lookalikes(text: str) -> str:
    """Replace letters of the wrong alphabet by those that look the same, in words that this makes whole.

    A word's own alphabet is the one that has letters in it which the other has not; without such letters, the
    one that has more, and Cyrillic when both have as many.
    """
    return _WORD.sub(lambda match: _fixed(match[0]), text)


def _fixed(word: str) -> str:
    if not is_mixed(word):
        return word
    main = _main_alphabet(word)
    fixed = "".join(
        letter if _alphabet(letter) in {"", main} else _TWINS.get(letter, letter) for letter in word
    )
    return word if is_mixed(fixed) else fixed


def _main_alphabet(word: str) -> str:
    alphabets = [_alphabet(letter) for letter in word]
    own = {alphabet for letter, alphabet in zip(word, alphabets, strict=True) if letter not in _TWINS} - {""}
    if len(own) == 1:
        return own.pop()
    return LATIN if alphabets.count(LATIN) > alphabets.count(CYRILLIC) else CYRILLIC


@lru_cache(maxsize=4096)
def _alphabet(letter: str) -> str:
    if not letter.isalpha():
        return ""
    name = unicodedata.name(letter, "")
    if name.startswith(("LATIN ", "FULLWIDTH LATIN ")):
        return LATIN
    return CYRILLIC if name.startswith("CYRILLIC ") else ""
