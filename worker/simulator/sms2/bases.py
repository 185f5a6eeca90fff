"""Bases of phones."""

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from worker.simulator.config import PhoneBase
from worker.simulator.sms2 import errors
from worker.simulator.sms2.errors import RefusedError

_FIRST_ID = 1001


@dataclass(slots=True)
class Base:
    """One base.

    Attributes:
        name: its name.
        base_id: its number.
        protected: it may be sent to, but neither read nor changed.
        phones: its numbers in the order in which they came.
    """

    name: str
    base_id: int
    protected: bool
    phones: dict[str, None] = field(default_factory=dict)


class Bases:
    """The account's bases.

    Args:
        bases: those that are there from the beginning.
    """

    def __init__(self, bases: Iterable[PhoneBase]) -> None:
        self._ids = itertools.count(_FIRST_ID)
        self._bases: dict[str, Base] = {}
        for base in bases:
            self.put(base)

    def put(self, given: PhoneBase) -> None:
        """Create a base, or replace what is in the one of this name. No call of the provider's does that."""
        known = self._bases.get(given.name)
        base_id = known.base_id if known else next(self._ids)
        self._bases[given.name] = Base(given.name, base_id, given.protected, dict.fromkeys(given.phones))

    def find(self, name: str) -> Base:
        """Find a base to send to.

        Raises:
            RefusedError: there is none of this name, upper and lower case being different [assumed].
        """
        base = self._bases.get(name)
        if base is None:
            raise RefusedError(errors.WRONG_BASE)
        return base

    def open(self, name: str) -> Base:
        """Find a base to read or change.

        A protected one can't even be asked whether it has a number [assumed, strict: the provider lets it be
        used for sending only].

        Raises:
            RefusedError: there is none of this name, or it is protected.
        """
        base = self.find(name)
        if base.protected:
            raise RefusedError(errors.PROTECTED_BASE)
        return base

    def write_list(self) -> str:
        """Write all bases as JSON; letters stand for themselves, in the reply's charset [assumed]."""
        rows = [
            {"base_name": base.name, "id": str(base.base_id), "phones_total": str(len(base.phones))}
            for base in self._bases.values()
        ]
        return json.dumps(rows, ensure_ascii=False)
