"""How far something has come: a bar on a terminal, now and then a line elsewhere. Both on standard error."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import Protocol

from worker.cli.answers import note

#: Seconds between two lines where there is no terminal: soon at first, then seldom; a log is read later.
_FIRST_LINE, _LAST_LINE, _GROWTH = 1.0, 60.0, 1.5


class Progress(Protocol):
    """Something that shows progress."""

    def show(self, done: int, remark: str = "") -> None:
        """Show that so many are done."""


class _Lines:
    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = total
        self._pause = _FIRST_LINE
        self._next = time.monotonic() + self._pause

    def show(self, done: int, remark: str = "") -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._pause = min(self._pause * _GROWTH, _LAST_LINE)
        self._next = now + self._pause
        note(f"{self._title}: {done} of {self._total}{f', {remark}' if remark else ''}")


@contextlib.contextmanager
def show_progress(title: str, total: int) -> Iterator[Progress]:
    """Show the progress of the block's work.

    Args:
        title: What is done.
        total: How many there are to do.
    """
    if not sys.stderr.isatty():
        yield _Lines(title, total)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[remark]}", markup=False),
    )
    with Bars(*columns, console=Console(stderr=True, markup=False, emoji=False)) as bars:
        task = bars.add_task(f"{title:<8}", total=total, remark="")

        class Bar:
            def show(self, done: int, remark: str = "") -> None:
                bars.update(task, completed=done, remark=remark)

        yield Bar()
