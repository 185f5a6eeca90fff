"""An arena for the tests of one file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.arena import Arena
from tests.faults.scenarios import Outcome
from tests.faults.table import head, line


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """A server and a simulator; each scenario empties them first."""
    with Arena(tmp_path_factory.mktemp("faults")) as arena:
        yield arena


def flawless(outcome: Outcome) -> bool:
    """Whether the promise was kept; prints the scenario's line either way."""
    print(f"\n{head()}\n{line(outcome)}")
    return outcome.flawless
