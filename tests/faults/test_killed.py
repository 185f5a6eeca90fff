"""Workers killed with -9, at each step of their work and at any moment."""

from __future__ import annotations

from tests.faults.arena import Arena
from tests.faults.conftest import flawless
from tests.faults.scenarios import Scenario, play
from tests.faults.steps import LOOK_UP_STEPS, SEND_STEPS


def test_killed_at_each_step_of_sending(arena: Arena) -> None:
    """Each process that starts dies at the next step, when it comes to it for the third time."""
    outcome = play(
        arena,
        Scenario(
            "killed at each step",
            processes=4,
            recipients=400,
            batch_size=2,
            urgent=0.15,
            steps=tuple(SEND_STEPS),
            deaths=len(SEND_STEPS),
            at=3,
            seconds=20.0,
        ),
    )
    assert sorted(outcome.deaths) == sorted(SEND_STEPS)
    assert flawless(outcome)


def test_killed_at_each_step_of_looking_up(arena: Arena) -> None:
    outcome = play(
        arena,
        Scenario(
            "killed at each step of a look-up",
            faults="send:drop-reply=0.2",
            recipients=300,
            urgent=0.15,
            steps=tuple(LOOK_UP_STEPS),
            deaths=len(LOOK_UP_STEPS),
            at=1,
            seconds=20.0,
        ),
    )
    assert sorted(outcome.deaths) == sorted(LOOK_UP_STEPS)
    assert flawless(outcome)


def test_killed_at_any_moment(arena: Arena) -> None:
    outcome = play(
        arena,
        Scenario("killed at random", processes=4, blows=("kill",), latency_ms=300.0, seconds=6.0, seed=5),
    )
    assert outcome.struck >= 1
    assert flawless(outcome)
