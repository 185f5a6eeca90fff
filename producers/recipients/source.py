"""What every source of recipients looks like to the intake, whether a file or an application's rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from producers.errors import BadRecipient


class Source(Protocol):
    """Rows of recipients, streamed.

    Iterating gives ``(row_number, cells)``. There are at least as many cells as columns; more than that means
    that the row doesn't fit the header, and which cell belongs to which column isn't sure. A row that the
    source itself can't take apart is a `BadRow`.
    """

    @property
    def name(self) -> str:
        """What to call the source in a message: the file's name."""
        ...

    @property
    def columns(self) -> list[str]:
        """Names of the columns as the user wrote them."""
        ...

    def __iter__(self) -> Iterator[tuple[int, list[str]]]: ...


class BadRow(list[str]):
    """A row that its source can't take apart: a single cell, which holds all of it, where there are columns.

    Attributes:
        error: Why.
    """

    def __init__(self, cells: list[str], error: BadRecipient) -> None:
        super().__init__(cells)
        self.error = error
