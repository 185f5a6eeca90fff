"""CPU-seconds per 100,000 recipients from a CSV file to chunks, and as a ratio to a bare ``csv.reader`` loop.

    python tests/benchmarks/intake.py [--recipients 200000] [--repeat 3]

The ratio is what to compare between machines: both sides are measured in the same run, taking turns.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from producers.recipients import CsvFile, Intake
from producers.texts import Template

SHARED = "Только до пятницы скидка 15% на весь ассортимент. Ждём вас!"
PERSONAL = "{имя}, только до пятницы ваша скидка {скидка}% на весь ассортимент. Ждём вас!"
NAMES = ("Анна", "Иван Петрович", "Мария", "Константин")


def write_file(path: Path, recipients: int, phone: Callable[[int], str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("телефон", "имя", "скидка"))
        # The prime spreads the phones over the whole range without a repeat, as in a real file.
        writer.writerows(
            (phone(9_000_000_000 + i * 7_919_999 % 999_999_937), NAMES[i % 4], i % 40 + 5)
            for i in range(recipients)
        )


def clean(national: int) -> str:
    return f"7{national}"


def punctuated(national: int) -> str:
    digits = str(national)
    return f"+7 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"


def read_bare(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file, delimiter=";")) - 1


def read_intake(path: Path, text: str) -> int:
    intake = Intake(CsvFile(path), Template(text), size=500)
    for _ in intake.chunks():
        pass
    return intake.stats.accepted


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipients", type=int, default=200_000)
    parser.add_argument("--repeat", type=int, default=3, help="the best of so many runs counts")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tidy, spaced = Path(folder, "tidy.csv"), Path(folder, "spaced.csv")
        write_file(tidy, options.recipients, clean)
        write_file(spaced, options.recipients, punctuated)
        runs: dict[str, Callable[[], int]] = {
            "bare csv.reader": lambda: read_bare(tidy),
            "clean phones, one text": lambda: read_intake(tidy, SHARED),
            "clean phones, personal texts": lambda: read_intake(tidy, PERSONAL),
            "+7 (999) …, one text": lambda: read_intake(spaced, SHARED),
        }
        best = dict.fromkeys(runs, float("inf"))
        for _ in range(options.repeat):
            for name, run in runs.items():
                start = time.process_time()
                read = run()
                best[name] = min(best[name], time.process_time() - start)
                assert read == options.recipients, (name, read)
    bare = best["bare csv.reader"]
    print(f"{'':30}{'CPU-s / 100,000':>16}{'of bare reader':>16}")
    for name, seconds in best.items():
        print(f"{name:30}{seconds * 100_000 / options.recipients:>16.3f}{seconds / bare:>15.1f}x")


if __name__ == "__main__":
    main()
