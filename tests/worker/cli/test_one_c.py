"""The old exchange with 1C: ``campaign start --format 1c`` and ``campaign report --format 1c``."""

from __future__ import annotations

import csv
import re
import signal
from collections.abc import Iterator

import pytest

from producers.views import REPORT_COLUMNS
from tests.conftest import wait_until
from tests.worker.cli.conftest import Shell, Stack, says, start_service
from worker.cli.campaign_report import sms2_answer

AWAY = {"SMSQ_REDIS_URL": "redis://127.0.0.1:1/0"}
START = ("campaign", "start", "sms.txt", "--format", "1c")
SENT = "Message successfully sent! Message_ID="


def save(shell: Shell, content: str, encoding: str = "windows-1251") -> None:
    (shell.directory / "sms.txt").write_bytes(content.encode(encoding))


@pytest.fixture(scope="module")
def sms2(stack: Stack) -> Iterator[dict[str, str]]:
    """Settings under which SMS2 is the provider, and a worker that has them."""
    settings = {
        "SMSQ_REDIS_URL": stack.redis_url.replace("/0", "/14"),
        "SMSQ_PROVIDER": "sms2",
        "SMSQ_SENDER": "Shop",
        "SMSQ_SMS2_URL": stack.simulator,
        "SMSQ_SMS2_USER": "demo",
        "SMSQ_SMS2_PASSWORD": "demo",
    }
    process, log = start_service(stack.directory, "sms2-worker", stack.environ | settings, "worker")
    try:
        wait_until(lambda: says(log, "worker_ready"), what="the worker of SMS2 is ready")
        yield settings
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8"])
def test_from_1c_s_file_to_1c_s_answers_through_sms2(
    shell: Shell, stack: Stack, sms2: dict[str, str], encoding: str
) -> None:
    first = {"windows-1251": 79992000000, "utf-8": 79992000100}[encoding]
    good = "".join(f"{first + n}#Заказ #{n} готов\r\n" for n in range(20))
    refused = "".join(f"790000005{n:02}#Привет, {encoding}\r\n" for n in (2, 4, 5, 6, 7, 8, 9))
    save(shell, f"{refused}{good}123#short\r\nno hash\r\n{first}#twice\r\nend\r\n", encoding)
    before = stack.books()["sms2"]["messages"]
    done = shell.smsq(*START, "--wait", "--json", **sms2)
    assert done.status == 0, done.out + done.err
    counts = done.json["recipients"]
    assert (counts["total"], counts["rejected"], counts["taken"], counts["refused"]) == (29, 2, 20, 7)
    assert done.json["duplicates"] == 1
    assert done.json["rejected_by_reason"] == {"phone_too_short": 1, "row_without_hash": 1}
    assert stack.books()["sms2"]["messages"] - before == 20
    with (shell.directory / "sms.txt.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["row"], row["field"], row["reason"]) for row in csv.DictReader(file, delimiter=";")]
    assert rows == [("28", "phone", "phone_too_short"), ("29", "row", "row_without_hash")]

    report = ("campaign", "report", done.json["id"], "--format", "1c")
    written = shell.smsq(*report, **sms2)
    assert (written.status, written.err) == (0, "")
    lines = written.out.removesuffix("\r\n").split("\r\n")
    assert lines[:7] == [
        "79000000502 Error: can't send this message",
        "79000000504 Error: direction is closed",
        "79000000505 Error: unsupported phone number",
        "79000000506 Error: unsupported sender",
        "79000000507 Error: phone blacklisted",
        "79000000508 Error: blocked text message",
        "79000000509 Error: message duplication",
    ]
    taken = [line.split(f" {SENT}") for line in lines[7:]]
    assert [phone for phone, _ in taken] == [str(first + n) for n in range(20)]
    assert all(re.fullmatch(r"\w+", found) for _, found in taken)
    assert len({found for _, found in taken}) == 20

    to_file = shell.smsq(*report, "-o", "out.txt", **sms2)
    assert (to_file.status, to_file.out) == (0, "27 rows in out.txt\n")
    assert (shell.directory / "out.txt").read_bytes() == written.out.encode("ascii")


def test_the_same_file_again_sends_nothing(shell: Shell, stack: Stack, sms2: dict[str, str]) -> None:
    save(shell, "79992000200#Раз\r\nend\r\n")
    first = shell.inside(*START, "--wait", "--json", **sms2)
    before = stack.books()
    again = shell.inside(*START, "--wait", "--json", **sms2)
    assert (again.status, again.json["id"], again.json["already_started"]) == (0, first.json["id"], True)
    assert stack.books() == before


def test_through_smsc_the_answers_are_in_the_same_form(shell: Shell) -> None:
    save(shell, "79000000222#Refused\n+7 999 200-03-00#Taken\nend\n")
    done = shell.inside(*START, "--wait", "--json")
    assert done.status == 0, done.err
    refused, taken = shell.inside("campaign", "report", done.json["id"], "--format", "1c").out.splitlines()
    assert re.fullmatch(r"79000000222 Error: \w.+", refused)
    assert re.fullmatch(rf"79992000300 {re.escape(SENT)}\S+", taken)


def test_nothing_has_been_sent_yet(shell: Shell, stack: Stack) -> None:
    save(shell, "79992000400#Wait\nend\n")
    planned = shell.inside(*START, "--json", **stack.without_workers)
    report = ("campaign", "report", planned.json["id"], "--format", "1c")
    assert shell.inside(*report, **stack.without_workers).out == "79992000400 Pending: not sent yet\r\n"
    shell.inside("campaign", "cancel", planned.json["id"], **stack.without_workers)
    assert shell.inside(*report, **stack.without_workers).out == "79992000400 Cancelled: not sent\r\n"


def test_dry_run(shell: Shell, stack: Stack) -> None:
    save(shell, "79992000500#Первый #1\r\n79992000501#Второй\r\n#nobody\r\nend\r\n")
    done = shell.inside(*START, "--dry-run", "--json", **AWAY)
    assert (done.status, done.json["example"], done.json["segments"]) == (0, "Первый #1", 2)
    assert done.json["recipients"] == {"total": 3, "accepted": 2, "rejected": 1}
    facts = shell.inside(*START, "--dry-run", "--no-price", **AWAY).facts
    assert facts["file"] == "sms.txt: windows-1251, cells parted by #"
    assert facts["rejected"] == "1 (phone_empty 1); see sms.txt.rejects.csv"
    assert facts["text"] == "personal, 1 segment each; the first one:"


def test_the_provider_s_rules_are_kept(shell: Shell) -> None:
    save(shell, "79992000600#Прuвет\n447911123456#Hello\n79992000601#Привет\nend\n")
    done = shell.inside(*START, "--provider", "sms2", "--dry-run", "--json", **AWAY)
    assert done.json["rejected_by_reason"] == {"text_mixed_alphabets": 1, "phone_unsupported": 1}
    assert done.json["batches"] == 1


GOOD = "79992000700#Привет\r\nend\r\n"


@pytest.mark.parametrize(
    ("content", "arguments", "code"),
    [
        ("79992000700#Привет\r\n", ("--format", "1c"), "no_end"),
        ("end\r\n", ("--format", "1c"), "no_recipients"),
        ("no hash\r\nend\r\n", ("--format", "1c"), "no_recipients"),
        ("", ("--format", "1c"), "empty_file"),
        (GOOD, ("--format", "1C"), "bad_format"),
        (GOOD, ("--format", "xml"), "bad_format"),
        (GOOD, ("--format", "1c", "--text", "x"), "bad_format"),
        (GOOD, ("--format", "1c", "--text-file", "x"), "bad_format"),
        (GOOD, ("--format", "1c", "--phone-column", "1"), "bad_format"),
        (GOOD, ("--format", "1c", "--delimiter", "#"), "bad_format"),
        (GOOD, ("--format", "1c", "--encoding", "klingon"), "unknown_encoding"),
        (GOOD, ("--format", "1c", "--encoding", "utf-8"), "undecodable"),
        (GOOD, ("--format", "1c", "--rejects", "sms.txt"), "bad_rejects"),
        (GOOD, (), "no_header"),
        (GOOD, ("--text", "x"), "no_header"),
        (GOOD, ("--format", "csv", "--text", "x"), "no_header"),
    ],
)
def test_wrong_input_is_exit_2_and_starts_nothing(
    shell: Shell, stack: Stack, content: str, arguments: tuple[str, ...], code: str
) -> None:
    save(shell, content)
    with shell.producer(**stack.without_workers) as producer:
        before = [campaign.id for campaign in producer.campaigns()]
        done = shell.inside("campaign", "start", "sms.txt", *arguments, "--json", **stack.without_workers)
        assert (done.status, done.code, done.err) == (2, code, "")
        assert [campaign.id for campaign in producer.campaigns()] == before


def test_a_file_of_1c_s_that_is_taken_for_csv_is_told(shell: Shell) -> None:
    save(shell, '79992000800#Звоните, 88001234567: "Ромашка"\r\nend\r\n')
    done = shell.inside("campaign", "start", "sms.txt", "--text", "x", **AWAY)
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines() == [
        "error: sms.txt has no header: its first line is phone#text, as 1C writes it",
        "hint: use --format 1c",
    ]


def test_an_export_that_broke_off_is_told(shell: Shell) -> None:
    save(shell, "79992000900#Привет\r\n7999200")
    done = shell.inside(*START, **AWAY)
    assert done.err.splitlines() == [
        "error: sms.txt has no line 'end' behind its 2 lines: the export may have broken off",
        "hint: export it again; if nothing is missing, add a line with the word end and nothing else",
    ]


def test_csv_stays_the_default(shell: Shell) -> None:
    (shell.directory / "a.csv").write_text("phone;text\n79992001000;a#b\n", "utf-8")
    for arguments in ((), ("--format", "auto"), ("--format", "csv")):
        done = shell.inside("campaign", "start", "a.csv", *arguments, "--dry-run", "--json", **AWAY)
        assert done.json["example"] == "a#b"


@pytest.mark.parametrize("arguments", [("--format", "xml"), ("--format", "1c", "--json")])
def test_a_report_has_one_format(shell: Shell, arguments: tuple[str, ...]) -> None:
    done = shell.inside("campaign", "report", "any", *arguments, **AWAY)
    assert done.status == 2
    assert "csv or 1c, or --json alone" in (done.out or done.err)


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"state": "taken", "provider_id": "27460"}, f"{SENT}27460"),
        ({"state": "delivered", "provider_id": "27460", "status": "1"}, f"{SENT}27460"),
        ({"state": "failed", "provider_id": "27460", "status": "20"}, f"{SENT}27460"),
        ({"state": "taken"}, f"{SENT}unknown"),
        ({"state": "pending", "meaning": "no_money"}, "Pending: not sent yet"),
        ({"state": "in_doubt"}, "In doubt: it may have been sent, don't send it again"),
        ({"state": "held", "err": "99"}, "Held: a person must decide, don't send it again"),
        ({"state": "cancelled"}, "Cancelled: not sent"),
        ({"state": "refused", "err": "1"}, "Error: authentication failure"),
        ({"state": "refused", "err": "2"}, "Error: can't send this message"),
        ({"state": "refused", "err": "3"}, "Error: your credit is null"),
        ({"state": "refused", "err": "4"}, "Error: direction is closed"),
        ({"state": "refused", "err": "5"}, "Error: unsupported phone number"),
        ({"state": "refused", "err": "6"}, "Error: unsupported sender"),
        ({"state": "refused", "err": "7"}, "Error: phone blacklisted"),
        ({"state": "refused", "err": "8"}, "Error: blocked text message"),
        ({"state": "refused", "err": "9"}, "Error: message duplication"),
        ({"state": "refused", "err": "10"}, "Error: service is switched off"),
        ({"state": "refused", "err": "99", "meaning": "as it is"}, "Error: as it is"),
        ({"state": "refused", "err": "0", "meaning": "text_too_long"}, "Error: text_too_long"),
        ({"state": "refused"}, "Error: refused"),
        ({"state": "refused", "provider": "smsc", "err": "8", "meaning": "no"}, "Error: no"),
    ],
)
def test_what_1c_is_told_of_a_recipient(row: dict[str, str], answer: str) -> None:
    assert sms2_answer(dict.fromkeys(REPORT_COLUMNS, "") | {"provider": "sms2"} | row) == answer
