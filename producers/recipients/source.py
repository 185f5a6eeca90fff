"""What every source of recipients looks like to the intake, whether a file or an application's rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Source(Protocol):
    """Rows of recipients, streamed.

    Iterating gives ``(row_number, cells)``. There are at least as many cells as columns; more than that means
    that the row doesn't fit the header, and which cell belongs to which column isn't sure.
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
