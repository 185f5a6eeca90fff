"""The command as a whole: help, version, wrong use, start time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.worker.cli.conftest import ROOT, Shell

COMMANDS = ["send", "status", "campaign", "balance", "held", "audit", "doctor", "worker", "redis", "simulate"]
CAMPAIGN = ["start", "list", "show", "pause", "resume", "cancel", "report"]


def test_help_names_every_command(bare: Shell) -> None:
    done = bare.smsq("--help")
    assert (done.status, done.err) == (0, "")
    for name in COMMANDS:
        assert f"│ {name} " in done.out
    done = bare.smsq("campaign", "-h")
    for name in CAMPAIGN:
        assert f"│ {name} " in done.out


@pytest.mark.parametrize("command", [*COMMANDS, *(f"campaign {name}" for name in CAMPAIGN)])
def test_every_command_explains_itself(bare: Shell, command: str) -> None:
    done = bare.inside(*command.split(), "--help")
    assert done.status == 0
    assert f"Usage: smsq {command}" in done.out


def test_version(bare: Shell) -> None:
    assert bare.smsq("--version").out == "smsq 0.1.0\n"


@pytest.mark.parametrize("arguments", [(), ("campaign",)])
def test_no_command_shows_the_help(bare: Shell, arguments: tuple[str, ...]) -> None:
    done = bare.smsq(*arguments)
    assert done.status == 2
    assert "Usage: smsq" in done.out + done.err


@pytest.mark.parametrize("arguments", [("nothing",), ("send", "--nothing"), ("campaign", "nothing")])
def test_wrong_use(bare: Shell, arguments: tuple[str, ...]) -> None:
    done = bare.smsq(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("error: No such ")
    assert "--help" in done.err
    done = bare.inside(*arguments, "--json")
    assert (done.status, done.code) == (2, "usage")


def test_help_loads_nothing_heavy() -> None:
    code = "import worker.cli, sys; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"redis", "dramatiq", "aiohttp", "rich.progress", "structlog", "producers"} & set(
        loaded.stdout.split()
    )


def test_an_unexpected_error_is_a_line(bare: Shell) -> None:
    code = (
        "import sys; from worker.cli import errors\n"
        "def fail(): raise RuntimeError('phone 79991234567 psw=secret')\n"
        "sys.exit(errors.run(fail, sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=bare.environ, cwd=bare.directory, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "error: RuntimeError: phone 7999***4567 psw=***"
    assert "Traceback" not in done.stderr
    debug = bare.environ | {"SMSQ_DEBUG": "1"}
    done = subprocess.run([*command, "--json"], env=debug, cwd=bare.directory, capture_output=True, text=True)
    assert "Traceback" in done.stderr
    assert "79991234567" not in done.stderr + done.stdout
    assert '"code": "unexpected"' in done.stdout
