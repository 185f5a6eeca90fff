"""Damage on a schedule: signals to workers, kills of the server. The same seed gives the same schedule."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.conftest import RedisServer
from tests.faults import quick
from tests.faults.arena import Crew

#: Seconds for which a process is stopped: its leases end meanwhile, and others take over.
STOPPED = quick.LEASE_MS / 1000 * 1.6
#: Seconds for which the server stays away.
AWAY = 0.3


@dataclass(frozen=True)
class Blow:
    """One blow.

    Attributes:
        at: Seconds after the schedule's start.
        kind: ``kill`` (-9), ``stop`` (SIGSTOP, then SIGCONT), ``term`` or ``server`` (kill -9, start again).
        luck: Which of the processes it hits, from 0 to 1.
    """

    at: float
    kind: str
    luck: float


def schedule(kinds: Sequence[str], seconds: float, seed: int, *, pause: tuple[float, float]) -> list[Blow]:
    """Return blows for so many seconds, a random pause before each."""
    dice = random.Random(seed)
    blows: list[Blow] = []
    at = dice.uniform(*pause)
    while kinds and at < seconds:
        blows.append(Blow(at, dice.choice(kinds), dice.random()))
        at += dice.uniform(*pause)
    return blows


class Striker(threading.Thread):
    """Carries a schedule out until told to end.

    Args:
        blows: The schedule.
        crew: Whom the signals hit.
        server: What is killed and started again.
    """

    def __init__(self, blows: Sequence[Blow], crew: Crew, server: RedisServer) -> None:
        super().__init__(name="striker")
        self._blows = blows
        self._crew = crew
        self._server = server
        self._ending = threading.Event()
        self._waking: list[threading.Timer] = []
        self.struck = 0
        self.last = time.monotonic()

    def run(self) -> None:
        started = time.monotonic()
        for blow in self._blows:
            if self._ending.wait(max(0.0, started + blow.at - time.monotonic())):
                break
            if self._strike(blow):
                self.struck += 1
                self.last = time.monotonic()

    def _strike(self, blow: Blow) -> bool:
        if blow.kind == "server":
            self._server.kill()
            time.sleep(AWAY)
            self._server.start()
            return True
        pids = self._crew.supervisor.pids()
        if not pids:
            return False
        pid = pids[int(blow.luck * len(pids))]
        if blow.kind == "stop":
            self._crew.signal(pid, signal.SIGSTOP)
            self._later(STOPPED, lambda: self._crew.signal(pid, signal.SIGCONT))
        else:
            self._crew.signal(pid, signal.SIGKILL if blow.kind == "kill" else signal.SIGTERM)
        return True

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        def waken() -> None:
            what()
            self.last = time.monotonic()

        timer = threading.Timer(seconds, waken)
        timer.start()
        self._waking.append(timer)

    def end(self) -> None:
        """Strike no more, and waken who was stopped."""
        self._ending.set()
        if self.ident is not None:
            self.join()
        for timer in self._waking:
            timer.join()
