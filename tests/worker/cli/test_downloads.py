"""``smsq downloads``: the list, waiting, fetching, going on after an interruption."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis

from tests.conftest import free_port, wait_until
from tests.worker.cli.conftest import MINUTE, Shell, Stack

HEAD = "id;phone;date;status;cost"


@dataclass
class Ranges:
    """A simulator that can begin a file in the middle."""

    url: str

    def order(self, **orders: object) -> None:
        with urllib.request.urlopen(f"{self.url}/_control", data=json.dumps(orders).encode(), timeout=10):
            pass

    def requests(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.url}/_books/requests", timeout=10) as reply:
            found: list[dict[str, Any]] = json.load(reply)
            return found


@pytest.fixture
def ranges(shell: Shell, stack: Stack) -> Iterator[Ranges]:
    """Its shell has a ledger of its own, too."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "worker.simulator", "--port", str(port), "--minute", MINUTE),
            "--download-ranges",
        ],
        stdout=subprocess.DEVNULL,
    )
    found = Ranges(f"http://127.0.0.1:{port}")

    def answers() -> bool:
        try:
            return isinstance(found.requests(), list)
        except OSError:
            return False

    wait_until(answers)
    shell.environ["SMSQ_SMSC_URL"] = found.url
    shell.environ["SMSQ_REDIS_URL"] = stack.redis_url.replace("/0", "/9")
    # Answers of another test's simulator.
    with contextlib.closing(redis.Redis.from_url(shell.environ["SMSQ_REDIS_URL"])) as client:
        client.flushdb()
    yield found
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def find(shell: Shell, name: str) -> dict[str, Any]:
    """The last download of that name; asked of the simulator itself, as no other request is."""
    query = f"login=demo&psw=demo&get_list=1&fmt=3&nonce={uuid4().hex}"
    address = f"{shell.environ['SMSQ_SMSC_URL']}/sys/downloads.php?{query}"
    with urllib.request.urlopen(address, timeout=10) as reply:
        jobs: list[dict[str, Any]] = json.load(reply)
    return [job for job in jobs if job["name"] == name][-1]


def test_list(shell: Shell, stack: Stack) -> None:
    stack.order(download={"name": "listed", "rows": 3, "wait": 0, "run": 0})
    number = find(shell, "listed")["id"]
    done = shell.smsq("downloads", "list", "--json", "--after", number - 1)
    assert done.status == 0, done.out
    [found] = done.json["downloads"]
    assert set(found) == {"id", "name", "status", "state", "created", "started", "file"}
    assert (found["status"], found["state"], found["file"]) == (2, "done", "listed.csv")
    assert found["created"][4] == "-"
    shown = shell.inside("downloads", "list", "--after", found["id"] - 1, "--count", "1").out
    assert shown.split()[:6] == ["id", "name", "status", "created", "started", "file"]
    assert "listed.csv" in shown


def test_get_by_id_and_by_name(shell: Shell, stack: Stack) -> None:
    stack.order(download={"name": "by name", "rows": 10, "wait": 0, "run": 0})
    found = find(shell, "by name")
    done = shell.smsq("downloads", "get", found["id"], "--json")
    assert done.status == 0, done.out
    file = shell.directory / "by_name.csv"
    assert done.json == {
        "id": found["id"],
        "name": "by name",
        "file": "by_name.csv",
        "bytes": file.stat().st_size,
    }
    lines = file.read_text().splitlines()
    assert (lines[0], len(lines)) == (HEAD, 11)
    done = shell.inside("downloads", "get", "by_name.csv", "-o", "other.csv")
    assert done.status == 0, done.err
    assert (shell.directory / "other.csv").read_bytes() == file.read_bytes()
    assert sorted(path.name for path in shell.directory.iterdir()) == ["by_name.csv", "other.csv"]


def test_waiting_until_it_is_ready(shell: Shell, stack: Stack) -> None:
    stack.order(download={"name": "slow", "rows": 10, "wait": 60, "run": 60})
    found = find(shell, "slow")
    assert found["status"] in {0, 1}
    done = shell.inside("downloads", "get", found["id"], "--json")
    assert (done.status, done.code) == (1, "not_ready")
    assert "--wait" in done.json["error"]["hint"]
    done = shell.inside("downloads", "get", found["id"], "--wait", "--timeout", "20", "--json")
    assert done.status == 0, done.out
    assert (shell.directory / "slow.csv").exists()


def test_one_that_never_gets_ready(shell: Shell, stack: Stack) -> None:
    stack.order(download={"name": "never", "status": 1, "wait": 0, "run": 0})
    found = find(shell, "never")
    done = shell.inside("downloads", "get", found["id"], "--wait", "--timeout", "1.5", "--json")
    assert (done.status, done.code) == (1, "timeout")
    assert not list(shell.directory.iterdir())


@pytest.mark.parametrize(("status", "code"), [(3, "download_cancelled"), (4, "download_failed")])
def test_one_that_has_no_file(shell: Shell, stack: Stack, status: int, code: str) -> None:
    name = f"ends {status}"
    stack.order(download={"name": name, "status": status, "wait": 0, "run": 0})
    done = shell.inside("downloads", "get", name, "--wait", "--json")
    assert (done.status, done.code) == (1, code)
    assert not list(shell.directory.iterdir())


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("get", "999999"), 1, "not_found"),
        (("get", "nothing of that name"), 1, "not_found"),
        (("get",), 2, "usage"),
        (("list", "--after", "-1"), 2, "usage"),
        (("list", "--count", "x"), 2, "usage"),
    ],
)
def test_what_isn_t_there(shell: Shell, arguments: tuple[str, ...], status: int, code: str) -> None:
    done = shell.inside("downloads", *arguments, "--json")
    assert (done.status, done.code) == (status, code)


def test_two_of_the_same_name(shell: Shell, stack: Stack) -> None:
    for _ in range(2):
        stack.order(download={"name": "twins", "rows": 1, "wait": 0, "run": 0})
    done = shell.inside("downloads", "get", "twins", "--json")
    assert (done.status, done.code) == (2, "ambiguous")


def test_where_it_can_t_be_written(shell: Shell, stack: Stack) -> None:
    stack.order(download={"name": "nowhere", "rows": 1, "wait": 0, "run": 0})
    found = find(shell, "nowhere")
    for output in ("none/x.csv", "."):
        done = shell.inside("downloads", "get", found["id"], "-o", output, "--json")
        assert (done.status, done.code) == (2, "unwritable_file")


def test_without_credentials(shell: Shell) -> None:
    done = shell.inside("downloads", "get", "1", "--json", SMSQ_SMSC_LOGIN="", SMSQ_SMSC_PASSWORD="")
    assert (done.status, done.code) == (2, "no_credentials")


@pytest.mark.usefixtures("ranges")
def test_it_goes_on_where_it_broke_off(shell: Shell, ranges: Ranges) -> None:
    ranges.order(download={"name": "big", "rows": 2000, "wait": 0, "run": 0})
    found = find(shell, "big")
    assert shell.inside("downloads", "get", found["id"], "-o", "whole.csv").status == 0
    whole = (shell.directory / "whole.csv").read_bytes()
    part = shell.directory / f"again.csv.{found['id']}.part"
    for have in (100, 50_000, len(whole)):
        part.write_bytes(whole[:have])
        done = shell.inside("downloads", "get", found["id"], "-o", "again.csv", "--json")
        assert done.status == 0, done.out
        assert (shell.directory / "again.csv").read_bytes() == whole
        assert not part.exists()


def test_a_provider_that_can_t_go_on_gives_all_of_it_anew(shell: Shell, stack: Stack) -> None:
    stack.order(download={"name": "anew", "rows": 500, "wait": 0, "run": 0})
    found = find(shell, "anew")
    part = shell.directory / f"anew.csv.{found['id']}.part"
    part.write_bytes(b"something else")
    done = shell.inside("downloads", "get", found["id"])
    assert done.status == 0, done.err
    assert len((shell.directory / "anew.csv").read_text().splitlines()) == 501


@pytest.mark.usefixtures("ranges")
def test_a_file_that_breaks_off_stays_as_a_part(shell: Shell, ranges: Ranges) -> None:
    ranges.order(download={"name": "cut", "rows": 30_000, "wait": 0, "run": 0})
    found = find(shell, "cut")
    # The list is known from now on; only the file breaks off.
    assert shell.inside("downloads", "get", found["id"], "-o", "first.csv").status == 0
    ranges.order(faults="downloads:cut-body=1")
    done = shell.inside("downloads", "get", found["id"], "--json")
    ranges.order(faults="")
    assert done.status == 1
    assert not (shell.directory / "cut.csv").exists()
    done = shell.inside("downloads", "get", found["id"], "--json")
    assert done.status == 0, done.out
    assert len((shell.directory / "cut.csv").read_text().splitlines()) == 30_001


def test_ctrl_c_while_waiting(shell: Shell, stack: Stack) -> None:
    stack.order(download={"name": "endless", "status": 0})
    found = find(shell, "endless")
    process = shell.start("downloads", "get", found["id"], "--wait")
    assert process.stderr is not None
    assert process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130, err


def test_no_part_of_another_download_is_used(shell: Shell, stack: Stack) -> None:
    stack.order(download={"name": "mine", "rows": 20, "wait": 0, "run": 0})
    found = find(shell, "mine")
    other = Path(shell.directory / "mine.csv.123.part")
    other.write_bytes(b"of another")
    assert shell.inside("downloads", "get", found["id"]).status == 0
    assert (shell.directory / "mine.csv").read_text().startswith(HEAD)
    assert other.read_bytes() == b"of another"
