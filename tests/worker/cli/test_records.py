"""What the provider has on record: inbox, history, statistics, operators, tariffs; deleting it."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.worker.cli.conftest import Shell, Stack

PHONE, OTHER = "79991230051", "79991230052"


def send(shell: Shell, text: str, *phones: str) -> str:
    done = shell.inside("send", *(phones or (PHONE,)), "--text", text, "--wait", "--json")
    assert done.status == 0, done.out
    found: str = done.json["id"]
    return found


def test_inbox(shell: Shell, stack: Stack) -> None:
    stack.order(incoming={"phone": OTHER, "mes": "Да, хочу", "to_phone": "79000000907"})
    done = shell.smsq("inbox", "--to", "79000000907", "--json")
    assert done.status == 0, done.out
    [message] = done.json["messages"]
    assert set(message) == {"id", "phone", "to_phone", "text", "received", "sent"}
    assert (message["phone"], message["text"]) == (OTHER, "Да, хочу")
    assert datetime.fromisoformat(message["received"]).year >= 2020
    stack.order(incoming={"phone": OTHER, "mes": "ещё\nодно", "to_phone": "79000000907"})
    newer = shell.inside("inbox", "--to", "79000000907", "--after", message["id"], "--json")
    assert [one["text"] for one in newer.json["messages"]] == ["ещё\nодно"]
    shown = shell.inside("inbox", "--to", "79000000907", "--hours", "2", "--count", "1").out
    assert shown.split()[:5] == ["id", "received", "phone", "to", "text"]
    assert len(shown.splitlines()) in {2, 3}


def test_an_empty_inbox(shell: Shell) -> None:
    done = shell.inside("inbox", "--to", "79000000908", "--json")
    assert (done.status, done.json["messages"]) == (0, [])


def test_history(shell: Shell) -> None:
    message = send(shell, "text in the history", "79991230053")
    done = shell.smsq("history", "--phone", "8 999 123 00 53", "--json")
    assert done.status == 0, done.out
    [record] = done.json["messages"]
    assert record["recipient"] == "79991230053"
    assert record["text"] == "text in the history"
    assert record["cost"] == "1.5000"
    assert datetime.fromisoformat(record["sent_at"]).tzinfo is not None
    assert (record["id"].startswith(message), done.json["more"]) == (True, False)
    shown = shell.inside("history", "--phone", "79991230053").out
    assert "text in the history" in shown


def test_history_page_by_page(shell: Shell) -> None:
    phones = [f"799912301{number:02}" for number in range(12)]
    send(shell, "many in the history", *phones)
    options = [item for phone in phones for item in ("--phone", phone)]
    done = shell.inside("history", *options, "--count", "5", "--json")
    assert done.status == 0, done.out
    assert (len(done.json["messages"]), done.json["more"]) == (5, True)
    done = shell.inside("history", *options, "--count", "50", "--json")
    assert (len(done.json["messages"]), done.json["more"]) == (12, False)
    assert "--count" in shell.inside("history", *options, "--count", "5").err


def test_history_of_emails(shell: Shell) -> None:
    command = ("email", "h@example.org", "--subject", "s", "--text", "mail in the history")
    assert shell.inside(*command, "--sender", "shop@example.org", "--wait").status == 0
    done = shell.inside("history", "--email", "h@example.org", "--json")
    assert done.status == 0, done.out
    assert [record["recipient"] for record in done.json["messages"]] == ["h@example.org"]


def test_history_of_another_day(shell: Shell) -> None:
    done = shell.inside("history", "--from", "2026-01-01", "--to", "02.01.2026", "--json")
    assert done.status in {0, 1}
    if done.status == 0:
        assert done.json["messages"] == []


def test_statistics(shell: Shell) -> None:
    send(shell, "counted")
    done = shell.smsq("statistics", "--json")
    assert done.status == 0, done.out
    [row] = done.json["rows"]
    assert row["login"] == "demo"
    assert row["messages"] > 0
    assert float(row["spent"]) > 0
    assert "demo" in shell.inside("statistics").out


def test_operator(shell: Shell) -> None:
    done = shell.smsq("operator", PHONE, "8 999 123-00-52", "--json")
    assert done.status == 0, done.out
    assert [row["phone"] for row in done.json["phones"]] == [PHONE, OTHER]
    assert all(row["known"] and row["country"] for row in done.json["phones"])
    assert "Россия" in shell.inside("operator", PHONE).out


def test_tariffs(shell: Shell) -> None:
    done = shell.smsq("tariffs", "--json")
    assert done.status == 0, done.out
    assert done.json["reply"]
    assert "1.5" in shell.inside("tariffs").out


def test_the_provider_s_record(shell: Shell) -> None:
    message = send(shell, "secret text", PHONE, OTHER)
    done = shell.smsq("status", message, "--provider-record", "--json")
    assert done.status == 0, done.out
    assert [record["recipient"] for record in done.json["records"]] == [PHONE, OTHER]
    assert all(record["known"] and record["segments"] == 1 for record in done.json["records"])
    assert "secret text" not in done.out
    assert "Simulator" in shell.inside("status", message, "--provider-record").out


def test_delete(shell: Shell, stack: Stack) -> None:
    message = send(shell, "to be deleted", PHONE, OTHER)
    done = shell.smsq("delete", message, OTHER, "--json")
    assert done.status == 0, done.out
    [row] = done.json["recipients"]
    assert (row["phone"], row["deleted"]) == (OTHER, True)
    records = shell.inside("status", message, "--provider-record", "--json").json["records"]
    assert {record["recipient"]: record["known"] for record in records} == {PHONE: True, OTHER: False}
    again = shell.inside("delete", message, OTHER, "--json")
    assert again.status == 1
    assert again.json["recipients"][0]["deleted"] is False


def test_delete_by_the_provider_s_id(shell: Shell) -> None:
    message = send(shell, "by the provider's id", PHONE)
    provider_id = shell.inside("status", message, "--json").json["recipients"][0]["provider_id"]
    done = shell.inside("delete", provider_id, PHONE)
    assert done.status == 0, done.err
    assert "yes" in done.out


def test_delete_what_isn_t_there(shell: Shell, stack: Stack) -> None:
    assert shell.inside("delete", "m0", "--json").code == "not_found"
    assert shell.inside("delete", "m0", PHONE, "--json").status == 1
    message = send(shell, "not deleted", PHONE)
    done = shell.inside("delete", message, "79991230059", "--json")
    assert (done.status, done.code) == (2, "bad_recipient")
    alone = stack.without_workers
    waiting = shell.inside("send", PHONE, "--text", "never sent", **alone).out.strip()
    assert shell.inside("delete", waiting, "--json", **alone).code == "not_sent"


def test_a_campaign_is_no_message(shell: Shell, stack: Stack) -> None:
    shell.clients("records.csv", 2)
    started = shell.inside(
        "campaign", "start", "records.csv", "--text", "x", "--json", **stack.without_workers
    )
    for command in (("delete",), ("status", "--provider-record")):
        done = shell.inside(*command, started.json["id"], "--json", **stack.without_workers)
        assert (done.status, done.code) == (2, "is_campaign")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("inbox", "--hours", "0"), "usage"),
        (("inbox", "--hours", "169"), "usage"),
        (("inbox", "--to", "12"), "phone_too_short"),
        (("inbox", "--count", "0"), "usage"),
        (("history", "--from", "yesterday"), "bad_date"),
        (("history", "--from", "2026-02-30"), "bad_date"),
        (("history", "--from", "2026-03-02", "--to", "2026-03-01"), "bad_date"),
        (("history", "--phone", "12"), "phone_too_short"),
        (("history", "--email", "nobody"), "bad_email"),
        (("history", "--email", "a@example.org", "--phone", PHONE), "bad_recipient"),
        (("statistics", "--to", "x"), "bad_date"),
        (("operator",), "usage"),
        (("operator", "12"), "phone_too_short"),
        (("delete",), "usage"),
        (("tariffs", "--timeout", "0"), "bad_timeout"),
    ],
)
def test_wrong_input(shell: Shell, stack: Stack, arguments: tuple[str, ...], code: str) -> None:
    before = stack.asked()
    done = shell.inside(*arguments, "--json")
    assert (done.status, done.code, done.err) == (2, code, "")
    assert stack.asked() == before


@pytest.mark.parametrize(
    "command", [("inbox",), ("history",), ("statistics",), ("tariffs",), ("operator", PHONE)]
)
def test_nobody_there(shell: Shell, stack: Stack, command: tuple[str, ...]) -> None:
    nobody = {"SMSQ_SMSC_LOGIN": "", "SMSQ_SMSC_PASSWORD": ""}
    done = shell.inside(*command, "--json", **nobody, **stack.without_workers)
    assert (done.status, done.code) == (2, "no_credentials")
