"""``smsq hlr``: whether the network reaches a phone, and where it is."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.worker.cli.conftest import Shell, Stack

HOME, AWAY, NOBODY, ROAMING, UNDECIDED = (f"79000000{number}" for number in range(401, 406))


@pytest.fixture(autouse=True)
def quick(stack: Stack) -> Iterator[None]:
    """A network that answers at once."""
    stack.order(delivery_scale=0.0)
    yield
    stack.order(delivery_scale=1.0)


def test_without_waiting_the_id_is_all_that_is_printed(shell: Shell) -> None:
    done = shell.smsq("hlr", HOME)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("m")
    assert len(done.out.splitlines()) == 1


def test_what_the_network_says(shell: Shell) -> None:
    done = shell.smsq("hlr", HOME, AWAY, NOBODY, ROAMING, "--wait", "--json")
    assert done.status == 0, done.out
    assert done.json["kind"] == "hlr"
    found = {recipient["phone"]: recipient for recipient in done.json["recipients"]}
    assert {phone: recipient["reachable"] for phone, recipient in found.items()} == {
        HOME: True,
        AWAY: False,
        NOBODY: False,
        ROAMING: True,
    }
    assert found[HOME]["hlr"]["network"] == "Simulator"
    assert found[ROAMING]["hlr"]["roaming_country"] == "Казахстан"


def test_for_people(shell: Shell) -> None:
    done = shell.inside("hlr", HOME, ROAMING, NOBODY, "--wait")
    assert done.status == 0, done.err
    _, head, *rows = done.out.splitlines()
    assert head.split()[:5] == ["phone", "reachable", "country", "operator", "roaming"]
    words = {row.split()[0]: row.split() for row in rows}
    assert words[HOME][1:4] == ["yes", "Россия", "Simulator"]
    assert words[ROAMING][4:7] == ["Казахстан", "Simulator", "KZ"]
    assert words[NOBODY][1] == "no"


def test_more_phones_than_are_asked_for_one_by_one(shell: Shell) -> None:
    phones = [f"7900000040{number}" for number in (1, 2, 3, 4)] + [f"7999123100{digit}" for digit in range(8)]
    done = shell.inside("hlr", *phones, "--wait", "--json")
    assert done.status == 0, done.out
    assert all(recipient["reachable"] is not None for recipient in done.json["recipients"])


def test_who_stays_undecided_is_unknown_when_the_time_is_over(shell: Shell) -> None:
    done = shell.inside("hlr", UNDECIDED, HOME, "--wait", "--timeout", "3", "--json")
    assert (done.status, done.code) == (1, "timeout")
    found = {recipient["phone"]: recipient["reachable"] for recipient in done.json["recipients"]}
    assert found == {UNDECIDED: None, HOME: True}
    assert "unknown" in shell.inside("hlr", UNDECIDED, "--wait", "--timeout", "2").out


def test_the_same_key_asks_once(shell: Shell, stack: Stack) -> None:
    first = shell.inside("hlr", HOME, "--key", "hlr-1", "--wait", "--json")
    before = stack.books()["hlr"]
    again = shell.inside("hlr", HOME, "--key", "hlr-1", "--wait", "--json")
    assert (again.status, again.json["id"]) == (0, first.json["id"])
    assert stack.books()["hlr"] == before


def test_a_phone_that_the_provider_refuses(shell: Shell) -> None:
    done = shell.inside("hlr", HOME, "79000000222", "--wait", "--json")
    assert (done.status, done.code) == (1, "not_taken")
    assert [recipient["reachable"] for recipient in done.json["recipients"]] == [True, None]


def test_nobody_works(shell: Shell, stack: Stack) -> None:
    done = shell.inside("hlr", HOME, "--wait", "--timeout", "0.3", "--json", **stack.without_workers)
    assert (done.status, done.code) == (1, "timeout")
    assert done.json["recipients"][0]["state"] == "pending"


@pytest.mark.parametrize(
    ("arguments", "code"), [(("12",), "phone_too_short"), ((), "usage"), (("anna@example.org",), None)]
)
def test_wrong_input(shell: Shell, stack: Stack, arguments: tuple[str, ...], code: str | None) -> None:
    before = stack.asked()
    done = shell.inside("hlr", *arguments, "--json")
    assert done.status == 2
    assert code is None or done.code == code
    assert stack.asked() == before


def test_ctrl_c_while_waiting(shell: Shell, stack: Stack) -> None:
    process = shell.start("hlr", HOME, "--wait", **stack.without_workers)
    assert process.stdout is not None
    message = process.stdout.readline().decode().strip()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert message in err.decode()
