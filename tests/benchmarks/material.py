"""What is sent, the same for every contender: phones, a shared text, personal texts, and the CSV file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NAMES = ("Анна", "Иван Петрович", "Мария", "Константин")
#: Batches of a warm-up: every process gets some, every script is loaded, and Python has seen its hot loops.
WARM_UP_BATCHES = 60
#: 46 letters, one segment of Cyrillic text. The number keeps the measured requests from being identical to
#: those of the warm-up, which the governor would hold back for a minute, as the provider demands.
_SHARED = "Только до пятницы скидка 15% на всё. Ждём! №{run:02}"
_PERSONAL = "{{имя}}, до пятницы скидка {{скидка}}% на всё. Ждём! №{run:02}"


@dataclass(frozen=True)
class Case:
    """One kind of campaign: what it is called, recipients a request, one text for all or a text each."""

    key: str
    name: str
    batch: int
    personal: bool

    def template(self, run: int) -> str:
        return (_PERSONAL if self.personal else _SHARED).format(run=run)


_ALL = (
    Case("shared-500", "one text, 500 a request", 500, personal=False),
    Case("shared-100", "one text, 100 a request", 100, personal=False),
    Case("personal-500", "personal texts, 500 a request", 500, personal=True),
)
CASES = {case.key: case for case in _ALL}


def phone(index: int) -> int:
    """Return a Russian mobile; factor and modulus have no common divisor, so none comes twice.

    It begins with 791 to 799: the simulator's magic recipients are out of reach.
    """
    return 79_100_000_000 + index * 7_919_999 % 899_999_999


def person(index: int) -> tuple[str, int]:
    return NAMES[index % 4], index % 40 + 5


def write_file(path: Path, recipients: int) -> None:
    """Write the file as a shop's database would: phone, name, discount."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("телефон", "имя", "скидка"))
        writer.writerows((phone(index), *person(index)) for index in range(recipients))


def batches(case: Case, recipients: int, run: int) -> list[tuple[tuple[int, ...], str | Sequence[str]]]:
    """Return phones and text or texts of each request, for a loop that has no file to read."""
    template = case.template(run)
    found: list[tuple[tuple[int, ...], str | Sequence[str]]] = []
    for first in range(0, recipients, case.batch):
        indexes = range(first, min(first + case.batch, recipients))
        phones = tuple(map(phone, indexes))
        if case.personal:
            people = map(person, indexes)
            texts = tuple(template.format(имя=name, скидка=percent) for name, percent in people)
            found.append((phones, texts))
        else:
            found.append((phones, template))
    return found
