"""Writing answers: JSON for programs, aligned text for people. Standard output holds nothing else."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any

#: Columns of a table that isn't shown on a terminal: no cell of ours is cut there.
_WIDE = 240


def prepare_streams() -> None:
    """Let neither a closed stream nor a letter that a terminal's encoding lacks end a command."""
    # A closed one (``>&-``) is None; its number would go to the next file that is opened.
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Send what is still to be written nowhere, so that the interpreter's end doesn't stumble over it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def encode(value: Any) -> str:
    """Return JSON in letters that standard output can carry."""
    utf8 = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
    return json.dumps(value, ensure_ascii=not utf8)


def write_json(value: Any) -> None:
    """Write one JSON document."""
    sys.stdout.write(encode(value) + "\n")


def write_lines(*lines: str) -> None:
    """Write lines, at once: a command that goes on to wait has said by then what it has to say."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def note(line: str) -> None:
    """Tell the person at the terminal something that isn't the answer."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def note_age(seconds: float) -> None:
    """Say how old an answer is that others have asked for just before."""
    if seconds >= 1:
        note(f"the answer is {seconds:.0f} s old")


def printable(text: str) -> str:
    """Return a text without control characters: a name in the ledger must not steer the terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in text)


def write_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Write lines of a name and a value, aligned; a value of several lines keeps to its column."""
    rows = [(name, printable(str(value))) for name, value in facts]
    width = max((len(name) for name, _ in rows), default=0)
    lines = []
    for name, value in rows:
        first, *rest = value.split("\n")
        lines.append(f"{name:<{width}}  {first}".rstrip())
        lines += [f"{'':<{width}}  {line}" for line in rest]
    write_lines(*lines)


def write_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[str] = ()
) -> None:
    """Write a table.

    Args:
        columns: The names above.
        rows: The cells.
        right: Columns that hold numbers.
    """
    from rich.console import Console
    from rich.table import Table

    console = Console(
        markup=False, highlight=False, emoji=False, width=None if sys.stdout.isatty() else _WIDE
    )
    table = Table(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold" if console.is_terminal else ""
    )
    numbers = set(right)
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(printable(str(cell)) for cell in row))
    with console.capture() as capture:
        console.print(table)
    write_lines(*(line.rstrip() for line in capture.get().splitlines()))
