"""``python -m worker.demo.guardian [DIRECTORY]``: ends what a demo leaves behind when it is killed itself.

The demo writes the number of every process that it starts into this one's standard input. When the input
closes without the last word, the demo is gone: the processes are ended in its own order, the last started
first, so that the workers still find the server when they write down what was sent.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LAST_WORD = b"done"
#: Seconds for a process to end by itself.
_PATIENCE = 15.0
_LOOK = 0.05


def main() -> None:
    """Read until the input closes; clean up unless all is well."""
    for unwanted in SIGNALS:
        signal.signal(unwanted, signal.SIG_IGN)
    numbers: list[int] = []
    for line in sys.stdin.buffer:
        if line.strip() == LAST_WORD:
            return
        numbers.append(int(line))
    for number in reversed(numbers):
        _end(number)
    for directory in sys.argv[1:]:
        shutil.rmtree(directory, ignore_errors=True)


def _end(number: int) -> None:
    # Each one leads a group, which makes it all but impossible to hit a stranger with the same number.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(number, signal.SIGTERM)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            os.killpg(number, 0)
            time.sleep(_LOOK)
        os.killpg(number, signal.SIGKILL)


if __name__ == "__main__":
    main()
