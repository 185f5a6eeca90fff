"""A file of recipients as a shop might have it: phones in all forms, doubles and rubbish among them."""

from __future__ import annotations

import csv
import random
from pathlib import Path

#: One segment with most names, two with the longest.
TEMPLATE = "{имя}, скидка {скидка}% до воскресенья. Код для кассы: {код}"

_NAMES = (
    "Анна", "Алексей", "Борис", "Варвара", "Виктор", "Галина", "Глеб", "Дарья", "Денис", "Евгения",
    "Егор", "Жанна", "Зоя", "Иван", "Игорь", "Инна", "Кирилл", "Ксения", "Лев", "Любовь", "Максим", "Марина",
    "Надежда", "Никита", "Оксана", "Олег", "Павел", "Полина", "Роман", "Светлана", "Семён", "Татьяна",
    "Тимофей", "Ульяна", "Фёдор", "Эдуард", "Юлия", "Яна", "Александра Константиновна",
    "Константин Владиславович",
)  # fmt: skip
_FORMS = ("+7{0}{1}{2}{3}", "8{0}{1}{2}{3}", "7{0}{1}{2}{3}", "8 ({0}) {1}-{2}-{3}", "+7 {0} {1} {2} {3}")
#: What people type where a phone should be, and rows in which something else is missing.
_RUBBISH = ("", "нет", "899912", "8 495 123-45-67", "+7 999 12", "89991234567, 89997654321", "7,99912E+10")
#: The simulator refuses these among others that it takes; see `worker.simulator.smsc.magic`.
_REFUSED = ("79000000222", "79000000223", "79000000225")
_DOUBLES, _WRONG, _NAMELESS = 60, 40, 13


def write_recipients(path: Path, count: int, run: str, *, seed: int = 1) -> None:
    """Write a file in which ``count`` recipients can be used, and some rows can't.

    Args:
        path: The file.
        count: Recipients.
        run: Goes into every text: a second run within a minute is no repetition to the provider.
        seed: The same seed gives the same people.
    """
    dice = random.Random(seed)  # noqa: S311 - a file for show
    digits = [f"999{number:07}" for number in dice.sample(range(10_000_000), count - len(_REFUSED))]
    phones = [_write_phone(number, dice) for number in digits] + list(_REFUSED)
    phones += [_write_phone(number, dice) for number in dice.sample(digits, _DOUBLES)]
    phones += dice.choices(_RUBBISH, k=_WRONG)
    rows = [
        (phone, dice.choice(_NAMES), dice.randrange(5, 55, 5), f"{run}-{number:05}")
        for number, phone in enumerate(phones)
    ]
    rows += [(f"7998{number:07}", "", 10, f"{run}-none") for number in range(_NAMELESS)]
    # Doubles stand behind their first: which of the two is dropped doesn't matter, but that it is one does.
    dice.shuffle(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("телефон", "имя", "скидка", "код"))
        writer.writerows(rows)


def _write_phone(digits: str, dice: random.Random) -> str:
    return dice.choice(_FORMS).format(digits[:3], digits[3:6], digits[6:8], digits[8:])
