"""Finding a quotation mark that was opened and never closed.

To a CSV reader everything up to the next quotation mark is then one cell with line breaks in it. The rows
within would vanish without an error, so a cell of several lines is looked at: does it hold another row?
"""

from __future__ import annotations

from collections.abc import Sequence

from producers.phones import looks_like_phone


def swallows_rows(cells: Sequence[str], delimiter: str) -> bool:
    """Tell whether some cell of a record holds what looks like rows of the file.

    A line within a cell is such a row when it has a delimiter in it and a phone number in the column where
    the record has one too (in any column, when the record has none).
    """
    phones = {column for column, cell in enumerate(cells) if looks_like_phone(cell)}
    for column, cell in enumerate(cells):
        first = column  # the first line of a cell begins in the cell's own column, the others in the first
        for line in cell.splitlines() if "\n" in cell or "\r" in cell else ():
            for at, piece in enumerate(line.split(delimiter) if delimiter in line else (), first):
                if (at in phones or not phones) and looks_like_phone(piece.strip(' "')):
                    return True
            first = 0
    return False
