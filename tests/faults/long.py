"""The long run: ``python -m tests.faults.long --recipients 100000 --seed N``."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from tests.faults import throttle
from tests.faults.arena import Arena
from tests.faults.catalogue import blind, long_run
from tests.faults.scenarios import Outcome, Scenario, play
from tests.faults.table import head, line, total


def main(arguments: Sequence[str] | None = None) -> int:
    """Play all scenarios and print the table; 0 when every one of them was flawless."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.long", description=__doc__)
    parser.add_argument(
        "--recipients", type=int, default=100_000, help="in all campaigns together (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of every lot (%(default)s)")
    parser.add_argument("--minutes", type=float, default=45.0, help="start no scenario later (%(default)s)")
    parser.add_argument("--only", default="", metavar="TEXT", help="only scenarios with this in their name")
    options = parser.parse_args(arguments)
    # The supervisor's words about each death would stand between the lines.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    until = time.monotonic() + options.minutes * 60
    wanted = [one for one in long_run(options.recipients, options.seed) if options.only in one.name]
    with (
        tempfile.TemporaryDirectory(prefix="smsq-faults-") as directory,
        Arena(Path(directory), seed=options.seed) as arena,
    ):
        outcomes = _play_all(arena, wanted, until)
        sees = bool(options.only) or _judge_sees(arena)
        calm = bool(options.only) or _throttles_hold(arena, options.recipients)
    left_out = len(wanted) - len(outcomes)
    if left_out:
        print(f"{left_out} scenarios were not played: the time was up")
    flawless = all(outcome.flawless for outcome in outcomes)
    return 0 if flawless and sees and calm and not left_out else 1


def _play_all(arena: Arena, wanted: Sequence[Scenario], until: float) -> list[Outcome]:
    outcomes: list[Outcome] = []
    print(head(), flush=True)
    for scenario in wanted:
        if time.monotonic() > until:
            break
        outcomes.append(play(arena, scenario))
        print(line(outcomes[-1]), flush=True)
    print(total(outcomes), flush=True)
    return outcomes


def _judge_sees(arena: Arena) -> bool:
    outcome = play(arena, blind())
    print("\nWith the protection switched off the judge must see duplicates:")
    print(line(outcome), flush=True)
    return outcome.verdict.twice > 0


def _throttles_hold(arena: Arena, recipients: int) -> bool:
    print("\nThe provider's throttles, with polls, balance checks and urgent messages beside a campaign:")
    holds = True
    for processes in (1, 2, 4, 8):
        requests = min(1_500, max(400, recipients // 50))
        found = throttle.run(arena, processes=processes, requests=requests, latency_ms=100.0)
        print(found.line(), flush=True)
        holds = holds and found.decided and not found.errors
    return holds


if __name__ == "__main__":
    sys.exit(main())
