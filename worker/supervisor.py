"""Keeps worker processes running: starts them, replaces one that died, ends them in good order.

Dramatiq's own command stops all processes when one dies; here the others go on, and the dead one's batches
come back by their leases.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from producers.states import Lane

log = structlog.get_logger()

#: Seconds between two looks at the processes.
_LOOK = 0.1
#: Seconds to wait before a process that died is replaced: doubles up to a minute while it keeps dying young.
_FIRST_DELAY, _LAST_DELAY, _OLD = 0.5, 60.0, 30.0
#: Seconds for a process to end by itself; a little longer than `process.SHUTDOWN_MS`.
_PATIENCE = 55.0


@dataclass
class _Place:
    number: int
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    next_start: float = 0.0
    delay: float = _FIRST_DELAY


@dataclass
class Supervisor:
    """Keeps ``processes`` worker processes alive until told to stop.

    Attributes:
        lanes: Which queues they work on.
        processes: How many.
        threads: Threads in each.
        environ: Environment of the processes; this process's own when None.
        module: What each process runs.
    """

    lanes: Sequence[Lane]
    processes: int
    threads: int
    environ: Mapping[str, str] | None = None
    module: str = "worker.process"
    _places: list[_Place] = field(default_factory=list)

    def run(self, stop: threading.Event) -> None:
        """Start the processes, replace those that die, and end all of them when ``stop`` is set."""
        self._places = [_Place(number) for number in range(self.processes)]
        try:
            while not stop.is_set():
                for place in self._places:
                    self._look_after(place)
                stop.wait(_LOOK)
        finally:
            self._end_all()

    def pids(self) -> list[int]:
        """Return the ids of the processes that run now."""
        return [place.process.pid for place in self._places if place.process is not None]

    def _look_after(self, place: _Place) -> None:
        now = time.monotonic()
        if place.process is not None:
            code = place.process.poll()
            if code is None:
                return
            if now - place.started > _OLD:
                place.delay = _FIRST_DELAY
            log.error("worker_process_died", number=place.number, exit_code=code, restart_in=place.delay)
            self._close_pipe(place)
            place.process = None
            place.next_start = now + place.delay
            place.delay = min(place.delay * 2, _LAST_DELAY)
        if now >= place.next_start:
            place.process = self._start()
            place.started = now

    def _start(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            self.module,
            "--lanes",
            ",".join(lane.value for lane in self.lanes),
            "--threads",
            str(self.threads),
        ]
        # A session of its own: Ctrl-C at the terminal reaches the supervisor alone, which passes it on.
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            env=dict(os.environ if self.environ is None else self.environ),
            start_new_session=True,
        )

    @staticmethod
    def _close_pipe(place: _Place) -> None:
        if place.process is not None and place.process.stdin is not None:
            place.process.stdin.close()

    def _end_all(self) -> None:
        running = [place for place in self._places if place.process is not None]
        for place in running:
            if place.process is not None:
                place.process.terminate()
        deadline = time.monotonic() + _PATIENCE
        for place in running:
            if place.process is None:
                continue
            try:
                place.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("worker_process_killed", number=place.number)
                place.process.kill()
                place.process.wait()
            self._close_pipe(place)
