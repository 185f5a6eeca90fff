"""The scenarios of the long run."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

from tests.faults.scenarios import Scenario
from tests.faults.steps import LOOK_UP_STEPS, SEND_STEPS
from worker.simulator.faults import FAULTS

#: Seconds that kinds of faults take which have a duration: below every lease and time-out here, as the
#: default of 5 s is below those as shipped.
_DURATIONS = {"refuse": 0.4, "stall": 0.8, "late": 0.8}
#: Where processes are stopped, and for how many seconds: until others have taken over; before the request
#: also until they have looked up twice and sent again. Between the last look at its lease and the first byte,
#: one instruction later, a process can't find out that it is too late: docs/faults.md.
STOPS: dict[str, float] = {
    "after_claim": 4.0,
    "after_permit": 8.0,
    "after_intent": 8.0,
    "connected": 8.0,
    "after_write": 4.0,
    "after_reply": 4.0,
    "after_record": 4.0,
    "after_take": 5.0,
    "after_turn": 5.0,
    "after_look_up": 5.0,
}
#: Enough in doubt for look-ups to be killed at.
_DOUBTS = "send:drop-reply=0.1"


def faults(kinds: list[str], share: float) -> str:
    """Return the specification of faults, each striking such a share of all requests."""
    return ",".join(
        f"{kind}={share:g}" + (f":{_DURATIONS[kind]:g}" if kind in _DURATIONS else "") for kind in kinds
    )


def long_run(recipients: int, seed: int) -> list[Scenario]:
    """Return all scenarios, with so many recipients in all of their campaigns together."""
    dice = random.Random(seed)
    found = [*_steps(dice), *_stops(), *_blows(), *_faults()]
    each = max(20, recipients // len(found))
    return [
        replace(scenario, recipients=each, batch_size=max(2, each // 250), seed=dice.randrange(2**31))
        for scenario in found
    ]


def blind() -> Scenario:
    """Return the scenario with the protection switched off: the judge must see duplicates."""
    return Scenario("protection off", faults="send:drop-reply=0.2", blind=True, urgent=1.0, seconds=20.0)


def _steps(dice: random.Random) -> Iterator[Scenario]:
    processes = itertools.cycle((1, 2, 4, 8))
    for step in SEND_STEPS:
        yield Scenario(
            f"kill {step}", processes=next(processes), steps=(step,), deaths=3, at=dice.randint(1, 12)
        )
    for step in LOOK_UP_STEPS:
        yield Scenario(
            f"kill {step}",
            processes=next(processes),
            steps=(step,),
            deaths=2,
            at=1,
            faults=_DOUBTS,
            seconds=2.5,
        )


def _stops() -> Iterator[Scenario]:
    for step, stopped in STOPS.items():
        doubts = {"faults": _DOUBTS, "at": 1} if step in LOOK_UP_STEPS else {}
        yield Scenario(f"stop {step}", steps=(step,), deaths=1, stopped=stopped, seconds=2.5, **doubts)


def _blows() -> Iterator[Scenario]:
    for processes in (1, 2, 4, 8):
        yield Scenario(f"kill at random, {processes}", processes=processes, blows=("kill",), latency_ms=300.0)
    for processes in (2, 8):
        yield Scenario("stop at random", processes=processes, blows=("stop",), latency_ms=300.0)
        yield Scenario("SIGTERM storm", processes=processes, blows=("term",), pause=(0.1, 0.6))
        yield Scenario("server killed", processes=processes, blows=("server",), pause=(0.7, 2.0))
    for processes in (1, 4, 8):
        yield Scenario(
            "everything, with faults at 1 %",
            processes=processes,
            blows=("kill", "stop", "term", "server"),
            faults=faults(list(FAULTS), 0.01),
            latency_ms=300.0,
            seconds=10.0,
        )


def _faults() -> Iterator[Scenario]:
    kinds = list(FAULTS)
    yield Scenario("all faults at 1 %", faults=faults(kinds, 0.01), seconds=4.0)
    for number in range(2):
        yield Scenario(
            f"half of all faults at 5 %, {number + 1}", faults=faults(kinds[number::2], 0.05), seconds=4.0
        )
    for at in range(0, len(kinds), 3):
        few = kinds[at : at + 3]
        yield Scenario(", ".join(few), faults=faults(few, 0.2), seconds=3.0)
