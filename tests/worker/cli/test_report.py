"""``smsq campaign report``."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import pytest

from producers.views import REPORT_COLUMNS
from tests.worker.cli.conftest import Shell, Stack


@pytest.fixture(scope="module")
def reported(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A campaign that was sent: 2,000 taken, one refused."""
    shell = Shell(tmp_path_factory.mktemp("report"), stack.environ)
    rows = [f"+7999{number:07},Имя{number}" for number in range(2000)]
    shell.file("r.csv", "phone,name", "79000000222,refused", *rows)
    done = shell.smsq("campaign", "start", "r.csv", "--text", "{name}: report", "--wait", "--json")
    found: str = done.json["id"]
    return found


def test_csv_on_standard_output(shell: Shell, reported: str) -> None:
    done = shell.smsq("campaign", "report", reported)
    assert (done.status, done.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert tuple(rows[0]) == REPORT_COLUMNS
    assert len(rows) == 2001
    assert [rows[1][name] for name in ("phone", "state", "provider", "segments", "cost")] == [
        "79990000000",
        "taken",
        "smsc",
        "1",
        "1.5000",
    ]
    [refused] = [row for row in rows if row["state"] == "refused"]
    assert (refused["phone"], refused["status"], refused["err"]) == ("79000000222", "22", "249")
    assert refused["meaning"]


def test_json_is_an_array(shell: Shell, reported: str) -> None:
    rows = shell.smsq("campaign", "report", reported, "--json").json
    assert len(rows) == 2001
    assert tuple(rows[0]) == REPORT_COLUMNS


def test_a_file_appears_when_it_is_whole(shell: Shell, reported: str) -> None:
    done = shell.smsq("campaign", "report", reported, "-o", "out.csv")
    assert (done.status, done.out) == (0, "2001 rows in out.csv\n")
    assert (shell.directory / "out.csv").read_text("utf-8") == shell.smsq("campaign", "report", reported).out
    done = shell.smsq("campaign", "report", reported, "-o", "out.json", "--json")
    assert done.json == {"id": reported, "file": "out.json", "rows": 2001}
    assert len(json.loads((shell.directory / "out.json").read_text("utf-8"))) == 2001
    assert sorted(path.name for path in shell.directory.iterdir()) == ["out.csv", "out.json"]


def test_an_older_file_stays_when_the_report_fails(shell: Shell, reported: str) -> None:
    old = shell.file("out.csv", "old")
    done = shell.smsq("campaign", "report", reported, "-o", "out.csv", SMSQ_REDIS_URL="redis://127.0.0.1:1/0")
    assert done.status == 1
    assert old.read_text("utf-8") == "old\n"
    assert shell.smsq("campaign", "report", reported, "-o", "no/such/folder.csv").status == 2


def test_a_reader_that_has_seen_enough(shell: Shell, reported: str) -> None:
    for option in ("", "--json"):
        line = f"{' '.join(shell.command('campaign', 'report', reported))} {option} | head -n 2"
        done = subprocess.run(
            ["sh", "-c", line], env=shell.environ, cwd=shell.directory, capture_output=True, timeout=60
        )
        assert done.stderr == b""
        assert len(done.stdout.splitlines()) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "arguments", [("campaign", "list"), ("campaign", "list", "--json"), ("campaign", "report")]
)
def test_a_full_disk(shell: Shell, reported: str, arguments: tuple[str, ...]) -> None:
    if arguments[-1] == "report":
        arguments = (*arguments, reported)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            shell.command(*arguments),
            env=shell.environ,
            cwd=shell.directory,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert done.returncode == 1
    assert b"No space left on device" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
