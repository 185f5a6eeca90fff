"""The parts that a measurement runs: processes that are ended in whatever way their block is left."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from producers.ledger.calls import Call
from producers.ledger.store import Store
from producers.settings import Settings
from producers.states import Lane
from worker.embedded import server_command
from worker.lanes import DEFAULT_THREADS
from worker.supervisor import Supervisor

ROOT = Path(__file__).parents[2]
_START_SECONDS = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")


def wait_for(condition: Callable[[], Any], seconds: float, what: str, *, pause: float = 0.005) -> None:
    """Wait for a condition.

    Raises:
        RuntimeError: It did not come true in time.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {seconds:g} s: {what}")
        time.sleep(pause)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_seconds(pids: Sequence[int]) -> float:
    """Return what processes have used so far, in user and system mode, their ended children included."""
    ticks = 0
    for pid in pids:
        # The second field, a name in parentheses, may hold spaces. Fields 14 to 17 follow 11 others.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / _TICKS


def machine_seconds() -> float:
    """Return what all processes of the machine have used so far, and what its host has taken away."""
    user, nice, system, _idle, _wait, *rest = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + sum(rest[:3])) / _TICKS


def rss_mb(pids: Sequence[int]) -> float:
    """Return the resident memory of processes, in units of 10^6 bytes."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024 / 1e6


@contextlib.contextmanager
def _process(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Server:
    """Where a server is, and its process."""

    url: str
    pid: int


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[Server]:
    """The embedded server with its shipped configuration."""
    port = free_port()
    with _process(server_command(folder / "redis", port), folder / "redis.log") as process:
        wait_for(lambda: _listens(port), _START_SECONDS, "the server listens")
        yield Server(f"redis://127.0.0.1:{port}/0", process.pid)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@dataclass(frozen=True)
class Simulator(Server):
    """The provider's stand-in, and its books."""

    def books(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._call("GET", "/_books"))
        return found

    def new_books(self) -> None:
        self._call("POST", "/_control", b'{"reset_books": true}')

    def _call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=60)
        try:
            connection.request(method, path, body)
            reply = connection.getresponse()
            read = reply.read()
        finally:
            connection.close()
        if reply.status >= 300:
            raise RuntimeError(f"the simulator answers {path} with {reply.status}: {read[:200]!r}")
        return read


@contextlib.contextmanager
def simulator(folder: Path, latency_ms: float) -> Iterator[Simulator]:
    """A simulator without throttles: its own book-keeping of them would take CPU from what is measured."""
    port = free_port()
    options = [
        "--port",
        str(port),
        "--no-throttle",
        "--latency-ms",
        str(latency_ms),
        "--balance",
        "1000000000",
    ]
    command = [sys.executable, "-m", "worker.simulator", *options]
    with _process(command, folder / "simulator.log") as process:
        wait_for(lambda: _listens(port), _START_SECONDS, "the simulator listens")
        yield Simulator(f"http://127.0.0.1:{port}", process.pid)


@contextlib.contextmanager
def workers(settings: Settings, store: Store, processes: int, log: Path) -> Iterator[Supervisor]:
    """Worker processes under their supervisor, which runs in a thread; all are up when it is given."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SMSQ_")}
    environ |= {
        "SMSQ_REDIS_URL": settings.redis_url,
        "SMSQ_SMSC_URL": settings.smsc.url,
        "SMSQ_SMSC_LOGIN": settings.smsc.login,
        "SMSQ_SMSC_PASSWORD": settings.smsc.password,
        "SMSQ_LOG_FORMAT": "json",
    }
    supervisor = Supervisor(list(Lane), processes, DEFAULT_THREADS, environ)
    stop = threading.Event()
    thread = threading.Thread(target=supervisor.run, args=(stop,))
    heartbeats = Call(("ZCARD", f"{store.address.queue_namespace}:__heartbeats__"), int, queue=True)
    with _standard_error_to(log):
        thread.start()
        try:
            wait_for(lambda: store.run(heartbeats) == processes, _START_SECONDS, "the workers fetch")
            yield supervisor
        finally:
            stop.set()
            thread.join()


@contextlib.contextmanager
def _standard_error_to(log: Path) -> Iterator[None]:
    """Let the workers' log, a line for each batch, go to a file, as it does in production."""
    sys.stderr.flush()
    kept = os.dup(2)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
