"""The file of rows that were not accepted, for the person who has to correct them."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import IO

from producers.errors import BadFile, BadRecipient

HEADER = ("row", "field", "reason", "message", "value")
_DELIMITER = ";"
_ENCODING = "utf-8-sig"  # with the mark, Excel opens it as what it is
_VALUE_CHARACTERS = 500
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class RejectsFile:
    """Collects rejected rows in a CSV file that Excel opens: ``row;field;reason;message;value``.

    The file is made at the first reject, so no file means no rejects. One left over from an earlier run is
    removed at the start. Its ``value`` column holds what the user's own file held, phones included; a value
    that a spreadsheet would run as a formula gets an apostrophe in front, as Excel itself marks text.

    Args:
        path: Where to write.

    Raises:
        BadFile: The path holds a file that isn't one of rejects (``not_rejects``), or can't be written
            (``unwritable_rejects``, also by the other methods).

    Attributes:
        path: Where it writes.
        count: Rejects written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.count = 0
        self._file: IO[str] | None = None
        self.clear()

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, row: int, error: BadRecipient, value: str = "") -> None:
        """Write one reject.

        Args:
            row: The row's number as the user sees it.
            error: Why it was rejected; its ``field``, ``code`` and text are written.
            value: The cell or text that was at fault.
        """
        if len(value) > _VALUE_CHARACTERS:
            value = value[:_VALUE_CHARACTERS] + "…"
        try:
            if self._file is None:
                self._open()
            self._writer.writerow(
                (row, _harmless(error.field), error.code, _harmless(str(error)), _harmless(value))
            )
        except OSError as problem:
            raise self._unwritable(problem) from None
        self.count += 1

    def clear(self) -> None:
        """Start anew: remove the file, if there is one."""
        self.close()
        self.count = 0
        try:
            if not self.path.exists():
                return
            with self.path.open("rb") as file:
                start = file.read(256).decode(_ENCODING, "replace")
            # An empty one is left by a process that was killed before its first write.
            if start and not start.startswith(_DELIMITER.join(HEADER)):
                raise BadFile(
                    f"{self.path.name} is not a file of rejects and is not overwritten",
                    hint="give another path for the rejects",
                    code="not_rejects",
                )
            self.path.unlink()
        except OSError as error:
            raise self._unwritable(error) from None

    def close(self) -> None:
        """Close the file; what was written stays."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> None:
        mode = "a" if self.count else "w"
        self._file = self.path.open(mode, encoding=_ENCODING, errors="backslashreplace", newline="")
        self._writer = csv.writer(self._file, delimiter=_DELIMITER)
        if not self.count:
            self._writer.writerow(HEADER)

    def _unwritable(self, error: OSError) -> BadFile:
        return BadFile(
            f"can't write the rejects to {self.path}: {error.strerror}",
            hint="is it open in Excel? otherwise give another path",
            code="unwritable_rejects",
        )


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
