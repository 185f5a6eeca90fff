"""``smsq send`` and ``smsq status``."""

from __future__ import annotations

import signal

import pytest

from tests.conftest import wait_until
from tests.worker.cli.conftest import Shell, Stack

AWAY = {"SMSQ_REDIS_URL": "redis://127.0.0.1:1/0"}
RECIPIENT = {"phone", "state", "provider", "provider_id", "status", "err", "cost"}


def test_the_id_is_all_that_is_printed(shell: Shell) -> None:
    done = shell.smsq("send", "8 (999) 123-45-67", "--text", "printed id")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("m")
    assert len(done.out.splitlines()) == 1


def test_waiting_shows_each_recipient(shell: Shell) -> None:
    done = shell.smsq("send", "79991234567", "79991234568", "--text", "wait table", "--urgent", "--wait")
    assert done.status == 0, done.err
    lines = [line.split() for line in done.out.splitlines()]
    assert lines[1:] == [
        ["phone", "state", "cost", "meaning"],
        ["79991234567", "taken", "1.5000"],
        ["79991234568", "taken", "1.5000"],
    ]


def test_the_json_of_a_message(shell: Shell) -> None:
    done = shell.smsq("send", "79991234567", "--text", "json of a message", "--wait", "--json")
    assert done.status == 0
    [recipient] = done.json["recipients"]
    assert set(recipient) >= RECIPIENT
    assert (recipient["phone"], recipient["state"], recipient["cost"]) == ("79991234567", "taken", "1.5000")
    assert shell.smsq("status", done.json["id"], "--json").json == done.json
    assert "79991234567  taken" in shell.smsq("status", done.json["id"]).out


def test_without_waiting_json_says_pending(shell: Shell, stack: Stack) -> None:
    done = shell.smsq("send", "79991234567", "--text", "x", "--json", **stack.without_workers)
    assert (done.status, done.json["recipients"][0]["state"]) == (0, "pending")


def test_a_refused_recipient_is_exit_1(shell: Shell) -> None:
    done = shell.smsq("send", "79991234567", "79000000222", "--text", "one of two", "--wait")
    assert done.status == 1
    assert "1 of 2 recipients was not taken" in done.err
    assert "79000000222  refused" in done.out


def test_a_refused_recipient_in_json_is_an_error_beside_the_message(shell: Shell) -> None:
    done = shell.smsq("send", "79991234567", "79000000222", "--text", "one of two!", "--wait", "--json")
    assert (done.status, done.code, done.err) == (1, "not_taken", "")
    assert [recipient["state"] for recipient in done.json["recipients"]] == ["taken", "refused"]


def test_the_time_runs_out_and_the_id_is_known(shell: Shell, stack: Stack) -> None:
    command = ("send", "79991234567", "--text", "nobody works", "--wait", "--timeout", "0.2")
    done = shell.smsq(*command, "--json", **stack.without_workers)
    assert (done.status, done.code) == (1, "timeout")
    assert done.json["recipients"][0]["state"] == "pending"
    assert done.json["id"].startswith("m")
    done = shell.smsq(*command, **stack.without_workers)
    assert done.status == 1
    assert "smsq doctor" in done.err
    assert "79991234567  pending" in done.out


def test_the_text_may_come_from_standard_input(shell: Shell, stack: Stack) -> None:
    done = shell.smsq("send", "79991234567", "--text", "-", "--json", text="Код 1\n", **stack.without_workers)
    with shell.producer(**stack.without_workers) as producer:
        job = producer.store.ledger.hget(f"{{smsq}}:b:{done.json['id']}.0", "job")
    assert job is not None
    assert '"text":"Код 1"' in bytes(job).decode()


def test_standard_input_that_is_no_text(shell: Shell) -> None:
    done = shell.smsq("send", "79991234567", "--text", "-", "--json", text="")
    assert (done.status, done.code) == (2, "text_empty")


def test_the_same_key_sends_once(shell: Shell, stack: Stack) -> None:
    before = stack.books()["messages"]
    command = ("send", "79991234567", "--text", "with a key", "--key", "order-1", "--wait", "--json")
    first, second = shell.smsq(*command), shell.inside(*command)
    assert first.json["id"] == second.json["id"]
    assert stack.books()["messages"] == before + 1
    other = shell.inside("send", "79991234567", "--text", "another text", "--key", "order-1", "--json")
    assert (other.status, other.code) == (2, "conflict")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("899912", "--text", "x"), "phone_too_short"),
        (("79991234567", "--text", ""), "text_empty"),
        (("79991234567", "--text", "x" * 1001), "text_too_long"),
        (("79991234567", "--text", "x", "--sender", "Longer than 15 letters"), "bad_sender"),
        (("79991234567", "--text", "x", "--provider", "nobody"), "provider"),
        (("79991234567", "--text", "x", "--key", ""), "bad_key"),
        (("79991234567",), "usage"),
        (("--text", "x"), "usage"),
        (("79991234567", "--text", "x", "--timeout", "soon"), "usage"),
    ],
)
def test_wrong_input_is_exit_2_and_sends_nothing(
    shell: Shell, stack: Stack, arguments: tuple[str, ...], code: str
) -> None:
    before = stack.asked()
    done = shell.inside("send", *arguments, "--json")
    assert (done.status, done.code, done.err) == (2, code, "")
    assert stack.asked() == before


def test_which_of_several_phones_is_wrong(shell: Shell) -> None:
    done = shell.inside("send", "79991234567", "8999123", "--text", "x")
    assert done.status == 2
    assert done.err.startswith("error: recipient 2: ")
    assert "nothing was sent" in done.err


def test_redis_away(shell: Shell) -> None:
    done = shell.inside("send", "79991234567", "--text", "x", **AWAY)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("error: Redis can't be reached")
    assert "--key" in done.err
    done = shell.inside("send", "79991234567", "--text", "x", "--json", **AWAY)
    assert (done.status, done.code, done.err) == (1, "redis_unavailable", "")


def test_ctrl_c_while_waiting_tells_that_it_goes_on(shell: Shell, stack: Stack) -> None:
    process = shell.start(
        "send", "79991234567", "--text", "x", "--wait", "--timeout", "60", **stack.without_workers
    )
    assert process.stdout is not None
    message = process.stdout.readline().decode().strip()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert f"message {message} is in the ledger and stays on its way" in err.decode()


def test_status_of_what_isn_t_there(shell: Shell) -> None:
    done = shell.inside("status", "m0", "--json")
    assert (done.status, done.code) == (1, "not_found")
    assert shell.inside("status", "m0").err.startswith("error: there is no message 'm0'\nhint: ")


def test_status_of_a_campaign_names_the_command(shell: Shell, stack: Stack) -> None:
    shell.clients("status.csv", 2)
    started = shell.inside(
        "campaign", "start", "status.csv", "--text", "x", "--json", **stack.without_workers
    )
    done = shell.inside("status", started.json["id"], **stack.without_workers)
    assert done.status == 2
    assert f"smsq campaign show {started.json['id']}" in done.err


def test_a_message_arrives_without_waiting(shell: Shell) -> None:
    message = shell.smsq("send", "79991234567", "--text", "arrives").out.strip()
    with shell.producer() as producer:
        receipt = producer.message(message)
        wait_until(lambda: receipt.status()["recipients"][0]["state"] == "taken")
