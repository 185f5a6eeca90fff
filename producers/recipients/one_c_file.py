"""Files of the old exchange with 1C: a line ``phone#text`` a recipient, and ``end`` in the last line."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from producers.errors import BadFile, BadRecipient
from producers.phones import looks_like_phone
from producers.recipients.encoding import UndecodableError, find_encoding
from producers.recipients.source import BadRow

_MARK = "#"
_END = "end"
_LINE_BY_LINE = {"utf-8", "utf-8-sig", "windows-1251"}  # a line feed is the byte 0A and nothing else is
_SAMPLE = 1 << 16  # characters; no text is as long as this


class OneCFile:
    r"""A file as 1C writes it for the script in SMS2's manual, streamed: memory doesn't grow with the file.

    The encoding is found as `CsvFile` finds it; lines end with a line feed, with or without a carriage return
    in front. The first ``#`` of a line parts phone and text, the others belong to the text. All of the file
    is read once when the object is made: an export that broke off has no line ``end`` and is refused before
    a row of it is used.

    Iterating gives ``(row, cells)`` and may be repeated. ``row`` is the line's number from 1; blank lines are
    left out but keep their numbers. A line without ``#``, or one behind the line ``end``, is a `BadRow`.

    Args:
        path: The file; it must be a regular one, since it is read more than once.
        encoding: The encoding, if it should not be found.

    Raises:
        BadFile: ``missing_file``, ``unreadable_file``, ``empty_file``, ``not_text``, ``undecodable``,
            ``unknown_encoding``, ``no_end``; ``no_recipients`` when there is nothing but a line ``end``.

    Attributes:
        path: The file.
        name: Its name without folders.
        encoding: The encoding found or given.
        delimiter: ``#``.
        columns: ``phone`` and ``text``.
    """

    delimiter = _MARK

    def __init__(self, path: str | os.PathLike[str], *, encoding: str | None = None) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self.columns = ["phone", "text"]
        if not self.path.is_file():
            there = self.path.exists()
            raise BadFile(
                f"{self.path} is not a regular file" if there else f"there is no file {self.path}",
                hint="check the path and the folder you are in",
                code="missing_file",
            )
        try:
            self.encoding = find_encoding(self.path, encoding)
            self._check_lines()
        except UndecodableError as error:
            raise self._undecodable(error.encoding) from None
        except OSError as error:
            raise self._unreadable(error) from None
        self._rows = sum(1 for _ in self)
        if not self._rows:
            raise BadFile(
                f"{self.name} has no recipient before its line {_END!r}",
                hint="nothing is sent without a recipient",
                code="no_recipients",
            )

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        row, ended = 0, False
        try:
            with self._open() as file:
                for row, line in enumerate(file, 1):
                    phone, mark, text = line.partition(_MARK)
                    if mark and not ended:
                        yield row, [phone, text.rstrip("\r\n")]
                        continue
                    word = line.strip()
                    if not word:
                        continue
                    if word.lower() == _END:
                        ended = True
                    else:
                        yield row, BadRow([word], _behind_end() if ended else _without_mark())
        except UnicodeError:  # it was decoded before: the file has been changed since
            raise self._undecodable(self.encoding) from None
        except OSError as error:
            raise self._unreadable(error) from None
        if not ended:
            raise self._broken_off(row)

    def count_rows(self) -> int:
        """Return the number of rows. Iterating raises nothing any more, if the file stays as it is."""
        return self._rows

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.encoding, newline="\n")

    def _check_lines(self) -> None:
        """Make sure that there are lines: what has none would be read into memory as a whole."""
        with self._open() as file:
            sample = file.read(_SAMPLE)
        if len(sample) == _SAMPLE and "\n" not in sample:
            raise BadFile(
                f"the first line of {self.name} has no end: it isn't a file of lines phone#text",
                code="not_text",
            )
        if len(sample) < _SAMPLE and not sample.strip("\ufeff \t\r\n"):
            raise BadFile(
                f"{self.name} is empty",
                hint=f"it needs lines phone#text, and a line {_END!r} behind them",
                code="empty_file",
            )

    def _broken_off(self, row: int) -> BadFile:
        return BadFile(
            f"{self.name} has no line {_END!r} behind its {row} lines: the export may have broken off",
            hint=f"export it again; if nothing is missing, add a line with the word {_END} and nothing else",
            code="no_end",
        )

    def _undecodable(self, encoding: str) -> BadFile:
        """Find the line in which the first byte stands that doesn't fit."""
        where = self.name
        if encoding in _LINE_BY_LINE:
            with self.path.open("rb") as file:
                for row, line in enumerate(file, 1):
                    try:
                        line.decode(encoding)
                    except UnicodeDecodeError:
                        where = f"row {row} of {self.name}"
                        break
        return BadFile(
            f"{where} holds bytes that are not {encoding}",
            hint="export it again in UTF-8 or windows-1251, or name its encoding if it has another",
            code="undecodable",
        )

    def _unreadable(self, error: OSError) -> BadFile:
        return BadFile(
            f"can't read {self.name}: {error.strerror}",
            hint="check the file, its permissions and the disk",
            code="unreadable_file",
        )


def looks_like_one_c(path: Path) -> bool:
    """Tell whether a file's first line is ``phone#text``, which no header of a CSV file is."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return False
    lines = filter(None, map(bytes.strip, head.removeprefix(codecs.BOM_UTF8).splitlines()))
    phone, mark, _ = next(lines, b"").partition(_MARK.encode())
    return bool(mark) and looks_like_phone(phone.decode("windows-1251", "replace"))


def _without_mark() -> BadRecipient:
    return BadRecipient(
        f"the line has no {_MARK} between a phone and a text",
        field="row",
        hint="if it is the rest of the text above, that text goes out without it: a text is one line",
        code="row_without_hash",
    )


def _behind_end() -> BadRecipient:
    return BadRecipient(
        f"the line stands behind the line {_END!r}",
        field="row",
        hint="put it in front, or into a file of its own",
        code="row_behind_end",
    )
