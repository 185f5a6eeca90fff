"""Rows that an application hands over: mappings, or phones alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from producers.errors import BadFile

Row = Mapping[str, object] | str | int

_NO_ROW = object()


class MappingRows:
    """Rows of recipients from any iterable of mappings, of strings or of integers, streamed.

    The columns are the keys of the first mapping; keys that only later ones have are not seen. Values are
    made strings by ``str``; None and a missing key are an empty cell. Strings and integers are phones: one
    column, ``phone``. Iterating gives ``(row, cells)``, ``row`` counted from 1; a list may be iterated again,
    an iterator only once.

    Args:
        rows: The rows, all of the first one's kind.
        name: What to call them in messages.

    Raises:
        BadFile: There is no row (``no_recipients``), or one of another kind (``malformed_row``).

    Attributes:
        name: As given.
        columns: Names of the columns.
    """

    def __init__(self, rows: Iterable[Row], *, name: str = "the rows given") -> None:
        self.name = name
        iterator = iter(rows)
        first: object = next(iterator, _NO_ROW)
        if first is _NO_ROW:
            raise BadFile(
                f"{name} are empty", hint="nothing is sent without a recipient", code="no_recipients"
            )
        self._rows: Iterable[object] = chain((first,), iterator) if iterator is rows else rows
        self._bare = isinstance(first, (str, int))
        if isinstance(first, Mapping):
            self._keys = list(first)
            self.columns = [str(key) for key in self._keys]
        elif self._bare:
            self._keys = []
            self.columns = ["phone"]
        else:
            raise self._malformed(1, first)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        keys = self._keys
        for row, values in enumerate(self._rows, 1):
            if self._bare and isinstance(values, (str, int)):
                yield row, [str(values)]
            elif not self._bare and isinstance(values, Mapping):
                found = [values.get(key) for key in keys]
                yield row, [value if type(value) is str else _text(value) for value in found]
            else:
                raise self._malformed(row, values)

    def _malformed(self, row: int, values: object) -> BadFile:
        wanted = "a phone" if self._bare else "a mapping of columns to values"
        return BadFile(
            f"row {row} of {self.name} is {type(values).__name__}, not {wanted}", code="malformed_row"
        )


def _text(value: object) -> str:
    return "" if value is None else str(value)
