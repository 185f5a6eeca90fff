"""``smsq campaign start``: what it makes of a file, and what it says of a wrong one."""

from __future__ import annotations

import csv

import pytest

from tests.worker.cli.conftest import TEMPLATE, Shell, Stack

CAMPAIGN = {"id", "name", "state", "recipients", "segments", "cost", "requests"}
COUNTS = [
    "total",
    "rejected",
    "pending",
    "in_doubt",
    "held",
    "taken",
    "delivered",
    "failed",
    "refused",
    "cancelled",
]
AWAY = {"SMSQ_REDIS_URL": "redis://127.0.0.1:1/0"}


def test_from_the_file_to_the_last_recipient(shell: Shell, stack: Stack) -> None:
    before = stack.books()
    more = ("+79991000000,twice,1", "123,short,1", ",empty,1", "79000000222,refused,1")
    shell.clients("a.csv", 1200, *more, first=1_000_000)
    done = shell.smsq("campaign", "start", "a.csv", "--text", TEMPLATE, "--wait", "--json")
    assert done.status == 0, done.err
    assert set(done.json) >= CAMPAIGN
    assert list(done.json["recipients"]) == COUNTS
    counts = done.json["recipients"]
    assert (counts["total"], counts["rejected"], counts["taken"], counts["refused"]) == (1203, 2, 1200, 1)
    assert done.json["state"] == "sent"
    assert done.json["cost"] == "1800.0000"
    assert done.json["duplicates"] == 1
    assert done.json["already_started"] is False
    after = stack.books()
    assert after["messages"] - before["messages"] == 1200
    assert after["twice"] == before["twice"]
    with (shell.directory / "a.csv.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file, delimiter=";")] == ["1203", "1204"]


def test_the_very_same_command_again_sends_nothing(shell: Shell, stack: Stack) -> None:
    shell.clients("b.csv", 30)
    command = ("campaign", "start", "b.csv", "--text", TEMPLATE, "--wait")
    first = shell.smsq(*command)
    assert first.status == 0, first.err
    assert first.facts["name"].startswith("b-")
    before = stack.books()
    again = shell.smsq(*command)
    assert again.status == 0
    assert "already started: nothing is sent twice" in again.err
    assert again.facts["campaign"] == first.facts["campaign"]
    assert shell.inside(*command, "--json").json["already_started"] is True
    assert stack.books() == before


def test_another_text_or_file_or_sender_is_another_campaign(shell: Shell) -> None:
    shell.clients("c.csv", 3)
    shell.clients("d.csv", 4)

    def name(*arguments: str) -> str:
        found: str = shell.inside("campaign", "start", *arguments, "--dry-run", "--json").json["name"]
        return found

    names = [
        name("c.csv", "--text", "a"),
        name("c.csv", "--text", "b"),
        name("d.csv", "--text", "a"),
        name("c.csv", "--text", "a", "--sender", "Shop"),
    ]
    assert len(set(names)) == 4
    assert name("c.csv", "--text", "a") == names[0]


def test_without_waiting_it_says_how_to_watch(shell: Shell, stack: Stack) -> None:
    shell.clients("e.csv", 5)
    done = shell.smsq("campaign", "start", "e.csv", "--text", "one for all", **stack.without_workers)
    assert done.status == 0
    assert done.facts["recipients"] == "5"
    assert done.facts["watch it"] == f"smsq campaign show {done.facts['campaign']}"
    assert not (shell.directory / "e.csv.rejects.csv").exists()


@pytest.mark.parametrize("column", ["text", "Текст", "MESSAGE", "сообщение"])
def test_the_text_may_be_a_column(shell: Shell, column: str) -> None:
    shell.file("f.csv", f"phone;{column}", "79991234567;Первый", "79991234568;Второй")
    done = shell.inside("campaign", "start", "f.csv", "--dry-run", "--json")
    assert (done.json["example"], done.json["segments"]) == ("Первый", 2)


def test_the_text_may_be_a_file_or_standard_input(shell: Shell) -> None:
    shell.clients("g.csv", 2)
    shell.file("text.txt", "Привет, {name}")
    done = shell.smsq("campaign", "start", "g.csv", "--text-file", "text.txt", "--dry-run", "--json")
    assert done.json["example"] == "Привет, Имя0"
    done = shell.smsq("campaign", "start", "g.csv", "--text", "-", "--dry-run", "--json", text="Hi, {name}\n")
    assert done.json["example"] == "Hi, Имя0"


def test_dry_run_needs_no_redis_and_writes_the_rejects(shell: Shell) -> None:
    shell.clients("h.csv", 20, "+79990000000,twice,1", "123,short,1")
    done = shell.smsq("campaign", "start", "h.csv", "--text", "Sale — 20%", "--dry-run", "--json", **AWAY)
    assert done.status == 0, done.err
    assert done.json["recipients"] == {"total": 21, "accepted": 20, "rejected": 1}
    assert done.json["rejected_by_reason"] == {"phone_too_short": 1}
    assert (done.json["duplicates"], done.json["segments"], done.json["batches"]) == (1, 20, 1)
    assert (done.json["encodings"], done.json["forces_ucs2"]) == ({"ucs2": 20}, "—")
    assert done.json["price"] is None
    assert (shell.directory / done.json["rejects_file"]).is_file()


def test_dry_run_for_people(shell: Shell) -> None:
    shell.clients("i.csv", 20, "123,short,1")
    done = shell.smsq("campaign", "start", "i.csv", "--text", "Sale — 20%", "--dry-run", "--rejects", "r.csv")
    assert done.facts["recipients"] == "20"
    assert done.facts["rejected"] == "1 (phone_too_short 1); see r.csv"
    assert done.facts["encoding"] == "UCS-2, because of —"
    assert done.facts["price"].endswith("(exact: every recipient was priced)")
    assert "nothing was planned or sent" in done.err


def test_a_start_in_the_future(shell: Shell, stack: Stack) -> None:
    shell.clients("j.csv", 2)
    command = ("campaign", "start", "j.csv", "--text", "later", "--at", "31.12.2099 10:00", "--json")
    done = shell.smsq(*command, TZ="Europe/Moscow", **stack.without_workers)
    assert (done.json["state"], done.json["start_at"]) == ("planned", "2099-12-31T07:00:00+00:00")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nowhere.csv", "--text", "x"), "missing_file"),
        ((".", "--text", "x"), "missing_file"),
        (("empty.csv", "--text", "x"), "empty_file"),
        (("header.csv", "--text", "x"), "no_recipients"),
        (("rubbish.csv", "--text", "x"), "no_recipients"),
        (("nophones.csv", "--text", "x"), "no_phone_column"),
        (("quote.csv", "--text", "x"), "unclosed_quote"),
        (("good.csv",), "no_text"),
        (("good.csv", "--text", "x", "--phone-column", "fax"), "no_phone_column"),
        (("good.csv", "--text", "{nobody}"), "unknown_column"),
        (("good.csv", "--text", "{"), "unbalanced_brace"),
        (("good.csv", "--text", ""), "text_empty"),
        (("good.csv", "--text", "x", "--text-file", "y"), "two_texts"),
        (("good.csv", "--text-file", "nowhere.txt"), "unreadable_text"),
        (("good.csv", "--text", "x", "--at", "tomorrow"), "bad_time"),
        (("good.csv", "--text", "x", "--at", "2020-01-01T10:00"), "past_time"),
        (("good.csv", "--text", "x", "--delimiter", ";;"), "bad_delimiter"),
        (("good.csv", "--text", "x", "--encoding", "klingon"), "unknown_encoding"),
        (("good.csv", "--text", "x", "--rejects", "good.csv"), "bad_rejects"),
        (("good.csv", "--text", "x", "--rejects", "header.csv"), "not_rejects"),
        (("good.csv", "--text", "x", "--rejects", "no/such/folder.csv", "--name", " "), "bad_name"),
        (("good.csv", "--text", "x", "--name", ""), "bad_name"),
        (("good.csv", "--text", "x", "--provider", "sms3"), "provider"),
        (("good.csv", "--budget", "1"), "usage"),
        ((), "usage"),
    ],
)
def test_wrong_input_is_exit_2_and_starts_nothing(
    shell: Shell, stack: Stack, arguments: tuple[str, ...], code: str
) -> None:
    shell.clients("good.csv", 3)
    shell.file("empty.csv")
    shell.file("header.csv", "phone;name")
    shell.file("rubbish.csv", "phone", "abc", "12")
    shell.file("nophones.csv", "name;city", "a;b")
    shell.file("quote.csv", "phone;name", '79991234567;"Анна', "79991234568;Борис", "79991234569;Вера")
    with shell.producer(**stack.without_workers) as producer:
        before = [campaign.id for campaign in producer.campaigns()]
        done = shell.inside("campaign", "start", *arguments, "--json", **stack.without_workers)
        assert (done.status, done.code, done.err) == (2, code, "")
        assert [campaign.id for campaign in producer.campaigns()] == before


def test_an_error_for_people(shell: Shell) -> None:
    shell.clients("k.csv", 3)
    done = shell.inside("campaign", "start", "k.csv", "--text", "{nam}")
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines() == [
        "error: the template uses {nam}, but the file has no such column; it has: phone, name, percent",
        "hint: did you mean {name}?",
    ]


def test_a_name_belongs_to_one_content(shell: Shell, stack: Stack) -> None:
    shell.clients("l.csv", 3)
    shell.clients("m.csv", 4)
    command = ("campaign", "start", "--name", "spring", "--text")
    assert shell.inside(*command, "x", "l.csv", **stack.without_workers).status == 0
    other_text = shell.inside(*command, "y", "l.csv", "--json", **stack.without_workers)
    other_file = shell.inside(*command, "x", "m.csv", "--json", **stack.without_workers)
    assert (other_text.status, other_text.code) == (2, "conflict")
    assert (other_file.status, other_file.code) == (2, "conflict")


def test_a_cancelled_campaign_isn_t_started_again(shell: Shell, stack: Stack) -> None:
    shell.clients("n.csv", 3)
    command = ("campaign", "start", "n.csv", "--text", "cancelled", "--json")
    started = shell.inside(*command, **stack.without_workers)
    shell.inside("campaign", "cancel", started.json["id"], **stack.without_workers)
    again = shell.inside(*command, **stack.without_workers)
    assert (again.status, again.code) == (2, "cancelled")


def test_redis_away(shell: Shell) -> None:
    shell.clients("o.csv", 3)
    done = shell.inside("campaign", "start", "o.csv", "--text", "x", "--json", **AWAY)
    assert (done.status, done.code) == (1, "redis_unavailable")


def test_nobody_taken_is_exit_1(shell: Shell) -> None:
    shell.file("p.csv", "phone", "79000000222", "79000000223")
    done = shell.inside("campaign", "start", "p.csv", "--text", "to nobody", "--wait", "--json")
    assert (done.status, done.code) == (1, "not_all_taken")
    assert done.json["recipients"]["refused"] == 2
