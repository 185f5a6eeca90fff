"""Putting the parts up: server, simulator, workers, each waited for until it answers."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from worker.demo.processes import BrokenError, Processes
from worker.embedded import port_is_free

PROCESSES = 2
#: Milliseconds that each reply of the simulator takes, as a provider's do.
LATENCY_MS = 50
BALANCE = "100000"
SEED = 1
#: Small enough that there is something to see: 200 requests. The default of 500 makes 20 of the same file.
BATCH_SIZE = 50

_START = 20.0
_TRIES = 5
#: What the command, or the server itself, says of a port that somebody else got first.
_TAKEN = ("is taken", "Address already in use")
_SIMULATOR = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Stage:
    """The parts, running.

    Attributes:
        environ: Settings of everything that is to talk to them.
        simulator: The simulator's address.
        metrics: The metrics' address.
    """

    environ: Mapping[str, str]
    simulator: str
    metrics: str


def clean_environ(run: str) -> dict[str, str]:
    """Return this process's environment without any setting of ours, and past every proxy."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SMSQ_")}
    return environ | {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "SMSQ_DEMO": run}


def put_up(processes: Processes, environ: dict[str, str], *, usual_ports: bool) -> Stage:
    """Start everything.

    Args:
        processes: Starts them.
        environ: Environment of all processes; the settings are added to it as they become known.
        usual_ports: Take the ports that the commands have by default, if they are free.

    Raises:
        BrokenError: A part didn't come up.
    """
    environ |= {
        "SMSQ_SMSC_LOGIN": "demo",
        "SMSQ_SMSC_PASSWORD": "demo",
        "SMSQ_SMSC_BATCH_SIZE": str(BATCH_SIZE),
        "SMSQ_LOG_FORMAT": "json",
        "SMSQ_METRICS_PORT": str(_usual(9191, usual_ports)),
    }
    port = _start_server(processes, _usual(6379, usual_ports))
    environ["SMSQ_REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
    environ["SMSQ_SMSC_URL"] = simulator = _start_simulator(processes, _usual(8025, usual_ports))
    return Stage(environ, simulator, _start_workers(processes))


def _usual(port: int, wanted: bool) -> int:  # noqa: FBT001
    """Return a default port if it is wanted and free, else 0: any."""
    return port if wanted and port_is_free(port) else 0


def _start_server(processes: Processes, port: int) -> int:
    for _ in range(_TRIES):
        port = port or _free_port()
        server = processes.start("server", "redis", "--port", str(port), "--dir", "redis")

        def answers(port: int = port, pid: int = server.process.pid) -> bool:
            # The command becomes the server and keeps its number: on this port another demo's may answer.
            return _server_pid(port) == pid

        try:
            processes.wait_for(answers, "the server answers", seconds=_START, needs=server)
        except BrokenError as error:
            if not any(words in str(error) for words in _TAKEN):
                raise
            port = 0  # somebody else was faster
            continue
        return port
    raise BrokenError("found no free port for the server")


def _server_pid(port: int) -> int:
    client = redis.Redis(port=port, socket_timeout=2)
    with closing(client):
        try:
            info: Any = client.info("server")
        except redis.RedisError:
            return 0
        return int(info["process_id"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start_simulator(processes: Processes, port: int) -> str:
    options = ("--latency-ms", str(LATENCY_MS), "--balance", BALANCE, "--seed", str(SEED), "--minute", "60")
    simulator = processes.start("simulator", "simulate", "--port", str(port), *options)
    found = processes.wait_for(
        lambda: _SIMULATOR.search(simulator.said()), "the simulator listens", seconds=_START, needs=simulator
    )
    return found[0]


def _start_workers(processes: Processes) -> str:
    workers = processes.start("workers", "worker", "--processes", str(PROCESSES))

    def ready() -> str | None:
        events = list(_events(workers.log))
        metrics = [event for event in events if event.get("event") == "metrics_ready"]
        if not metrics or sum(event.get("event") == "worker_ready" for event in events) < PROCESSES:
            return None
        return f"http://127.0.0.1:{metrics[0]['port']}/metrics"

    return processes.wait_for(ready, "the workers are ready", seconds=_START, needs=workers)


def _events(log: Path) -> Iterator[dict[str, Any]]:
    for line in log.read_text("utf-8", "replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event
