"""``smsq wait-call``: which number to call, and whether the call came."""

from __future__ import annotations

import signal
from datetime import datetime

import pytest

from tests.worker.cli.conftest import Shell, Stack

CALLS, CALLS_LATER, MISDIALS = "79000000501", "79000000502", "79000000503"
NUMBERS = {"74950000001", "74950000002", "74950000003"}
NOBODY = {"SMSQ_SMSC_LOGIN": "", "SMSQ_SMSC_PASSWORD": ""}


def test_confirmed(shell: Shell) -> None:
    done = shell.smsq("wait-call", CALLS)
    assert done.status == 0, done.err
    first, last = done.out.splitlines()
    assert first.startswith("call 7495000000")
    assert " until 20" in first
    assert last == "confirmed"


def test_json(shell: Shell) -> None:
    done = shell.inside("wait-call", CALLS_LATER, "--json")
    assert done.status == 0, done.out
    assert (done.json["phone"], done.json["state"]) == (CALLS_LATER, "confirmed")
    assert done.json["number"] in NUMBERS == set(done.json["numbers"])
    assert datetime.fromisoformat(done.json["confirmed_at"]).tzinfo is not None
    assert datetime.fromisoformat(done.json["expires_at"]) >= datetime.fromisoformat(
        done.json["confirmed_at"]
    )


def test_without_a_worker(shell: Shell, stack: Stack) -> None:
    """The credentials here are enough: this command looks into the inbox by itself."""
    done = shell.inside("wait-call", CALLS, "--json", SMSQ_REDIS_URL=stack.redis_url.replace("/0", "/8"))
    assert (done.status, done.json["state"]) == (0, "confirmed")


def test_a_worker_s_credentials_are_enough(shell: Shell) -> None:
    done = shell.inside("wait-call", CALLS, "--json", **NOBODY)
    assert (done.status, done.json["state"]) == (0, "confirmed")


def test_nobody_has_credentials(shell: Shell, stack: Stack) -> None:
    done = shell.inside("wait-call", CALLS, "--json", **NOBODY, **stack.without_workers)
    assert (done.status, done.code) == (2, "no_credentials")


def test_no_wait(shell: Shell) -> None:
    done = shell.inside("wait-call", "79991230031", "--no-wait", "--json")
    assert (done.status, done.json["state"], done.json["confirmed_at"]) == (0, "waiting", "")


def test_the_subscriber_calls_by_order(shell: Shell, stack: Stack) -> None:
    process = shell.start("wait-call", "79991230032")
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"call 7495")
    stack.order(subscriber_call={"phone": "79991230032"})
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, b"confirmed\n", b"")


def test_the_time_given_is_over(shell: Shell) -> None:
    done = shell.inside("wait-call", MISDIALS, "--timeout", "1.5", "--json")
    assert (done.status, done.code, done.json["state"]) == (1, "timeout", "waiting")


def test_the_provider_s_time_is_over(shell: Shell, stack: Stack) -> None:
    """Fifteen of the provider's minutes, of which each is a second here."""
    done = shell.inside("wait-call", "79000000504", "--json")
    assert (done.status, done.code, done.json["state"]) == (1, "expired", "expired")


def test_ctrl_c(shell: Shell) -> None:
    process = shell.start("wait-call", "79991230033")
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"call ")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "it may still come" in err.decode()


@pytest.mark.parametrize(
    ("arguments", "code"), [(("12",), "phone_too_short"), ((), "usage"), ((CALLS, "--timeout", "x"), "usage")]
)
def test_wrong_input(shell: Shell, stack: Stack, arguments: tuple[str, ...], code: str) -> None:
    before = stack.books()["calls_asked"]
    done = shell.inside("wait-call", *arguments, "--json")
    assert (done.status, done.code) == (2, code)
    assert stack.books()["calls_asked"] == before
