"""Ctrl-C in the middle of ``smsq campaign start``, and the same command again."""

from __future__ import annotations

import signal
import subprocess

import pytest

from producers import NotFound
from tests.conftest import wait_until
from tests.worker.cli.conftest import TEMPLATE, Shell, Stack

#: Small batches make the planning last, so that there is a middle.
SMALL = {"SMSQ_SMSC_BATCH_SIZE": "10"}
RECIPIENTS = 40_000


def planned(shell: Shell, name: str, settings: dict[str, str]) -> int:
    with shell.producer(**settings) as producer:
        try:
            return producer.find_campaign(name).view().batches
        except NotFound:
            return 0


def end(process: subprocess.Popen[bytes], number: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_nothing_is_sent_and_the_same_command_goes_on(
    shell: Shell, stack: Stack, number: signal.Signals, status: int
) -> None:
    settings = SMALL | stack.without_workers
    name = f"interrupted {status}"
    shell.clients("big.csv", RECIPIENTS)
    command = ("campaign", "start", "big.csv", "--text", TEMPLATE, "--name", name)
    process = shell.start(*command, **settings)
    wait_until(lambda: planned(shell, name, settings) > 0, what="planning has begun")
    code, out, err = end(process, number)
    assert (code, out) == (status, "")
    assert "error: nothing has been sent" in err
    shown = shell.smsq("campaign", "show", name, "--json", **settings).json
    assert (shown["state"], shown["complete"]) == ("planned", False)
    assert 0 < shown["recipients"]["pending"] < RECIPIENTS
    assert "repeat the command" in shell.smsq("campaign", "show", name, **settings).facts["state"]

    again = shell.smsq(*command, "--json", **settings)
    assert again.status == 0, again.err
    assert "going on" in again.err
    assert again.json["id"] == shown["id"]
    assert again.json["recipients"]["total"] == RECIPIENTS
    assert again.json["batches"] == RECIPIENTS / 10
    assert again.json["already_started"] is False


def test_interrupted_in_json(shell: Shell, stack: Stack) -> None:
    settings = SMALL | stack.without_workers
    shell.clients("big.csv", RECIPIENTS)
    command = ("campaign", "start", "big.csv", "--text", TEMPLATE, "--name", "json interrupted", "--json")
    process = shell.start(*command, **settings)
    wait_until(lambda: planned(shell, "json interrupted", settings) > 0, what="planning has begun")
    code, out, err = end(process, signal.SIGINT)
    assert code == 130
    assert '"code": "interrupted"' in out
    assert "error" not in err


def test_ctrl_c_while_waiting_leaves_the_campaign_going(shell: Shell, stack: Stack) -> None:
    shell.clients("w.csv", 20)
    process = shell.start(
        "campaign", "start", "w.csv", "--text", "waits", "--name", "waits", "--wait", **stack.without_workers
    )
    assert process.stdout is not None
    wait_until(lambda: b"segments" in process.stdout.readline(), what="it has started")  # type: ignore[union-attr]
    code, _, err = end(process, signal.SIGINT)
    assert code == 130
    assert "goes on" in err
    assert (
        shell.smsq("campaign", "show", "waits", "--json", **stack.without_workers).json["state"] == "running"
    )


def test_what_was_interrupted_is_sent_once(shell: Shell, stack: Stack) -> None:
    before = stack.books()
    shell.clients("once.csv", 6000, first=5_000_000)
    command = ("campaign", "start", "once.csv", "--text", TEMPLATE)
    settings = {"SMSQ_SMSC_BATCH_SIZE": "20"}
    name = shell.smsq(*command, "--dry-run", "--json", **settings).json["name"]
    process = shell.start(*command, **settings)
    wait_until(lambda: planned(shell, name, settings) > 0 or process.poll() is not None)
    end(process, signal.SIGINT)
    done = shell.smsq(*command, "--wait", "--json", **settings)
    assert done.status == 0, done.err
    assert done.json["recipients"]["taken"] == 6000
    after = stack.books()
    assert after["messages"] - before["messages"] == 6000
    assert after["twice"] == before["twice"]
