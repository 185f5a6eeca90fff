"""Everything that a scenario needs: a server of its own, a simulator with real rules, worker processes."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

import redis

from producers import Settings
from producers.settings import SmscSettings
from producers.states import Lane
from tests.conftest import RedisServer, free_port
from tests.faults import quick
from tests.faults.plan import VARIABLE, Plan
from tests.worker.conftest import ROOT, SimulatorProcess, environ_of
from worker import supervisor
from worker.supervisor import Supervisor

#: Seconds of the provider's minute.
MINUTE = 1.5


class Arena:
    """A server and a simulator that several scenarios use, one after the other.

    Args:
        directory: For the server's files; others are put into it too.
        minute: Seconds of the provider's minute.
        seed: Of the simulator's dice.
    """

    def __init__(self, directory: Path, *, minute: float = MINUTE, seed: int = 7) -> None:
        self.directory = directory
        self.minute = minute
        # Whose supervisor waits a minute before it replaces a process that dies young would test that alone.
        supervisor._LAST_DELAY = supervisor._FIRST_DELAY
        quick.shorten_wakeups()
        self.server = RedisServer(directory / "server")
        self.server.start()
        # Messages stay with the provider: none is ever reported as failed, so that every failure is ours.
        self.simulator = SimulatorProcess(
            free_port(), "--balance", "100000000", "--delivery-scale", "1000000",
            "--minute", str(minute), "--seed", str(seed),
        )  # fmt: skip
        self.settings = Settings(
            redis_url=self.server.url,
            smsc=SmscSettings(url=self.simulator.url, login="demo", password="demo"),
            log_format="json",
            provider_minute=minute,
        )

    def __enter__(self) -> Arena:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.simulator.stop()
        self.server.stop()

    def with_batches_of(self, size: int) -> Settings:
        """Return settings that point here."""
        return replace(self.settings, smsc=replace(self.settings.smsc, batch_size=size))

    def clean(self, *, latency_ms: float, faults: str) -> None:
        """Empty the ledger and the books."""
        client = redis.Redis(port=self.server.port)
        client.flushall()
        client.close()
        self.order(
            latency_ms=latency_ms, faults=faults, reset_books=True, reset_throttles=True, clear_script=True
        )

    def order(self, **orders: Any) -> None:
        """Give the simulator orders; while it plays a provider that can't be reached, it can't hear any."""
        deadline = time.monotonic() + 10.0
        while True:
            try:
                self.simulator.order(**orders)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return


class Crew:
    """Worker processes under their supervisor.

    Args:
        settings: What they work with.
        plan: How they differ from processes as shipped.
        processes: How many.
    """

    def __init__(self, settings: Settings, plan: Plan, processes: int) -> None:
        # Importable from wherever the tests were started.
        environ = environ_of(settings) | {VARIABLE: plan.dump(), "PYTHONPATH": str(ROOT)}
        self.supervisor = Supervisor(list(Lane), processes, 24, environ, "tests.faults.dying_worker")
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self.supervisor.run, args=(self._ending,))
        self._thread.start()

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Send a signal to one of the processes, if it is still one of them."""
        if pid in self.supervisor.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self) -> None:
        """End all processes in good order."""
        for pid in self.supervisor.pids():
            self.signal(pid, signal.SIGCONT)
        self._ending.set()
        self._thread.join()
