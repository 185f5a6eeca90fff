"""Putting numbers into a phone base and taking them out, so that a repeated command goes on where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from worker.cli.bases_calls import BaseCalls
from worker.cli.progress import Progress, show_progress
from worker.governor.rules import RESERVED_FOR_URGENT, RULES

#: Numbers in one request. SMS2 documents no limit. 1,000 are 14 KB, far below what web servers accept and
#: quick enough to be done within the 25 s that an answer may take; a list of 100,000 is 100 requests. More
#: would spare few requests, and a lost answer or Ctrl-C would leave more numbers to be asked for again.
BATCH = 1_000
#: Removals under way at once: SMS2 has no batch call for them. A slot stays free for urgent messages.
AT_ONCE = RULES["sms2", "bases"].in_flight - RESERVED_FOR_URGENT


@dataclass
class Change:
    """Numbers to add to a base or to remove from it.

    Attributes:
        base: The base's name.
        todo: The numbers, in order; when the command began they weren't there, or were.
        adding: They are added, not removed.
        done: How many are there now, or no longer are.
        refused: Those that the provider has refused.
    """

    base: str
    todo: list[int]
    adding: bool
    done: int = 0
    refused: list[int] = field(default_factory=list)

    async def carry_out(self, calls: BaseCalls) -> None:
        """Add or remove the numbers, and show how far it has come."""
        if not self.todo:
            return
        with show_progress("adding" if self.adding else "removing", len(self.todo)) as progress:
            unclear = await (self._add(calls, progress) if self.adding else self._remove(calls, progress))
        if not unclear:
            return
        # "Can't be added" is what a number gets that was refused, and one that an earlier request has added
        # whose answer got lost: the base itself tells.
        there = set(await calls.phones(self.base))
        self.refused = [phone for phone in self.todo if phone in unclear and (phone in there) != self.adding]
        self.done += len(unclear) - len(self.refused)

    async def _add(self, calls: BaseCalls, progress: Progress) -> set[int]:
        unclear: set[int] = set()
        progress.show(0)
        for start in range(0, len(self.todo), BATCH):
            batch = self.todo[start : start + BATCH]
            refused = await calls.add(self.base, batch)
            unclear |= refused
            self.done += len(batch) - len(refused)
            progress.show(start + len(batch))
        return unclear

    async def _remove(self, calls: BaseCalls, progress: Progress) -> set[int]:
        unclear: set[int] = set()
        phones = iter(self.todo)
        failures: list[Exception] = []
        progress.show(0)

        async def work() -> None:
            for phone in _until(phones, failures):
                try:
                    removed = await calls.remove(self.base, phone)
                except Exception as error:  # noqa: BLE001 - raised when the others' requests have ended
                    failures.append(error)
                    return
                if removed:
                    self.done += 1
                else:
                    unclear.add(phone)
                progress.show(self.done + len(unclear))

        await asyncio.gather(*(work() for _ in range(min(AT_ONCE, len(self.todo)))))
        if failures:
            raise failures[0]
        return unclear


def _until(phones: Iterator[int], failures: list[Exception]) -> Iterable[int]:
    for phone in phones:
        yield phone
        if failures:
            return
