"""What a command that changes a phone base is to do, how far it has come, and the answer that tells it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from producers.sms2_rules import PHONES
from worker.cli.bases_calls import BaseCalls
from worker.cli.bases_changes import Change
from worker.cli.bases_input import Numbers


@dataclass
class Work:
    """A command that changes a base: what it is to do, and how far it has come.

    Attributes:
        base: The base's name.
        sync: The base is made equal to the numbers.
        numbers: The numbers that were given.
        changes: What is done, one after the other; empty until the base has been read.
        skipped: Numbers for which nothing is to be done.
        left: Numbers of the base that are none of SMS2's form, so that it can't be asked to remove them.
        begun: Whether something may have been changed.
    """

    base: str
    sync: bool = False
    numbers: Numbers = field(default_factory=Numbers)
    changes: list[Change] = field(default_factory=list)
    skipped: int = 0
    left: int = 0
    begun: bool = False
    _without_row: list[int] = field(default_factory=list)

    def plan(self, there: Collection[int], *, adding: bool) -> None:
        """Plan to add the numbers that aren't in the base, or to remove those that are."""
        known = set(there)
        todo = [phone for phone in self.numbers.places if (phone in known) != adding]
        self.changes = [Change(self.base, todo, adding=adding)]
        self.skipped = len(self.numbers.places) - len(todo)

    def plan_sync(self, there: Collection[int]) -> None:
        """Plan to make the base equal to the numbers."""
        self.plan(there, adding=True)
        surplus = [phone for phone in there if phone not in self.numbers.places]
        todo = [phone for phone in surplus if phone in PHONES]
        self.left = len(surplus) - len(todo)
        self.changes.append(Change(self.base, todo, adding=False))

    async def carry_out(self, calls: BaseCalls) -> None:
        """Do what is planned."""
        self.begun = self.total > 0
        for change in self.changes:
            await change.carry_out(calls)

    @property
    def total(self) -> int:
        """Numbers to add or to remove."""
        return sum(len(change.todo) for change in self.changes)

    @property
    def came(self) -> str:
        """How far it came, in words."""
        told = [
            f"{change.done} of {len(change.todo)} numbers were {'added' if change.adding else 'removed'}"
            for change in self.changes
            if change.todo and self.begun
        ]
        return " and ".join(told) or "nothing was changed"

    @property
    def refused(self) -> list[int]:
        """Numbers that the provider has refused."""
        return [phone for change in self.changes for phone in change.refused]

    def write_refused(self) -> None:
        """Write refused numbers to the rejects, by their rows."""
        self._without_row = self.numbers.refuse(self.refused)

    def planned(self) -> dict[str, object]:
        """Return the plan of a `sync`, as the answer has it."""
        add, remove = (len(change.todo) for change in self.changes)
        counts = {"base": self.base, "add": add, "remove": remove, "keep": self.skipped, "left": self.left}
        return {**counts, "rejected": self.numbers.rejected, **self.numbers.json()}

    def done(self) -> dict[str, object]:
        """Return what was done, as the answer has it."""
        answer: dict[str, object] = {"base": self.base}
        for change in self.changes:
            answer["added" if change.adding else "removed"] = change.done
        if self.sync:
            answer |= {"kept": self.skipped, "left": self.left}
        elif self.changes:
            answer["present" if self.changes[0].adding else "absent"] = self.skipped
        answer["rejected"] = self.numbers.rejected + len(self._without_row)
        answer |= self.numbers.json()
        if self._without_row:
            answer["refused"] = [str(phone) for phone in self._without_row]
        return answer

    @staticmethod
    def facts(answer: dict[str, object]) -> Iterator[tuple[str, object]]:
        """Give the lines of an answer that say something."""
        for name, value in answer.items():
            if name == "refused" and isinstance(value, list):
                yield name, ", ".join(value)
            elif value is not None and (value or name not in {"left", "duplicates"}):
                yield name.replace("_", " "), value
