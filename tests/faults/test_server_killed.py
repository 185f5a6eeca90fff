"""The server is killed with -9 and started again on its directory, again and again, while a campaign runs."""

from __future__ import annotations

from tests.faults.arena import Arena
from tests.faults.conftest import flawless
from tests.faults.scenarios import Scenario, play


def test_the_server_is_killed_again_and_again(arena: Arena) -> None:
    """Urgent messages are sent all the while, each with a key, until the producer's call succeeds."""
    outcome = play(
        arena,
        Scenario("server killed", processes=4, blows=("server",), pause=(0.5, 1.2), urgent=0.1, seconds=5.0),
    )
    assert outcome.struck >= 1
    assert flawless(outcome)
