"""The whole path, from a CSV file to the last recipient taken, beside a bare asyncio loop in the same run.

    python -m tests.benchmarks.campaign [--recipients 200000] [--processes 1,2] [--latency 0,50]
                                        [--case shared-500] [--repeat 1] [--json FILE] [--quick]

Compare the ratios, not the figures: both sides run on the same machine within minutes. docs/performance.md
says what is measured and how. Nothing is asserted but that every recipient was taken, and once.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import measure, parts, table
from tests.benchmarks.material import CASES, Case, write_file


def run(
    cases: Sequence[Case], recipients: int, processes: Sequence[int], latencies: Sequence[int], repeat: int
) -> list[measure.Result]:
    """Measure each case at every latency: the bare loop, then campaigns with so many processes."""
    results: list[measure.Result] = []
    with tempfile.TemporaryDirectory(prefix="smsq-bench-") as name:
        folder = Path(name)
        file = folder / "recipients.csv"
        write_file(file, recipients)
        for latency, case in itertools.product(latencies, cases):
            with parts.simulator(folder, latency) as simulator:
                bench = measure.Bench(folder, simulator, case, file, recipients, latency)
                for count in (0, *processes):
                    # The machine is shared: what it does besides can only add to the CPU seconds.
                    runs = [bench.campaign(count) if count else bench.bare() for _ in range(repeat)]
                    results.append(min(runs, key=lambda result: result.sent))
                    table.print_progress(results[-1])
    return results


def _numbers(text: str) -> list[int]:
    numbers = [int(part) for part in text.split(",")]
    if min(numbers) < 0:
        raise ValueError
    return numbers


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.campaign",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--recipients", type=int, default=200_000)
    parser.add_argument("--processes", type=_numbers, default=[1, 2], help="worker processes, such as 1,2")
    parser.add_argument(
        "--latency", type=_numbers, default=[0, 50], help="of the provider in ms, such as 0,50"
    )
    parser.add_argument("--case", action="append", choices=CASES, help="may be repeated; all if left out")
    parser.add_argument("--repeat", type=int, default=1, help="of so many runs the one with the least CPU")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--quick", action="store_true", help="20,000 recipients: a look, not a measurement")
    options = parser.parse_args(arguments)
    recipients = 20_000 if options.quick else options.recipients
    if min(recipients, options.repeat, *options.processes) < 1:
        parser.error("recipients, processes and repeats are 1 or more")
    # So that what was started is ended on SIGTERM too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started, load = time.monotonic(), os.getloadavg()[0]
    cases = [CASES[key] for key in options.case or CASES]
    results = run(cases, recipients, options.processes, options.latency, options.repeat)
    table.print_results(results)
    print(
        f"\n{recipients:,} recipients, {os.cpu_count()} cores, load average {load:.1f} before,"
        f" {time.monotonic() - started:.0f} s in all"
    )
    if options.json:
        options.json.write_text(json.dumps([result.as_json() for result in results], indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
