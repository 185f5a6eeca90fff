"""Which encoding a file of recipients has, decided by all of its bytes.

One pass over the bytes comes before the first row is read. A file may be plain ASCII for megabytes until the
first Cyrillic name, and a byte that can't be decoded must be found before the first message is paid for, not
in the middle of a campaign.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from producers.errors import BadFile

# Excel's "CSV UTF-8" has the first mark, its "Unicode text" the second.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx, ods; xls
_BLOCK = 1 << 18
_SAVE_AS_CSV = 'in Excel: "Save as", type "CSV UTF-8"'


class UndecodableError(Exception):
    """Some bytes of a file don't fit its encoding.

    Attributes:
        encoding: The encoding they were read in.
    """

    def __init__(self, encoding: str) -> None:
        super().__init__(encoding)
        self.encoding = encoding


def find_encoding(path: Path, wanted: str | None = None) -> str:
    """Return the name of the encoding in which all of a file can be read.

    Without a byte order mark a file is UTF-8 if all of it fits, else windows-1251. A file in which UTF-8
    letters outnumber the bytes that don't fit is damaged UTF-8 and is not taken for windows-1251: a million
    people would get gibberish.

    Args:
        path: The file; must exist.
        wanted: The encoding to check instead of guessing.

    Raises:
        BadFile: The file isn't text (``not_text``) or ``wanted`` is no encoding (``unknown_encoding``).
        UndecodableError: No encoding fits all of the bytes.
        OSError: The file can't be read.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_WORKBOOKS):
        raise BadFile(f"{path.name} is a spreadsheet workbook, not CSV", hint=_SAVE_AS_CSV, code="not_text")
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    if wanted is not None:
        return _check_wanted(path, wanted, marked)
    if marked is not None:
        _decode_all(path, marked)
        return marked
    if b"\0" in head:
        raise BadFile(
            f"{path.name} holds binary zeros: it isn't a text file", hint=_SAVE_AS_CSV, code="not_text"
        )
    if _is_utf8(path):
        return "utf-8"
    _decode_all(path, "windows-1251")
    return "windows-1251"


def _check_wanted(path: Path, wanted: str, marked: str | None) -> str:
    try:
        encoding = codecs.lookup(wanted).name
        "".encode(encoding)  # "hex" and its like are codecs, but not of text
    except LookupError:
        raise BadFile(
            f"there is no encoding {wanted!r}",
            hint="utf-8 or windows-1251 are usual",
            code="unknown_encoding",
        ) from None
    if encoding == "utf-8" and marked == "utf-8-sig":
        encoding = marked
    elif encoding == "cp1251":
        encoding = "windows-1251"
    _decode_all(path, encoding)
    return encoding


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _decode_all(path: Path, encoding: str) -> None:
    if encoding == "windows-1251":  # one byte is without meaning there; to look for it is cheaper
        if any(b"\x98" in block for block in _blocks(path)):
            raise UndecodableError(encoding)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        raise UndecodableError(encoding) from None


def _is_utf8(path: Path) -> bool:
    """Tell whether a file is UTF-8; ASCII is.

    Raises:
        UndecodableError: It was meant to be, but some bytes are damaged.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    letters = 0  # bytes that were the second or later of a letter: windows-1251 hardly ever makes one
    for block in _blocks(path):
        pending = decoder.getstate()[0]
        if not pending and block.isascii():
            continue
        try:
            letters += len(block) - len(decoder.decode(block))
        except UnicodeDecodeError:
            damaged = (pending + block).decode("utf-8", "replace")
            wrong = damaged.count("\ufffd")
            letters += sum(char > "\x7f" for char in damaged) - wrong
            if letters > wrong:
                raise UndecodableError("utf-8") from None
            return False
    rest = decoder.getstate()[0]
    if not rest:
        return True
    if letters > len(rest):  # the file breaks off in the middle of a letter
        raise UndecodableError("utf-8")
    return False
