"""All that a running simulator knows and that may change while it runs."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from worker.simulator.books import Books
from worker.simulator.calls import Provider
from worker.simulator.config import SimulatorConfig
from worker.simulator.faults import FaultPlan
from worker.simulator.scripts import Scripts
from worker.simulator.sms2.provider import Sms2
from worker.simulator.smsc.provider import Smsc
from worker.simulator.throttle import Presence
from worker.simulator.traffic import Ring

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
        ring: the last requests.
        books: SMSC's books.
        smsc: SMSC's server.
        sms2: SMS2's server, which has books of its own.
        scripts: replies ordered beforehand.
        faults: what strikes.
        dice: source of noise.
        presence: who is inside.
        latency_ms: how long replies are held back.
        outage: whether anybody is served at all.
    """

    config: SimulatorConfig
    ring: Ring
    books: Books
    smsc: Smsc
    sms2: Sms2
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
        self.faults = plan_faults(spec, self.config.seed, (self.smsc, self.sms2))

    def set_delivery_scale(self, scale: float) -> None:
        """Stretch all delivery times."""
        self.smsc.delivery_scale = self.sms2.delivery_scale = scale

    async def reset_books(self) -> None:
        """Begin new books of both providers."""
        await self.books.reset()
        await self.sms2.books.reset()
        self.ring.clear()

    def reset_throttles(self) -> None:
        """Forget what was asked and sent before, where it would have a request refused."""
        self.smsc.limits.clear()
        self.sms2.duplicates.clear()


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
    ring: Ring = deque(maxlen=config.requests_kept)
    books = Books(ring)
    smsc, sms2 = Smsc(config, books), Sms2(config, ring)
    return Sandbox(
        config=config,
        ring=ring,
        books=books,
        smsc=smsc,
        sms2=sms2,
        scripts=Scripts(smsc.endpoints + sms2.endpoints),
        faults=plan_faults(config.faults, config.seed, (smsc, sms2)),
        dice=make_dice(config.seed),
        presence=Presence(),
        latency_ms=config.latency_ms,
    )


def plan_faults(spec: str, seed: int, providers: Iterable[Provider]) -> FaultPlan:
    """Read a specification of faults for all providers together; raises FaultSpecError."""
    endpoints: list[str] = []
    immune: dict[str, frozenset[str]] = {}
    for provider in providers:
        endpoints += provider.endpoints
        immune |= provider.immune
    return FaultPlan(spec, endpoints, make_dice(seed), immune)


def make_dice(seed: int) -> random.Random:
    """Make a source of lots that always gives the same ones for a seed."""
    return random.Random(seed)  # noqa: S311  repeatable on purpose, and no secret
