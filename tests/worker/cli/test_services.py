"""``smsq worker``, ``smsq redis``, ``smsq simulate``."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import free_port, wait_until
from tests.worker.cli.conftest import Shell, Stack, says, start_service
from worker.cli.commands.services import worker as worker_command
from worker.lanes import DEFAULT_THREADS

TEXT = "Скидка"


@pytest.fixture
def slow(stack: Stack) -> Iterator[None]:
    """The provider takes its time."""
    stack.order(latency_ms=1500)
    yield
    stack.order(latency_ms=0)


def test_the_default_of_threads_is_the_worker_s() -> None:
    assert worker_command.__defaults__ is not None
    assert DEFAULT_THREADS in worker_command.__defaults__


def test_a_second_signal_doesn_t_cut_a_request_short(shell: Shell, stack: Stack, slow: None) -> None:
    settings = {"SMSQ_REDIS_URL": stack.redis_url.replace("/0", "/8")}
    worker, log = start_service(shell.directory, "worker", shell.environ | settings, "worker")
    wait_until(lambda: says(log, "worker_ready"), what="the worker is ready")
    message = shell.smsq("send", "79991234567", "--text", "in flight", "--urgent", **settings).out.strip()
    inside = stack.books()["requests"]["send.php"]
    with shell.producer(**settings) as producer:
        batch = f"{{smsq}}:b:{message}.0"
        wait_until(lambda: producer.store.ledger.hget(batch, "state") == b"sending", what="it is in flight")
        worker.send_signal(signal.SIGTERM)
        wait_until(lambda: says(log, "stopping: what is in flight ends first"))
        worker.send_signal(signal.SIGINT)
        wait_until(lambda: says(log, "already stopping"))
        assert worker.wait(30) == 0
        assert producer.message(message).status()["recipients"][0]["state"] == "taken"
    assert stack.books()["requests"]["send.php"] - inside <= 1
    assert "Traceback" not in log.read_text("utf-8")


def test_metrics_are_served_and_lanes_chosen(shell: Shell, stack: Stack) -> None:
    settings = {"SMSQ_REDIS_URL": stack.redis_url.replace("/0", "/10"), "SMSQ_METRICS_PORT": str(free_port())}
    options = ("worker", "--lanes", "status, urgent", "--processes", "2", "--threads", "2")
    worker, log = start_service(shell.directory, "worker", shell.environ | settings, *options)
    try:
        wait_until(lambda: log.read_text("utf-8").count("worker_ready") == 2, what="both are ready")
        ready = next(
            json.loads(line) for line in log.read_text("utf-8").splitlines() if "worker_ready" in line
        )
        assert (ready["lanes"], ready["threads"]) == (["urgent", "status"], 2)
        with urllib.request.urlopen(
            f"http://127.0.0.1:{settings['SMSQ_METRICS_PORT']}/metrics", timeout=10
        ) as reply:
            assert b"smsq_redis_up 1.0" in reply.read()
    finally:
        worker.send_signal(signal.SIGINT)
        assert worker.wait(30) == 0


def test_a_worker_waits_for_redis(shell: Shell) -> None:
    settings = {"SMSQ_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    worker, log = start_service(shell.directory, "worker", shell.environ | settings, "worker")
    try:
        wait_until(lambda: says(log, "redis_away") and says(log, "worker_ready"), what="it warns and goes on")
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("worker",), "SMSQ_SMSC_LOGIN and SMSQ_SMSC_PASSWORD"),
        (("worker", "--lanes", "fast"), "urgent, bulk, status, control"),
        (("worker", "--lanes", ","), "names no lane"),
        (("worker", "--processes", "0"), "--processes"),
        (("simulate", "--faults", "nonsense=1"), "drop-reply"),
        (("simulate", "--balance", "much"), "--balance"),
        (("redis", "--port", "70000"), "--port"),
    ],
)
def test_wrong_use_is_exit_2(bare: Shell, arguments: tuple[str, ...], words: str) -> None:
    done = bare.inside(*arguments)
    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert done.err.startswith("error: ")


def test_wrong_settings_are_exit_2(shell: Shell) -> None:
    done = shell.smsq("worker", SMSQ_METRICS_PORT="x", SMSQ_PROVIDER="y")
    assert done.status == 2
    assert "SMSQ_METRICS_PORT" in done.err
    assert "SMSQ_PROVIDER" in done.err


def test_the_server_is_the_process_that_was_started(bare: Shell) -> None:
    port, directory = free_port(), bare.directory / "deep" / "data"
    server = bare.start("redis", "--port", port, "--dir", directory)
    assert server.stdout is not None
    try:
        assert server.stdout.readline().decode() == f"redis://127.0.0.1:{port}/0  data in {directory}\n"
        wait_until(
            lambda: "server" in Path(f"/proc/{server.pid}/cmdline").read_text(), what="it became the server"
        )
        assert "appendfsync always" in (directory / "smsq-server.conf").read_text("utf-8")
        second = bare.smsq("redis", "--port", free_port(), "--dir", directory)
        assert second.status == 1
        assert "another server works in" in second.err
    finally:
        server.terminate()
        out, _ = server.communicate(timeout=20)
    assert out == b""  # its log goes to standard error
    assert server.returncode == 0


def test_a_port_that_is_taken(bare: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in (("redis", "--dir", "d"), ("simulate",)):
            done = bare.smsq(*command, "--port", port)
            assert (done.status, done.out) == (1, "")
            assert f"{port}" in done.err
            assert "--port" in done.err


def test_a_directory_that_can_t_be_written(bare: Shell) -> None:
    bare.file("file")
    done = bare.smsq("redis", "--port", free_port(), "--dir", bare.directory / "file" / "d")
    assert done.status == 2
    assert "can't be written" in done.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_simulator_ends_well(bare: Shell, number: signal.Signals) -> None:
    simulator = bare.start("simulate", "--port", "0", "--price", "2,5", "--no-throttle")
    assert simulator.stdout is not None
    address = simulator.stdout.readline().decode().split("http://")[1].split()[0]
    with urllib.request.urlopen(f"http://{address}/_books", timeout=10) as reply:
        assert json.load(reply)["balance"] == "100000"
    simulator.send_signal(number)
    simulator.communicate(timeout=20)
    assert simulator.returncode == 0


def test_closed_and_narrow_streams(shell: Shell) -> None:
    for redirection in (">&-", "2>&-", ">&- 2>&-"):
        line = f"{' '.join(shell.command('campaign', 'list'))} {redirection}"
        done = subprocess.run(["sh", "-c", line], env=shell.environ, cwd=shell.directory, capture_output=True)
        assert b"Traceback" not in done.stderr
        assert done.returncode == 0
    narrow = shell.environ | {"PYTHONIOENCODING": "ascii"}
    shell.clients("narrow.csv", 2)
    command = shell.command("campaign", "start", "narrow.csv", "--text", TEXT, "--dry-run")
    done = subprocess.run(command, env=narrow, cwd=shell.directory, capture_output=True)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    done = subprocess.run([*command, "--json"], env=narrow, cwd=shell.directory, capture_output=True)
    assert json.loads(done.stdout)["example"] == TEXT
