"""Which numbers a command for phone bases is about: written on the command line, or in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from producers.errors import BadFile, BadRecipient, UsageError
from producers.phones import looks_like_phone, parse_phone
from producers.recipients import CsvFile, RejectsFile, Source, phone_column
from producers.recipients.encoding import UndecodableError, find_encoding
from producers.sms2_rules import check_phone


@dataclass(frozen=True)
class FileChoice:
    """A file of numbers, and how it is to be read; what is None is found."""

    path: Path
    phone_column: str | None = None
    delimiter: str | None = None
    encoding: str | None = None


@dataclass
class Numbers:
    """Numbers that SMS2 can have in a base, in the order in which they were given.

    Attributes:
        places: Row and cell of each number; row 0: it stood on the command line.
        duplicates: Rows left out because their number stands in an earlier one.
        column: Name of the phone column.
        rejects: The file of rejected rows; None for numbers on the command line.
    """

    places: dict[int, tuple[int, str]] = field(default_factory=dict)
    duplicates: int = 0
    column: str = "phone"
    rejects: RejectsFile | None = None

    @property
    def rejected(self) -> int:
        """Rows that were rejected."""
        return self.rejects.count if self.rejects is not None else 0

    def refuse(self, phones: Sequence[int]) -> list[int]:
        """Write numbers that the provider has refused to the rejects; returns those that have no row."""
        if self.rejects is None:
            return list(phones)
        with self.rejects:
            for phone in filter(self.places.__contains__, phones):
                row, cell = self.places[phone]
                error = BadRecipient(
                    "SMS2 did not take this number into the base, or out of it",
                    field=self.column,
                    row=row,
                    code="phone_refused",
                )
                self.rejects.add(row, error, cell)
        return [phone for phone in phones if phone not in self.places]

    def json(self) -> dict[str, object]:
        """Return the members of an answer that tell of the file; none for the command line."""
        if self.rejects is None:
            return {}
        path = str(self.rejects.path) if self.rejects.count else None
        return {"duplicates": self.duplicates, "rejects_file": path}


class PhoneList:
    """A file without a header: a number a line. Iterating gives ``(row, cells)``, as `CsvFile` does."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.name = path.name
        self.columns = ["phone"]
        self.encoding = encoding

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        with self.path.open(encoding=self.encoding) as lines:
            for row, line in enumerate(lines, 1):
                if line.strip():
                    yield row, [line.rstrip("\r\n")]

    def starts_with_phone(self) -> bool:
        """Say whether the first line is a number, and nothing else."""
        first = next(iter(self), None)
        return first is not None and looks_like_phone(first[1][0])


def read_numbers(phones: Sequence[str], choice: FileChoice | None) -> Numbers:
    """Return the numbers that were given one way or the other.

    Raises:
        UsageError: Both ways, or none; or a number on the command line can't be used.
        BadFile: The file can't be read, or has no number that can be used.
    """
    if bool(phones) == (choice is not None):
        raise UsageError("numbers or a file of them: one of both", hint="PHONE… or --file FILE", code="usage")
    if choice is not None:
        return read_file(choice)
    numbers = Numbers()
    for given in phones:
        phone = check_phone(parse_phone(given))
        numbers.duplicates += phone in numbers.places
        numbers.places.setdefault(phone, (0, given))
    return numbers


def read_file(choice: FileChoice) -> Numbers:
    """Return the numbers of a file; rows that can't be used go to ``FILE.rejects.csv``.

    The file is read as a campaign's is. One whose first line is a number and nothing else has no header:
    then each line is a number.

    Raises:
        BadFile: The file can't be read, or has no number that can be used.
    """
    source = _open(choice)
    column = phone_column(source.columns, choice.phone_column)
    width = len(source.columns)
    rejects = RejectsFile(choice.path.with_name(f"{choice.path.name}.rejects.csv"))
    numbers = Numbers(column=source.columns[column], rejects=rejects)
    with rejects:
        for row, cells in source:
            try:
                if column and len(cells) > width:
                    raise _shifted(len(cells), width)
                phone = check_phone(parse_phone(cells[column]))
            except BadRecipient as error:
                error.row = row
                error.field = "row" if error.code == "row_shifted" else numbers.column
                rejects.add(row, error, cells[column])
                continue
            numbers.duplicates += phone in numbers.places
            numbers.places.setdefault(phone, (row, cells[column]))
    if not numbers.places:
        where = f"; {rejects.path} says why" if rejects.count else ""
        raise BadFile(
            f"{choice.path.name} has no number that can be used{where}",
            hint="nothing was asked of the provider",
            code="no_recipients",
        )
    return numbers


def _open(choice: FileChoice) -> Source:
    try:
        source = CsvFile(choice.path, delimiter=choice.delimiter, encoding=choice.encoding)
    except BadFile as error:
        if error.code != "no_header":
            raise
        plain = _plain(choice)
        if plain is None:
            raise
        return plain
    source.count_rows()  # a file that is damaged further down is refused before anything is written
    return source


def _plain(choice: FileChoice) -> PhoneList | None:
    try:
        plain = PhoneList(choice.path, find_encoding(choice.path, choice.encoding))
    except UndecodableError:  # `CsvFile` has found otherwise: the file has been changed since
        return None
    return plain if plain.starts_with_phone() else None


def _shifted(cells: int, columns: int) -> BadRecipient:
    return BadRecipient(
        f"the row has {cells} cells under {columns} columns, and which of them is the phone isn't sure",
        hint="put quotation marks around a cell that holds the delimiter",
        code="row_shifted",
    )
