"""``smsq numbers``: what can be rented, renting, renewal."""

from __future__ import annotations

import os
import pty
import subprocess

import pytest

from tests.conftest import wait_until
from tests.worker.cli.conftest import Shell, Stack

FIRST, SECOND, THIRD = "79000000901", "79000000902", "79000000903"


def test_list(shell: Shell) -> None:
    done = shell.smsq("numbers", "list", "--json")
    assert done.status == 0, done.out
    found = {number["phone"]: number for number in done.json["numbers"]}
    assert found[SECOND]["cost"] == "450.5000"
    assert found[SECOND]["type"] == 2
    shown = shell.inside("numbers", "list").out
    assert "SIM hosting" in shown
    assert "450.5000" in shown


def test_renting_asks_for_yes(shell: Shell, stack: Stack) -> None:
    for more in ((), ("--json",)):
        done = shell.inside("numbers", "rent", FIRST, *more)
        assert done.status == 2
        assert "--yes" in done.out + done.err
    assert done.code == "not_confirmed"
    assert stack.books()["rented"] == {} or FIRST not in str(stack.books()["rented"])


def test_renting_and_renewal(shell: Shell, stack: Stack) -> None:
    command = ("numbers", "rent", FIRST, "--no-prolong", "--yes", "--key", "rent-1", "--json")
    done = shell.smsq(*command)
    assert done.status == 0, done.out
    assert (done.json["phone"], done.json["certain"], done.json["prolong"]) == (FIRST, True, False)
    assert float(done.json["cost"]) > 0
    again = shell.inside(*command)
    assert (again.status, again.json) == (0, done.json)
    assert FIRST in str(stack.books()["rented"])
    assert shell.inside("numbers", "renewal", FIRST, "--on").out == f"{FIRST} is rented again each month\n"
    assert shell.inside("numbers", "renewal", FIRST, "--off", "--json").json == {
        "phone": FIRST,
        "prolong": False,
    }


def test_a_number_that_isn_t_free(shell: Shell) -> None:
    done = shell.inside("numbers", "rent", "79991230041", "--yes", "--json")
    assert done.status == 1
    assert done.code not in {"unexpected", "timeout"}
    assert "79991230041" not in done.out


def test_an_answer_that_got_lost_is_said_clearly(shell: Shell, stack: Stack) -> None:
    stack.order(faults="receive_phones:drop-reply=1")
    process = shell.start("numbers", "rent", THIRD, "--yes")
    try:
        wait_until(lambda: THIRD in str(stack.books()["rented"]))
    finally:
        stack.order(faults="")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.decode() == f"{THIRD} was probably rented\n"
    assert "not certain" in err.decode()


@pytest.mark.parametrize(("answer", "status", "rented"), [("n\n", 2, False), ("y\n", 0, True)])
def test_at_a_terminal_a_person_is_asked(
    shell: Shell, stack: Stack, answer: str, status: int, rented: bool
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        shell.command("numbers", "rent", SECOND),
        cwd=shell.directory,
        env=shell.environ,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    said = ""
    while "[y/N]" not in said:
        said += os.read(ours, 4096).decode()
    assert "450.5000 a month" in said
    os.write(ours, answer.encode())
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == status
    assert (SECOND in out.decode()) is rented
    assert (SECOND in str(stack.books()["rented"])) is rented


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("rent", "12", "--yes"), "phone_too_short"),
        (("rent",), "usage"),
        (("renewal", FIRST), "usage"),
        (("renewal", "12", "--on"), "phone_too_short"),
    ],
)
def test_wrong_input(shell: Shell, stack: Stack, arguments: tuple[str, ...], code: str) -> None:
    before = stack.asked()
    done = shell.inside("numbers", *arguments, "--json")
    assert (done.status, done.code, done.err) == (2, code, "")
    assert stack.asked() == before


def test_nobody_there(shell: Shell, stack: Stack) -> None:
    nobody = {"SMSQ_SMSC_LOGIN": "", "SMSQ_SMSC_PASSWORD": ""}
    done = shell.inside("numbers", "list", "--json", **nobody, **stack.without_workers)
    assert (done.status, done.code) == (2, "no_credentials")
