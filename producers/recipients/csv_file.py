"""CSV files of recipients, the way Excel, 1C and databases write them."""

from __future__ import annotations

import contextlib
import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from producers.errors import BadFile
from producers.phones import looks_like_phone
from producers.recipients.delimiter import find_delimiter
from producers.recipients.encoding import UndecodableError, find_encoding
from producers.recipients.unclosed_quote import swallows_rows

if TYPE_CHECKING:
    from _csv import Reader

_BYTEWISE = {"utf-8", "utf-8-sig", "windows-1251"}  # a wrong byte can be told from U+FFFD in the file
_SAMPLE = 1 << 16  # characters; a longer header is no header
_excel_hint = re.compile(r'"?sep=(.)"?[;,\t]*(?:\r\n|\r|\n)', re.IGNORECASE).match


class CsvFile:
    """A CSV file with a header, streamed: memory doesn't grow with the file.

    Encoding and delimiter are found by themselves: UTF-8 with and without a byte order mark, UTF-16 with
    one, windows-1251; semicolon, comma, tab. Cells may be quoted and hold line breaks. All bytes are read
    once when the object is made, so that a file that can't be decoded is refused before a row of it is used.

    Iterating gives ``(row, cells)`` and may be repeated. ``row`` is the number that Excel shows beside the
    row: the header is 1, unless blank lines stand above it; a record of several lines is one row. Blank rows
    are left out but keep their numbers. Short rows are filled up with empty cells; of long ones the empty
    cells beyond the header are left out.

    Args:
        path: The file; it must be a regular one, since it is read more than once.
        delimiter: The character between cells, if it should not be found.
        encoding: The encoding, if it should not be found.

    Raises:
        BadFile: ``missing_file``, ``unreadable_file``, ``empty_file``, ``not_text``, ``undecodable``,
            ``unknown_encoding``, ``bad_delimiter``, ``no_header``. While iterating: ``malformed_csv``,
            ``unclosed_quote``, both with the row.

    Attributes:
        path: The file.
        name: Its name without folders.
        encoding: The encoding found or given.
        delimiter: The delimiter found or given.
        columns: Names of the columns, outer spaces left out; may be empty or stand there twice.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, delimiter: str | None = None, encoding: str | None = None
    ) -> None:
        self.path = Path(path)
        self.name = self.path.name
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise BadFile(
                f"{delimiter!r} can't be a delimiter",
                hint="give one character, such as ;",
                code="bad_delimiter",
            )
        try:
            self._check_readable()
            try:
                self.encoding = find_encoding(self.path, encoding)
            except UndecodableError as error:
                raise self._undecodable(error.encoding, delimiter) from None
            self._read_header(delimiter)
        except OSError as error:
            raise self._unreadable(error) from None

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        delimiter, width = self.delimiter, len(self.columns)
        row = self._header_row
        try:
            with self._open() as file:
                reader = self._start(file, delimiter)
                for _ in range(row):
                    next(reader, None)
                last_line = reader.line_num
                for row, cells in enumerate(reader, row + 1):  # noqa: B020 - goes on from the header's number
                    line = reader.line_num
                    if line - last_line != 1 and swallows_rows(cells, delimiter):
                        raise self._unclosed_quote(row)
                    last_line = line
                    if len(cells) != width:
                        self._fit(cells, width)
                    if not any(cells):
                        continue
                    yield row, cells
        except csv.Error as error:
            raise self._malformed(row + 1, error) from None
        except UnicodeError:  # it was decoded before: the file has been changed since
            raise self._undecodable(self.encoding, delimiter) from None
        except OSError as error:
            raise self._unreadable(error) from None

    def count_rows(self) -> int:
        """Return the number of rows, by reading the whole file once.

        Raises:
            BadFile: Whatever iterating would raise: after this it raises nothing, if the file stays as it is.
        """
        return sum(1 for _ in self)

    @staticmethod
    def _fit(cells: list[str], width: int) -> None:
        missing = width - len(cells)
        if missing > 0:
            cells += [""] * missing
        elif not any(map(str.strip, cells[width:])):
            del cells[width:]

    def _check_readable(self) -> None:
        if self.path.is_file():
            return
        if self.path.is_dir():
            message, hint = f"{self.name} is a folder", "give the file in it"
        elif self.path.exists():
            message, hint = f"{self.name} is not a regular file", "save it as a file first: it is read twice"
        else:
            message, hint = f"there is no file {self.path}", "check the path and the folder you are in"
        raise BadFile(message, hint=hint, code="missing_file")

    def _open(self, errors: str = "strict") -> TextIO:
        return self.path.open(encoding=self.encoding, errors=errors, newline="")

    def _start(self, file: TextIO, delimiter: str) -> Reader:
        """Return a reader that stands at row 1 as Excel counts."""
        if self._excel_line:
            file.readline()
        return csv.reader(file, delimiter=delimiter, skipinitialspace=True)

    def _read_header(self, delimiter: str | None) -> None:
        with self._open() as file:
            sample = file.read(_SAMPLE)
        if len(sample) == _SAMPLE and "\n" not in sample and "\r" not in sample:
            raise BadFile(f"the first line of {self.name} has no end: it isn't a CSV file", code="not_text")
        told = _excel_hint(sample)
        self._excel_line = told is not None
        self.delimiter = delimiter or (told[1] if told else find_delimiter(sample))
        row, cells = self._first_row()
        if swallows_rows(cells, self.delimiter):
            raise self._unclosed_quote(row)
        if any(map(looks_like_phone, cells)):
            raise BadFile(
                f"{self.name} has no header: a phone number stands in row {row}",
                hint='put a row with the names of the columns on top, such as "phone;name"',
                code="no_header",
            )
        self._header_row = row
        self.columns = [cell.strip("\ufeff \t\r\n\xa0") for cell in cells]

    def _first_row(self) -> tuple[int, list[str]]:
        row = 0
        with self._open() as file:
            try:
                for row, cells in enumerate(self._start(file, self.delimiter), 1):
                    if any(map(str.strip, cells)):
                        return row, cells
            except csv.Error as error:
                raise self._malformed(row + 1, error) from None
        raise BadFile(
            f"{self.name} is empty", hint="it needs a header with a phone column, and rows", code="empty_file"
        )

    def _undecodable(self, encoding: str, delimiter: str | None) -> BadFile:
        """Find the row in which the first byte stands that doesn't fit."""
        self.encoding = encoding
        errors = "surrogateescape" if encoding in _BYTEWISE else "replace"
        wrong = re.compile("[\ufffd\udc80-\udcff]").search
        row = 0
        with self._open(errors) as file:
            self._excel_line = _excel_hint(file.read(20)) is not None
        with self._open(errors) as file, contextlib.suppress(csv.Error):
            for cells in self._start(file, delimiter or ";"):
                row += 1
                if any(map(wrong, cells)):
                    break
        return BadFile(
            f"row {row} of {self.name} holds bytes that are not {encoding}",
            hint="save the file again as CSV UTF-8, or name its encoding if it has another",
            code="undecodable",
        )

    def _unreadable(self, error: OSError) -> BadFile:
        return BadFile(
            f"can't read {self.name}: {error.strerror}",
            hint="check the file, its permissions and the disk",
            code="unreadable_file",
        )

    def _malformed(self, row: int, error: csv.Error) -> BadFile:
        return BadFile(
            f"row {row} of {self.name} is not well-formed CSV: {error}",
            hint="look for a quotation mark without a partner in this row",
            code="malformed_csv",
        )

    def _unclosed_quote(self, row: int) -> BadFile:
        return BadFile(
            f"a quotation mark opened in row {row} of {self.name} swallows the rows that follow",
            hint='close it, or double it where it belongs to the text: ""',
            code="unclosed_quote",
        )
