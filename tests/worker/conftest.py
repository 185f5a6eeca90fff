"""A simulator and worker processes as a user runs them, over real sockets."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from producers import Producer, Settings
from producers.settings import SmscSettings
from producers.states import Lane
from tests.conftest import free_port, wait_until
from worker.supervisor import Supervisor

ROOT = Path(__file__).parents[2]


class SimulatorProcess:
    """The simulator, and its books as the judge."""

    def __init__(self, port: int, *options: str) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "worker.simulator", "--port", str(port), *options],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        wait_until(self.answers, what="the simulator answers")

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            self.books()
            return True
        return False

    def books(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/_books", timeout=10) as reply:
            found: dict[str, Any] = json.load(reply)
            return found

    def order(self, **orders: Any) -> None:
        request = urllib.request.Request(
            f"{self.url}/_control",
            data=json.dumps(orders).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            assert reply.status < 300

    def takes(self) -> dict[str, int]:
        """How often each phone was sent to."""
        with urllib.request.urlopen(f"{self.url}/_books/recipients", timeout=30) as reply:
            lines = [line.split("\t") for line in reply.read().decode().splitlines()]
        return {line[0]: int(line[1]) for line in lines}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def simulator() -> Iterator[SimulatorProcess]:
    """A fresh simulator with plenty of money and its throttles on; its minute takes a second."""
    process = SimulatorProcess(free_port(), "--balance", "10000000", "--minute", "1", "--seed", "7")
    yield process
    process.stop()


@pytest.fixture
def settings(redis_url: str, simulator: SimulatorProcess) -> Settings:
    """Settings that point at the test's server and simulator."""
    return Settings(
        redis_url=redis_url,
        smsc=SmscSettings(url=simulator.url, login="demo", password="demo"),
        log_format="json",
        provider_minute=1.0,
    )


def environ_of(settings: Settings) -> dict[str, str]:
    """The environment that gives a process these settings."""
    values = {
        "SMSQ_REDIS_URL": settings.redis_url,
        "SMSQ_SMSC_URL": settings.smsc.url,
        "SMSQ_SMSC_LOGIN": settings.smsc.login,
        "SMSQ_SMSC_PASSWORD": settings.smsc.password,
        "SMSQ_SMSC_BATCH_SIZE": str(settings.smsc.batch_size),
        "SMSQ_PROVIDER": settings.provider,
        "SMSQ_SMS2_URL": settings.sms2.url,
        "SMSQ_SMS2_USER": settings.sms2.user,
        "SMSQ_SMS2_PASSWORD": settings.sms2.password,
        "SMSQ_IN_DOUBT_BULK": settings.in_doubt_bulk,
        "SMSQ_IN_DOUBT_URGENT": settings.in_doubt_urgent,
        "SMSQ_LOG_FORMAT": settings.log_format,
        "SMSQ_PROVIDER_MINUTE": str(settings.provider_minute),
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SMSQ_")}
    return inherited | {name: value for name, value in values.items() if value}


class Workers:
    """Worker processes under their supervisor, in a thread of the test."""

    def __init__(self, settings: Settings, *, processes: int = 1, threads: int = 24) -> None:
        self.supervisor = Supervisor(list(Lane), processes, threads, environ_of(settings))
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.supervisor.run, args=(self.stopping,))
        self.thread.start()

    def kill_one(self) -> int:
        """Kill -9 one worker process; returns its id."""
        wait_until(self.supervisor.pids, what="a worker process runs")
        pid = self.supervisor.pids()[0]
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()


@pytest.fixture
def workers(settings: Settings) -> Iterator[Workers]:
    """One worker process."""
    running = Workers(settings)
    yield running
    running.stop()


@pytest.fixture
def sms(settings: Settings) -> Iterator[Producer]:
    """A producer on the test's ledger."""
    with Producer(settings) as producer:
        yield producer
