"""The command line: what it prints, how it ends, what it refuses."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import pytest


class Running:
    def __init__(self, *options: Any, **environment: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "worker.simulator", "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.line = self.process.stdout.readline()
        found = re.fullmatch(
            r"SMSC simulator on http://127\.0\.0\.1:(\d+)  login demo, password demo, API key demo-key\n",
            self.line,
        )
        assert found, (self.line, self.process.poll() and self.process.stderr.read())
        self.port = int(found[1])

    def connect(self) -> Any:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)

    def get(self, path: Any) -> Any:
        connection = self.connect()
        connection.request("GET", path)
        body = connection.getresponse().read().decode()
        connection.close()
        return body

    def end(self, number: Any = signal.SIGTERM) -> Any:
        began = time.monotonic()
        self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=10)
        return self.process.returncode, output, errors, time.monotonic() - began


@pytest.fixture
def run() -> Any:
    started = []

    def start(*options: Any, **environment: Any) -> Any:
        running = Running(*options, **environment)
        started.append(running.process)
        return running

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


SEND = "/sys/send.php?login=demo&psw=demo&phones=79990000001&mes=hello&cost=3"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_quickly_with_open_connections(run: Any, number: Any) -> None:
    running = run("--balance", "10", "--price", "2.5")
    idle = running.connect()
    idle.request("GET", SEND)
    assert idle.getresponse().read().decode() == "OK - 1 SMS, ID - 1, COST - 2.5, BALANCE - 7.5"
    silent = socket.create_connection(("127.0.0.1", running.port))
    code, output, errors, seconds = running.end(number)
    assert (code, output, errors) == (0, "", "")
    assert seconds < 3
    silent.close()
    idle.close()


def test_ends_quickly_while_a_request_waits(run: Any) -> None:
    running = run("--latency-ms", "60000")
    waiting = running.connect()
    waiting.request("GET", SEND)
    while json.loads(running.get("/_books"))["messages"] == 0:
        pass
    code, _, errors, seconds = running.end()
    assert (code, errors) == (0, "")
    assert seconds < 3
    waiting.close()


def test_options(run: Any) -> None:
    running = run(
        "--no-throttle", "--faults", "status:empty=1", "--seed", "3", "--test-mode", "--delivery-scale", "0"
    )
    replies = [running.get(SEND) for _ in range(3)]
    assert [reply[:4] for reply in replies] == ["OK -"] * 3
    assert running.get("/sys/status.php?login=demo&psw=demo&id=1&phone=79990000001") == ""
    assert json.loads(running.get("/_books"))["cost"] == "0"


def test_minute_from_the_environment(run: Any) -> None:
    running = run(SMSQ_PROVIDER_MINUTE="0.1")
    assert running.get(SEND).startswith("OK")
    deadline = time.monotonic() + 5
    while not running.get(SEND).startswith("OK"):
        assert time.monotonic() < deadline
        time.sleep(0.02)  # without a pause, a hundred refusals would lock the address out


def test_long_request_line(run: Any) -> None:
    running = run()
    reply = running.get(SEND.replace("hello", "%D0%AF" * 1000) + "&charset=utf-8&maxsms=1")
    assert reply.startswith("OK - 1 SMS")


def test_refuse_shuts_the_port_and_opens_it_again(run: Any) -> None:
    running = run("--faults", "send:refuse=1:0.3")
    with pytest.raises(ConnectionResetError):
        running.get(SEND)
    refused = 0
    deadline = time.monotonic() + 5
    while True:
        try:
            assert running.get("/sys/balance.php?login=demo&psw=demo") == "100000.00"
            break
        except ConnectionRefusedError:
            refused += 1
        except ConnectionResetError:
            pass
        assert time.monotonic() < deadline
    assert refused


def fail(*options: Any) -> Any:
    return subprocess.run(
        [sys.executable, "-m", "worker.simulator", *options], capture_output=True, text=True, timeout=20
    )


WRONG_USE = [
    (["--faults", "boom=1"], "--faults: 'boom=1': there is no fault 'boom'; there are refuse,"),
    (["--latency-ms", "-1"], "--latency-ms"),
    (["--balance", "much"], "--balance"),
    (["--price", "NaN"], "--price"),
]


@pytest.mark.parametrize(("options", "complaint"), WRONG_USE)
def test_wrong_use(options: Any, complaint: Any) -> None:
    done = fail("--port", "0", *options)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stdout == ""


def test_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = fail("--port", str(other.getsockname()[1]))
    assert done.returncode == 1
    assert done.stderr.startswith("The simulator can't listen on 127.0.0.1:")


def test_help_explains_the_faults() -> None:
    assert "drop-reply      taken: the connection is closed without an answer" in fail("--help").stdout


def test_it_knows_nothing_of_our_own_code() -> None:
    program = (
        "import sys, worker.simulator.__main__;"
        "print([name for name in sys.modules if name.startswith(('producers', 'worker'))"
        " and name != 'worker' and not name.startswith('worker.simulator')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20)
    assert done.stdout == "[]\n", done.stderr
