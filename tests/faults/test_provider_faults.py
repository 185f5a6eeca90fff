"""The provider fails in every way, and the proof that the judge would see a duplicate."""

from __future__ import annotations

import pytest

from tests.faults.arena import Arena
from tests.faults.catalogue import blind, faults
from tests.faults.conftest import flawless
from tests.faults.scenarios import Scenario, play
from tests.faults.table import head, line
from worker.simulator.faults import FAULTS


@pytest.mark.parametrize("half", [0, 1])
def test_every_kind_of_fault_at_five_percent(arena: Arena, half: int) -> None:
    spec = faults(list(FAULTS)[half::2], 0.05)
    outcome = play(arena, Scenario(f"every second fault at 5 %, {half}", faults=spec, seconds=3.0))
    assert outcome.verdict.faults > 0
    assert flawless(outcome)


def test_everything_at_once(arena: Arena) -> None:
    outcome = play(
        arena,
        Scenario(
            "everything at once",
            processes=4,
            blows=("kill", "stop", "term", "server"),
            pause=(0.5, 1.2),
            faults=faults(list(FAULTS), 0.01),
            latency_ms=300.0,
            seconds=6.0,
            seed=3,
        ),
    )
    assert outcome.struck >= 1
    assert flawless(outcome)


def test_without_the_protection_the_judge_sees_duplicates(arena: Arena) -> None:
    outcome = play(arena, blind())
    print(f"\n{head()}\n{line(outcome)}")
    assert outcome.verdict.twice > 0
    assert not outcome.flawless
