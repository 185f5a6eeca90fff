"""All that a running simulator knows and that may change while it runs."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from worker.simulator.books import Books
from worker.simulator.config import SimulatorConfig
from worker.simulator.faults import FaultPlan
from worker.simulator.scripts import Scripts
from worker.simulator.smsc.provider import Smsc
from worker.simulator.throttle import Presence

T = TypeVar("T")


@dataclass(slots=True)
class Outage:
    """A time in which nobody is served.

    Attributes:
        until: the event loop's time at which it ends.
        shut_door: closes the listening socket for so many seconds, where the simulator owns it.
    """

    until: float = 0.0
    shut_door: Callable[[float], Coroutine[Any, Any, None]] | None = None
    _closing: asyncio.Task[None] | None = None

    def begin(self, seconds: float) -> None:
        """Serve nobody for so many seconds."""
        self.until = asyncio.get_running_loop().time() + seconds
        if self.shut_door is not None and (self._closing is None or self._closing.done()):
            self._closing = asyncio.create_task(self.shut_door(seconds))


@dataclass(slots=True)
class Sandbox:
    """The state of one simulator.

    Attributes:
        config: how it was built.
        books: the books.
        smsc: the provider.
        scripts: replies ordered beforehand.
        faults: what strikes.
        dice: source of noise.
        presence: who is inside.
        latency_ms: how long replies are held back.
        outage: whether anybody is served at all.
    """

    config: SimulatorConfig
    books: Books
    smsc: Smsc
    scripts: Scripts
    faults: FaultPlan
    dice: random.Random
    presence: Presence
    latency_ms: float
    outage: Outage = field(default_factory=Outage)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    def keep(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin work that goes on even if nobody waits for it any more."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def set_faults(self, spec: str) -> None:
        """Replace the faults; raises FaultSpecError."""
        self.faults = FaultPlan(spec, self.smsc.endpoints, make_dice(self.config.seed))


SANDBOX: web.AppKey[Sandbox] = web.AppKey("sandbox", Sandbox)


def build_sandbox(config: SimulatorConfig) -> Sandbox:
    """Build the state of a simulator.

    Args:
        config: its settings.

    Returns:
        The state.

    Raises:
        FaultSpecError: ``config.faults`` can't be read.
    """
    books = Books(config.requests_kept)
    smsc = Smsc(config, books)
    return Sandbox(
        config=config,
        books=books,
        smsc=smsc,
        scripts=Scripts(smsc.endpoints),
        faults=FaultPlan(config.faults, smsc.endpoints, make_dice(config.seed)),
        dice=make_dice(config.seed),
        presence=Presence(),
        latency_ms=config.latency_ms,
    )


def make_dice(seed: int) -> random.Random:
    """Make a source of lots that always gives the same ones for a seed."""
    return random.Random(seed)  # noqa: S311  repeatable on purpose, and no secret
