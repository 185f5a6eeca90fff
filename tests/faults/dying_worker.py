"""A worker process as shipped, but with shorter times, and one that may kill itself at a named step."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.faults.plan import VARIABLE, Plan
from tests.faults.quick import shorten
from tests.faults.steps import Death, send_blindly, watch
from worker import process


def main() -> int:
    """Run as ``python -m tests.faults.dying_worker``."""
    plan = Plan.load(os.environ[VARIABLE])
    log = os.open(Path(plan.directory) / f"worker-{os.getpid()}.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if not plan.shipped:
        shorten(plan.minute, read_timeout=plan.read_timeout)
    if plan.deaths:
        watch(Death(plan).reached)
    if plan.blind:
        send_blindly()
    return process.main()


if __name__ == "__main__":
    sys.exit(main())
