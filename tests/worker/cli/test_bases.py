"""``smsq bases``: the phone bases of SMS2, against the simulator."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from tests.conftest import free_port, wait_until
from tests.worker.cli.conftest import Shell, Stack

FIRST = 79_991_000_000
#: A number that the simulator doesn't take into a base.
UNSUPPORTED = "79000000505"


@pytest.fixture
def shell(stack: Stack, tmp_path: Path) -> Shell:
    """A shell that can log in to SMS2, beside SMSC; the stack's worker can't."""
    more = {"SMSQ_SMS2_URL": stack.simulator, "SMSQ_SMS2_USER": "demo", "SMSQ_SMS2_PASSWORD": "demo"}
    return Shell(tmp_path, stack.environ | more)


def numbers(count: int, *, first: int = 0) -> list[str]:
    return [str(FIRST + first + n) for n in range(count)]


def make(stack: Stack, name: str, phones: list[str] | None = None, *, protected: bool = False) -> str:
    stack.order(sms2={"bases": [{"name": name, "phones": phones or [], "protected": protected}]})
    return name


def content(shell: Shell, base: str) -> list[str]:
    done = shell.inside("bases", "show", base, "--json")
    assert done.status == 0, done.out
    found: list[str] = done.json["phones"]
    return found


def calls(stack: Stack) -> int:
    asked: int = stack.books()["sms2"]["requests"].get("api_call.cgi", 0)
    return asked


def rejects(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8-sig") as lines:
        return [(row["row"], row["reason"], row["value"]) for row in csv.DictReader(lines, delimiter=";")]


def test_list_show_and_has(shell: Shell, stack: Stack) -> None:
    base = make(stack, "Клиенты", numbers(3))
    done = shell.smsq("bases", "list", "--json")
    assert done.status == 0, done.out
    found = {one["name"]: one for one in done.json["bases"]}
    assert (found[base]["phones"], set(found[base])) == (3, {"name", "id", "phones"})
    assert f"{base}  " in shell.inside("bases", "list").out
    assert shell.inside("bases", "show", base, "--json").json == {"base": base, "phones": numbers(3)}
    assert shell.inside("bases", "show", base).out.split() == numbers(3)
    done = shell.inside("bases", "has", base, "+7 999 100-00-01", "--json")
    assert (done.status, done.json) == (0, {"base": base, "phone": str(FIRST + 1), "present": True})
    assert shell.inside("bases", "has", base, "79991000009").out == "no\n"
    make(stack, base)
    done = shell.inside("bases", "show", base)
    assert (done.status, done.out) == (0, "")


def test_adding_and_removing_numbers(shell: Shell, stack: Stack) -> None:
    base = make(stack, "few", numbers(1))
    done = shell.inside("bases", "add", base, *numbers(3), "8 (999) 100-00-02", "--json")
    assert (done.status, done.err) == (0, "")
    assert done.json == {"base": base, "added": 2, "present": 1, "rejected": 0}
    done = shell.inside("bases", "add", base, *numbers(1, first=3))
    assert (done.status, done.facts) == (0, {"base": base, "added": "1", "present": "0", "rejected": "0"})
    assert content(shell, base) == numbers(4)
    done = shell.inside("bases", "remove", base, *numbers(2, first=2), "79991000077", "--json")
    assert done.json == {"base": base, "removed": 2, "absent": 1, "rejected": 0}
    assert content(shell, base) == numbers(2)


def test_a_file_with_rows_that_can_t_be_used_and_numbers_that_are_refused(shell: Shell, stack: Stack) -> None:
    base = make(stack, "rows", numbers(1))
    rows = [f"Имя;{phone}" for phone in (*numbers(3), "12", "", UNSUPPORTED, numbers(1)[0], "+447911123456")]
    file = shell.file("clients.csv", "name;phone", *rows)
    done = shell.inside("bases", "add", base, "--file", file, "--json")
    assert (done.status, done.code) == (1, "phones_refused")
    assert {name: done.json[name] for name in ("added", "present", "rejected", "duplicates")} == {
        "added": 2,
        "present": 1,
        "rejected": 4,
        "duplicates": 1,
    }
    path = Path(done.json["rejects_file"])
    assert path == file.with_name("clients.csv.rejects.csv")
    assert rejects(path) == [
        ("5", "phone_too_short", "12"),
        ("6", "phone_empty", ""),
        ("9", "phone_unsupported", "'+447911123456"),
        ("7", "phone_refused", UNSUPPORTED),
    ]
    # By hand there is no row to name: the number itself is in the answer.
    done = shell.inside("bases", "add", base, UNSUPPORTED, "--json")
    assert (done.status, done.json["refused"], done.json["rejected"]) == (1, [UNSUPPORTED], 1)
    assert UNSUPPORTED not in done.json["error"]["message"]
    # What can't be read is no failure, as in a campaign.
    file = shell.file("clients.csv", "phone", *numbers(3), "12")
    assert shell.inside("bases", "remove", base, "--file", file, "--json").status == 0
    assert content(shell, base) == []


def test_a_list_without_a_header(shell: Shell, stack: Stack) -> None:
    base = make(stack, "plain")
    file = shell.file("plain.txt", "", numbers(1)[0], "8 (999) 100-00-01", "", "x")
    done = shell.inside("bases", "add", base, "--file", file, "--json")
    assert (done.status, done.json["added"], done.json["rejected"]) == (0, 2, 1)
    assert rejects(Path(done.json["rejects_file"])) == [("5", "phone_not_a_number", "x")]
    # What `show` writes is such a file.
    file.write_text(shell.inside("bases", "show", base).out)
    assert shell.inside("bases", "sync", file, base, "--json").json["kept"] == 2


def test_a_hundred_thousand_in_batches_interrupted_and_gone_on_with(shell: Shell, stack: Stack) -> None:
    base = make(stack, "big")
    file = shell.file("big.csv", "phone", *numbers(100_000))
    before = calls(stack)
    stack.order(latency_ms=30)
    try:
        process = shell.start("bases", "add", base, "--file", file, "--json")
        wait_until(lambda: calls(stack) > before + 3, what="batches are added")
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    finally:
        stack.order(latency_ms=0)
    told = json.loads(out)
    assert (process.returncode, told["error"]["code"]) == (130, "interrupted")
    assert 0 < told["added"] < 100_000
    there = len(content(shell, base))
    assert there % 1_000 == 0
    assert told["added"] <= there < 100_000
    before = calls(stack)
    done = shell.smsq("bases", "add", base, "--file", file, "--json")
    assert done.status == 0, done.out
    assert done.json["added"] + done.json["present"] == 100_000
    assert done.json["present"] >= there
    assert calls(stack) - before <= 1 + (100_000 - there) // 1_000
    assert content(shell, base) == numbers(100_000)
    shell.inside("bases", "add", base, "--file", file, "--json")
    assert calls(stack) - before <= 3 + (100_000 - there) // 1_000
    make(stack, base)


def test_sigterm_ends_it_too(shell: Shell, stack: Stack) -> None:
    base = make(stack, "terminated", numbers(2_000))
    file = shell.file("all.txt", *numbers(2_000))
    before = calls(stack)
    stack.order(latency_ms=30)
    try:
        process = shell.start("bases", "remove", base, "--file", file)
        wait_until(lambda: calls(stack) > before + 20, what="numbers are removed")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    finally:
        stack.order(latency_ms=0)
    assert (process.returncode, out) == (143, b"")
    assert "of 2000 numbers were removed" in err.decode()
    there = content(shell, base)
    assert 0 < len(there) < 2_000
    # In the order of the file, but for the few that were under way.
    assert set(there) >= set(numbers(len(there) - 14, first=2_014 - len(there)))
    done = shell.smsq("bases", "remove", base, "--file", file, "--json")
    assert done.json["removed"] == len(there)
    assert content(shell, base) == []


def test_no_more_at_once_than_the_governor_allows(shell: Shell, stack: Stack) -> None:
    base = make(stack, "crowd", numbers(200))
    stack.order(latency_ms=20)
    try:
        done = shell.inside("bases", "remove", base, *numbers(200), "--json")
    finally:
        stack.order(latency_ms=0)
    assert done.json["removed"] == 200
    assert 2 < stack.books()["sms2"]["simultaneous"]["api_call.cgi"] <= 14


def script(stack: Stack, *bodies: str) -> None:
    """Have the next requests for bases answered like this, whatever they ask."""
    stack.order(script=[{"endpoint": "api_call.cgi", "body": body} for body in bodies])


@pytest.mark.parametrize("fault", ["drop-reply", "http500-before"])
@pytest.mark.parametrize("count", [1, 5])
def test_an_answer_that_got_lost_is_asked_for_again(
    shell: Shell, stack: Stack, fault: str, count: int
) -> None:
    for command, before, told in (
        ("add", [], ("added", "present")),
        ("remove", numbers(count), ("removed", "absent")),
    ):
        base = make(stack, "lost", before)
        # The reading, which comes first, is answered.
        script(stack, "\n".join(before) or "No phones in base")
        struck = stack.books()["sms2"]["faults"].get(fault, 0)
        stack.order(faults=f"api_call:{fault}=1")
        process = shell.start("bases", command, base, *numbers(count), "--json")
        try:
            wait_until(lambda n=struck: stack.books()["sms2"]["faults"].get(fault, 0) > n)
        finally:
            stack.order(faults="")
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b""), out
        done = json.loads(out)
        assert (done[told[0]], done[told[1]], done["rejected"]) == (count, 0, 0)
        assert content(shell, base) == (numbers(count) if command == "add" else [])


def test_a_batch_that_is_refused_as_a_whole_is_halved(shell: Shell, stack: Stack) -> None:
    base = make(stack, "halves")
    script(stack, "No phones in base", "Error: wrong phone number", "Error: can't add phone number")
    done = shell.inside("bases", "add", base, *numbers(4), UNSUPPORTED, "--json")
    assert (done.status, done.json["added"], done.json["refused"]) == (1, 4, [UNSUPPORTED])
    assert content(shell, base) == numbers(4)


def test_counts_that_don_t_fit_are_looked_up(shell: Shell, stack: Stack) -> None:
    base = make(stack, "counts", numbers(1))
    script(stack, "No phones in base", '{"success"=>1, "errors"=>[]}')
    done = shell.inside("bases", "add", base, *numbers(3), "--json")
    assert (done.status, done.json["added"], done.json["refused"]) == (1, 1, numbers(2, first=1))


def test_it_says_how_far_it_came(shell: Shell, stack: Stack) -> None:
    base = make(stack, "far")
    file = shell.file("far.txt", *numbers(2_500))
    for more in ((), ("--json",)):
        script(stack, "No phones in base", '{"success"=>1000, "errors"=>[]}', "Error: base is protected")
        done = shell.inside("bases", "add", base, "--file", file, *more)
        assert done.status == 1
        assert "1000 of 2500 numbers were added" in done.err + done.out
    assert (done.code, done.json["added"]) == ("base_protected", 1_000)


def test_a_base_may_have_numbers_that_can_t_be_removed(shell: Shell, stack: Stack) -> None:
    base = make(stack, "foreign")
    file = shell.file("one.txt", *numbers(1))
    script(stack, f"{numbers(1)[0]},447911123456")
    done = shell.inside("bases", "sync", file, base, "--json")
    assert (done.status, done.json["left"], done.json["kept"]) == (0, 1, 1)


def test_sync_shows_the_plan_and_wants_yes(shell: Shell, stack: Stack) -> None:
    base = make(stack, "equal", numbers(4))
    file = shell.file("wanted.csv", "phone", *numbers(4, first=2), "12")
    for more in ((), ("--json",)):
        done = shell.inside("bases", "sync", file, base, *more)
        assert done.status == 2
        assert "--yes" in done.out + done.err
    plan = {"base": base, "add": 2, "remove": 2, "keep": 2, "left": 0, "rejected": 1, "duplicates": 0}
    assert {name: done.json[name] for name in plan} == plan
    assert done.code == "not_confirmed"
    assert content(shell, base) == numbers(4)
    done = shell.inside("bases", "sync", file, base, "--yes", "--json")
    assert done.status == 0, done.out
    assert (done.json["added"], done.json["removed"], done.json["kept"]) == (2, 2, 2)
    assert content(shell, base) == numbers(4, first=2)
    before = calls(stack)
    done = shell.inside("bases", "sync", file, base)
    assert (done.status, done.facts["added"], done.facts["removed"]) == (0, "0", "0")
    assert calls(stack) == before + 1


@pytest.mark.parametrize(("answer", "status"), [("n\n", 2), ("y\n", 0), ("\x03", 130)])
def test_at_a_terminal_a_person_is_asked(shell: Shell, stack: Stack, answer: str, status: int) -> None:
    base = make(stack, "asked", numbers(2))
    file = shell.file("wanted.txt", *numbers(2, first=1))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        shell.command("bases", "sync", file, base),
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
    if answer == "\x03":
        process.send_signal(signal.SIGINT)
    else:
        os.write(ours, answer.encode())
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert (process.returncode, "remove" in out.decode()) == (status, True)
    assert content(shell, base) == (numbers(2, first=1) if status == 0 else numbers(2))


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("show", "nothing"), 1, "wrong_base"),
        (("add", "nothing", "79991234567"), 1, "wrong_base"),
        (("show", "locked"), 1, "base_protected"),
        (("add", "locked", "79991234567"), 1, "base_protected"),
        (("has", "locked", "79991234567"), 1, "base_protected"),
        (("has", "locked", UNSUPPORTED), 1, "base_protected"),
        (("show", "基地"), 2, "bad_base"),
        (("show", " "), 2, "bad_base"),
        (("add", "locked"), 2, "usage"),
        (("add", "locked", "79991234567", "--file", "none.csv"), 2, "usage"),
        (("add", "locked", "--file", "none.csv"), 2, "missing_file"),
        (("remove", "locked", "--file", "bad.csv"), 2, "no_recipients"),
        (("sync", "bad.csv", "locked", "--yes"), 2, "no_recipients"),
        (("add", "locked", "--file", "table.csv"), 2, "no_header"),
        (("add", "locked", "12"), 2, "phone_too_short"),
        (("has", "locked", "+447911123456"), 2, "phone_unsupported"),
    ],
)
def test_what_can_t_be_done(
    shell: Shell, stack: Stack, arguments: tuple[str, ...], status: int, code: str
) -> None:
    make(stack, "locked", numbers(1), protected=True)
    shell.file("bad.csv", "phone", "12")
    shell.file("table.csv", "79991234567;Имя")
    done = shell.inside("bases", *arguments, "--json")
    assert (done.status, done.code, done.err) == (status, code, "")


def test_without_credentials_and_with_wrong_ones(shell: Shell, stack: Stack) -> None:
    done = shell.inside("bases", "list", "--json", SMSQ_SMS2_USER="", SMSQ_SMS2_PASSWORD="")
    assert (done.status, done.code) == (2, "no_credentials")
    assert "SMSQ_SMS2_USER" in done.json["error"]["hint"]
    ledger = {"SMSQ_REDIS_URL": stack.redis_url.replace("/0", "/7")}
    wrong = {"SMSQ_SMS2_PASSWORD": "wrong-password"} | ledger
    for _ in range(2):  # the second time the account is paused for these credentials
        done = shell.inside("bases", "list", "--json", **wrong)
        assert (done.status, done.code) == (1, "auth")
    assert shell.inside("bases", "list", "--json", **ledger).status == 0


def test_a_provider_or_a_server_that_is_away(shell: Shell) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    done = shell.inside("bases", "add", "any", "79991234567", "--json", SMSQ_SMS2_URL=away)
    assert (done.status, done.code) == (1, "connect_failed")
    done = shell.inside("bases", "list", "--json", SMSQ_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert (done.status, done.code) == (1, "redis_unavailable")


def test_sms2_may_be_the_default_provider(shell: Shell, stack: Stack) -> None:
    base = make(stack, "default", numbers(1))
    settings = {"SMSQ_PROVIDER": "sms2", "SMSQ_REDIS_URL": stack.redis_url.replace("/0", "/7")}
    assert shell.inside("bases", "show", base, **settings).out.split() == numbers(1)


@pytest.mark.parametrize("times", [1, 2])
def test_a_provider_that_hangs_doesn_t_keep_the_command(shell: Shell, stack: Stack, times: int) -> None:
    base = make(stack, "hangs", numbers(1))
    before = calls(stack)
    stack.order(faults="api_call:stall=1:8")
    process = shell.start("bases", "show", base, "--json")
    try:
        for n in range(times):
            wait_until(lambda: calls(stack) > before, what="it has been asked")
            process.send_signal(signal.SIGINT)
            if n == 0 and times > 1:
                # The first one is noted within a moment; the second doesn't wait for anything.
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(0.3)
        out, err = process.communicate(timeout=8)
    finally:
        stack.order(faults="")
    assert (process.returncode, json.loads(out)["error"]["code"], err) == (130, "interrupted", b"")
