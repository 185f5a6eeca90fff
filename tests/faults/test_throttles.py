"""A campaign, urgent messages, polls and balance checks beside each other: the provider refuses nothing."""

from __future__ import annotations

import pytest

from tests.faults import throttle
from tests.faults.arena import Arena


@pytest.mark.parametrize("processes", [1, 8])
def test_the_provider_has_nothing_to_refuse(arena: Arena, processes: int) -> None:
    found = throttle.run(arena, processes=processes, requests=300, latency_ms=80.0)
    print(f"\n{found.line()}")
    assert found.decided
    assert found.errors == {}
    assert found.most["send.php"] <= 14
    assert found.requests["status.php"] > 0
    assert found.requests["balance.php"] > 0
