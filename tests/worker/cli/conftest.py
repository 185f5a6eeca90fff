"""The command as a user types it, against a server, a simulator and a worker that it has started too."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from producers import Producer, Settings
from tests.conftest import free_port, wait_until
from worker.cli import main

ROOT = Path(__file__).parents[3]
#: Seconds that the simulator's minute lasts, so that no test waits for a throttle.
MINUTE = "1"
TEMPLATE = "{name}, скидка {percent}%"


def clean_environ(**settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SMSQ_")}
    return inherited | {"PYTHONPATH": str(ROOT)} | settings


@dataclass
class Done:
    """What a command wrote, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def code(self) -> str:
        """The code of the JSON error."""
        found: str = self.json["error"]["code"]
        return found

    @property
    def facts(self) -> dict[str, str]:
        """The lines of name and value."""
        return dict(re.findall(r"^(\S+(?: \S+)*)  +(\S.*)$", self.out, re.MULTILINE))


@dataclass
class Shell:
    """Runs ``smsq`` in a directory with an environment."""

    directory: Path
    environ: dict[str, str]

    def smsq(self, *arguments: object, text: str | None = None, **settings: str) -> Done:
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.directory,
            env=self.environ | settings,
            input=text.encode() if text is not None else None,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            timeout=60,
            check=False,
        )
        err = done.stderr.decode()
        assert "Traceback" not in err, err
        return Done(done.returncode, done.stdout.decode(), err)

    def inside(self, *arguments: object, **settings: str) -> Done:
        """The same in this process, for tables of wrong input: starting Python is what takes the time."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
        with (
            contextlib.chdir(self.directory),
            mock.patch.dict(os.environ, self.environ | settings, clear=True),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = main([str(argument) for argument in arguments])
            out.flush()
            err.flush()
        written = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
        return Done(status, *written)

    def start(self, *arguments: object, **settings: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.directory,
            env=self.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @staticmethod
    def command(*arguments: object) -> list[str]:
        return [sys.executable, "-m", "worker.cli", *map(str, arguments)]

    def file(self, name: str, *lines: str) -> Path:
        path = self.directory / name
        path.write_text("\n".join([*lines, ""]), "utf-8")
        return path

    def clients(self, name: str, count: int, *more: str, first: int = 0) -> Path:
        """A file of recipients who can all be sent to, and further rows."""
        rows = [f"+7999{first + number:07},Имя{number},{number % 50}" for number in range(count)]
        return self.file(name, "phone,name,percent", *rows, *more)

    def producer(self, **settings: str) -> Producer:
        return Producer(Settings.from_env(self.environ | settings, env_file=self.directory / "none"))


@dataclass
class Stack:
    """Server, simulator and worker."""

    directory: Path
    environ: dict[str, str]
    redis_url: str
    simulator: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def without_workers(self) -> dict[str, str]:
        """Settings of a ledger on the same server that no worker looks at."""
        return {"SMSQ_REDIS_URL": self.redis_url.replace("/0", "/4")}

    def books(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.simulator}/_books", timeout=10) as reply:
            found: dict[str, Any] = json.load(reply)
            return found

    def asked(self) -> dict[str, int]:
        """Requests by endpoint, but for looks into the inbox: they go on while any test's call is awaited."""
        found: dict[str, int] = self.books()["requests"]
        return {endpoint: count for endpoint, count in found.items() if endpoint != "get.php"}

    def order(self, **orders: object) -> None:
        body = json.dumps(orders).encode()
        with urllib.request.urlopen(f"{self.simulator}/_control", data=body, timeout=10) as reply:
            assert reply.status < 300


def start_service(
    directory: Path, name: str, environ: Mapping[str, str], *arguments: object
) -> tuple[subprocess.Popen[bytes], Path]:
    log = directory / f"{name}.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            Shell.command(*arguments),
            cwd=directory,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    return process, log


def says(log: Path, words: str) -> bool:
    return words in log.read_text("utf-8", "replace")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A server, a simulator and a worker, each started by its command, for all tests of the command line."""
    directory = tmp_path_factory.mktemp("stack")
    redis_port, simulator_port = free_port(), free_port()
    stack = Stack(
        directory,
        clean_environ(
            SMSQ_REDIS_URL=f"redis://127.0.0.1:{redis_port}/0",
            SMSQ_SMSC_URL=f"http://127.0.0.1:{simulator_port}",
            SMSQ_SMSC_LOGIN="demo",
            SMSQ_SMSC_PASSWORD="demo",
            SMSQ_PROVIDER_MINUTE=MINUTE,
            SMSQ_METRICS_PORT="0",
            SMSQ_LOG_FORMAT="json",
        ),
        f"redis://127.0.0.1:{redis_port}/0",
        f"http://127.0.0.1:{simulator_port}",
    )

    def start(name: str, words: str, *arguments: object) -> None:
        process, log = start_service(directory, name, stack.environ, *arguments)
        stack.processes.append(process)
        wait_until(lambda: says(log, words), what=f"{name}: {words}")

    try:
        start("server", "data in", "redis", "--port", redis_port, "--dir", directory / "redis")
        options = ("--minute", MINUTE, "--balance", "1000000", "--price", "1.5")
        start("simulator", "http://", "simulate", "--port", simulator_port, *options)
        start("worker", "worker_ready", "worker")
        yield stack
    finally:
        for process in reversed(stack.processes):
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.fixture
def shell(stack: Stack, tmp_path: Path) -> Shell:
    """A shell in an empty directory, with the stack's settings."""
    return Shell(tmp_path, dict(stack.environ))


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """A shell without any setting, and nothing running."""
    return Shell(tmp_path, clean_environ())
