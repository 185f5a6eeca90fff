"""Printing: a line for each run as it ends, then the tables."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.benchmarks.bare import CONNECTIONS
from tests.benchmarks.measure import Result

_HEAD = (
    f"{'':24}{'recipients/s':>13}{'of bare':>9}{'of limit':>9}"
    f"{'plan':>7}{'+redis':>7}{'workers':>9}{'+redis':>7}{'sent':>7}{'/ bare':>7}"
    f"{'simulator':>11}{'others':>8}"
)


def _who(result: Result) -> str:
    return f"  {result.processes} worker process(es)" if result.processes else "  bare loop"


def print_progress(result: Result) -> None:
    line = f"{result.case}, {result.latency_ms:g} ms,{_who(result)}: {result.rate:,.0f} recipients/s"
    print(line, file=sys.stderr, flush=True)


def print_results(results: Sequence[Result]) -> None:
    """Print speed and CPU, then memory."""
    print("\nCPU in seconds per 100,000 recipients; sent = workers and Redis from the ledger to taken")
    print(
        "others = what processes that are no part of this took of a core meanwhile: best compared below 20 %"
    )
    print(_HEAD)
    bare = results[0]
    for result in results:
        if not result.processes:
            bare = result
            print(f"{result.case}, provider answers in {result.latency_ms:g} ms")
        print(_speed(result, bare))
    print(f"\n{'':24}{'batch':>7}{'RSS MB':>9}{'Redis B/recipient':>19}{'idle, % of a core':>19}")
    for result in results:
        if result.processes and not result.latency_ms:
            print(
                f"{_who(result):24}{result.batch:>7}{result.rss:>9.0f}{result.redis_bytes:>19.1f}"
                f"{result.idle * 100:>19.1f}"
            )


def _speed(result: Result, bare: Result) -> str:
    each = 100_000 / result.recipients
    limit = CONNECTIONS * result.batch / result.latency_ms * 1000 if result.latency_ms else 0
    of_limit = f"{result.rate / limit:>9.0%}" if limit else f"{'':>9}"
    line = f"{_who(result):24}{result.rate:>13,.0f}{result.rate / bare.rate:>9.2f}{of_limit}"
    if result.processes:
        line += f"{result.planning * each:>7.2f}{result.planning_redis * each:>7.2f}"
    else:
        line += f"{'':>14}"
    line += f"{result.workers * each:>9.2f}{result.workers_redis * each:>7.2f}{result.sent:>7.2f}"
    return f"{line}{result.sent / bare.sent:>7.2f}{result.simulator * each:>11.2f}{result.others:>8.0%}"
