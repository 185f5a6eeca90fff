"""Workers that are stopped and come back when others have taken over, and workers that are told to end."""

from __future__ import annotations

import pytest

from tests.faults.arena import Arena
from tests.faults.catalogue import STOPS
from tests.faults.conftest import flawless
from tests.faults.scenarios import Scenario, play


@pytest.mark.parametrize("step", ["after_permit", "connected", "after_reply"])
def test_a_worker_stopped_beyond_its_lease_does_no_harm(arena: Arena, step: str) -> None:
    """What it had in hand is looked up by others before it wakes, and sent where it was not."""
    outcome = play(
        arena,
        Scenario(
            f"stopped {step}", recipients=400, steps=(step,), deaths=1, stopped=STOPS[step], seconds=3.0
        ),
    )
    assert outcome.deaths == (step,)
    assert flawless(outcome)


def test_stopped_at_any_moment(arena: Arena) -> None:
    outcome = play(
        arena, Scenario("stopped at random", blows=("stop",), pause=(0.8, 1.5), latency_ms=300.0, seconds=4.0)
    )
    assert outcome.struck >= 1
    assert flawless(outcome)


def test_a_storm_of_sigterm(arena: Arena) -> None:
    outcome = play(
        arena, Scenario("SIGTERM storm", processes=4, blows=("term",), pause=(0.1, 0.5), seconds=4.0)
    )
    assert outcome.struck >= 1
    assert flawless(outcome)
