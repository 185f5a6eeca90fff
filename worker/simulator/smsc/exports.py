"""The files behind ``downloads.php``: CSV that is made while it is read, of any size.

Columns, separator and line ends are made up: nobody has written down the real ones [assumed].
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD = b"id;phone;date;status;cost\r\n"
_ROW = b"%010d;7999%07d;15.11.2023 01:13:20;1;1.40\r\n"
_ROW_SIZE = len(_ROW % (0, 0))
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Export:
    """A file, or a part of one.

    Attributes:
        rows: lines below the head.
        start: the first byte of the part.
        stop: the byte behind its last one.
    """

    rows: int
    start: int
    stop: int

    @property
    def size(self) -> int:
        """Bytes of the part."""
        return self.stop - self.start

    @property
    def tag(self) -> str:
        """The file's entity tag."""
        return f'"{hashlib.blake2b(b"%d" % self.rows, digest_size=8).hexdigest()}"'

    def part(self, start: int, stop: int) -> "Export":
        """Give a part of the file: bytes from ``start`` to before ``stop``."""
        return Export(self.rows, start, min(stop, _size(self.rows)))

    def read(self, most: int) -> Iterator[bytes]:
        """Give the first ``most`` bytes of the part, piece by piece."""
        position, stop = self.start, min(self.stop, self.start + most)
        if position < min(stop, len(_HEAD)):
            yield _HEAD[position:stop]
            position = len(_HEAD)
        while position < stop:
            first, skipped = divmod(position - len(_HEAD), _ROW_SIZE)
            rows = range(first, min(first + _ROWS_AT_ONCE, self.rows))
            block = b"".join(_ROW % (row + 1, row % 10_000_000) for row in rows)
            piece = block[skipped : skipped + stop - position]
            yield piece
            position += len(piece)


def make_export(rows: int) -> Export:
    """Make a whole file with so many lines below the head."""
    return Export(rows, 0, _size(rows))


def _size(rows: int) -> int:
    return len(_HEAD) + rows * _ROW_SIZE


def rows_for(size: int) -> int:
    """Tell how many lines make a file of at least ``size`` bytes."""
    return max(0, -(-(size - len(_HEAD)) // _ROW_SIZE))
