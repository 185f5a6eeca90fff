"""Messages of other kinds: ``smsq send --kind``, ``smsq call``, ``smsq mms``, ``smsq email``."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import wait_until
from tests.worker.cli.conftest import Shell, Stack

PHONE = "79991230021"
PUSH = "https://example.org/a\nLook here"


def last_send(stack: Stack) -> dict[str, Any]:
    """The parameters of the last request that sent something."""
    with urllib.request.urlopen(f"{stack.simulator}/_books/requests", timeout=10) as reply:
        requests = json.load(reply)
    sent = [one for one in requests if one["endpoint"] == "send.php" and one["parameters"].get("cost") != "1"]
    found: dict[str, Any] = sent[-1]["parameters"]
    return found


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("flash", "flash text", {"flash": "1"}),
        ("push", PUSH, {"push": "1"}),
        ("binary", "\0abc", {"bin": "1"}),
        ("binary-hex", "00 41 42", {"bin": "2"}),
        ("viber", "viber text", {"viber": "1"}),
        ("social", "social text", {"soc": "1"}),
    ],
)
def test_send_of_a_kind(shell: Shell, stack: Stack, kind: str, text: str, wanted: dict[str, str]) -> None:
    done = shell.inside("send", PHONE, "--text", text, "--kind", kind, "--wait", "--json")
    assert done.status == 0, done.out
    assert (done.json["kind"], done.json["recipients"][0]["state"]) == (kind, "taken")
    assert last_send(stack).items() >= wanted.items()


def test_a_ping_needs_no_text(shell: Shell, stack: Stack) -> None:
    done = shell.inside("send", PHONE, "--kind", "ping", "--wait", "--json")
    assert done.status == 0, done.out
    assert last_send(stack)["ping"] == "1"


def test_telegram_names_and_a_bot(shell: Shell, stack: Stack) -> None:
    command = ("send", "@somebody1", "--text", "tg", "--kind", "telegram", "--bot", "@shop_bot")
    done = shell.inside(*command, "--wait", "--json")
    assert done.status == 0, done.out
    assert done.json["recipients"][0]["phone"] == "@somebody1"
    assert last_send(stack).items() >= {"tg": "1", "bot": "@shop_bot"}.items()


def test_all_options_of_a_text(shell: Shell, stack: Stack) -> None:
    given = {
        "--translit": "1", "--send-at": "+5", "--tz": "0", "--period": "0.5", "--freq": "2",
        "--valid": "02:00", "--max-segments": "1", "--captcha": "abc", "--user-ip": "192.0.2.1",
        "--partner": "77",
    }  # fmt: skip
    options = [item for pair in given.items() for item in pair]
    command = ("send", PHONE, "--text", "all options", *options, "--short-links", "--keep-plus")
    done = shell.inside(*command, "--wait", "--json")
    sent = last_send(stack)
    assert sent["translit"] == "1"
    assert sent["time"] == "+5"
    assert (sent["period"], sent["freq"], sent["valid"]) == ("0.5", "2", "02:00")
    assert (sent["maxsms"], sent["tinyurl"], sent["imgcode"]) == ("1", "1", "abc")
    assert (sent["userip"], sent["pp"], sent["phones"]) == ("192.0.2.1", "77", f"+{PHONE}")
    assert "error" in done.json or done.status == 0


def test_a_moment_goes_as_unix_time(shell: Shell, stack: Stack) -> None:
    done = shell.inside(
        "send", PHONE, "--text", "later", "--send-at", "2036-01-02T03:04:05+00:00", "--wait", "--json"
    )
    assert done.status == 0, done.out
    assert last_send(stack)["time"] == "02082855845"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("send", PHONE, "--text", "no link", "--kind", "push"), "bad_push"),
        (("send", PHONE, "--text", "xyz", "--kind", "binary-hex"), "bad_binary"),
        (("send", PHONE, "--text", "x", "--kind", "fax"), "bad_kind"),
        (("send", PHONE, "--text", "x", "--kind", "email"), "bad_kind"),
        (("send", PHONE, "--kind", "flash"), "usage"),
        (("send", PHONE, "--text", "x", "--freq", "5"), "bad_freq"),
        (("send", PHONE, "--text", "x", "--period", "9999"), "bad_period"),
        (("send", PHONE, "--text", "x", "--valid", "1h"), "bad_valid"),
        (("send", PHONE, "--text", "x", "--tz", "99"), "bad_tz"),
        (("send", PHONE, "--text", "x", "--captcha", "abc"), "bad_captcha"),
        (("send", PHONE, "--text", "x", "--user-ip", "nowhere"), "bad_user_ip"),
        (("send", PHONE, "--text", "x", "--bot", "@bot"), "bad_bot"),
        (("send", PHONE, "--text", "x", "--send-at", "tomorrow"), "bad_time"),
        (("send", PHONE, "--text", "x", "--send-at", "2020-01-01T10:00"), "past_time"),
        (("send", PHONE, "--text", "x", "--max-segments", "-1"), "bad_max_segments"),
        (("call", PHONE), "bad_call"),
        (("call", PHONE, "--text", "x", "--audio", "https://example.org/a.mp3"), "bad_call"),
        (("call", PHONE, "--text", "x", "--code"), "bad_call"),
        (("call", PHONE, "--audio", "ftp://example.org/a.mp3"), "bad_file_url"),
        (("call", PHONE, "--code", "--voice", "x9"), "bad_voice"),
        (("call", PHONE, "--code", "--timing", "1,2"), "bad_call_timing"),
        (("call", PHONE, "--file", "none.mp3"), "bad_files"),
        (("call", PHONE, "--file", "."), "bad_files"),
        (("call", "12", "--code"), "phone_too_short"),
        (("mms", PHONE, "--file", "picture.png"), "bad_mms"),
        (("mms", PHONE, "--subject", "x"), "bad_mms"),
        (("mms", PHONE, "--subject", "x", "--file", "empty"), "bad_files"),
        (("mms", PHONE, "--subject", "x", "--file", "big"), "bad_files"),
        (("email", "a@example.org", "--text", "x", "--sender", "shop@example.org"), "bad_email"),
        (("email", "a@example.org", "--text", "x", "--subject", "s"), "bad_email"),
        (("email", "a@example.org", "--subject", "s", "--sender", "shop@example.org"), "usage"),
        (
            ("email", "nobody", "--text", "x", "--subject", "s", "--sender", "shop@example.org"),
            "bad_email",
        ),
    ],
)
def test_wrong_input_is_exit_2_and_sends_nothing(
    shell: Shell, stack: Stack, arguments: tuple[str, ...], code: str
) -> None:
    (shell.directory / "picture.png").write_bytes(b"x" * 200)
    (shell.directory / "empty").write_bytes(b"")
    with (shell.directory / "big").open("wb") as stream:
        stream.truncate(6 * 1024 * 1024)
    before = stack.asked()
    done = shell.inside(*arguments, "--json")
    assert (done.status, done.code, done.err) == (2, code, "")
    assert stack.asked() == before


def test_the_hint_names_the_other_command(shell: Shell) -> None:
    assert "smsq email" in shell.inside("send", PHONE, "--text", "x", "--kind", "email").err


def test_a_call_that_reads_out_a_text(shell: Shell, stack: Stack) -> None:
    command = ("call", PHONE, "--text", "Здравствуйте", "--voice", "w,en", "--timing", "22,20,5")
    done = shell.inside(*command, "--wait", "--json")
    assert done.status == 0, done.out
    assert last_send(stack).items() >= {"call": "1", "voice": "w,en", "param": "22,20,5"}.items()


def test_a_call_that_plays_a_file_from_an_address(shell: Shell, stack: Stack) -> None:
    done = shell.inside("call", PHONE, "--audio", "https://example.org/a.mp3", "--wait", "--json")
    assert done.status == 0, done.out
    assert last_send(stack)["fileurl"] == "https://example.org/a.mp3"


def test_a_call_with_a_file(shell: Shell, stack: Stack) -> None:
    (shell.directory / "hello.mp3").write_bytes(b"ID3" + b"x" * 500)
    done = shell.inside("call", PHONE, "--file", "hello.mp3", "--wait", "--json")
    assert done.status == 0, done.out
    assert last_send(stack)["call"] == "1"


def test_a_code_that_the_provider_makes_up(shell: Shell) -> None:
    done = shell.smsq("call", PHONE, "--code", "--wait", "--json")
    assert done.status == 0, done.out
    code = done.json["recipients"][0]["voice_code"]
    assert re.fullmatch(r"\d{4,6}", code)
    shown = shell.inside("status", done.json["id"])
    assert shown.out.splitlines()[0].split() == ["phone", "state", "cost", "code", "meaning"]
    assert code in shown.out


def test_each_subscriber_gets_a_code_of_his_own(shell: Shell) -> None:
    done = shell.inside("call", PHONE, "79991230022", "--code", "--wait", "--json")
    assert done.status == 0, done.out
    assert all(recipient["voice_code"] for recipient in done.json["recipients"])


def test_an_mms_with_a_file(shell: Shell, stack: Stack) -> None:
    (shell.directory / "picture.png").write_bytes(b"\x89PNG" + b"x" * 500)
    command = ("mms", PHONE, "--file", "picture.png", "--subject", "Picture", "--text", "look")
    done = shell.inside(*command, "--wait", "--json")
    assert done.status == 0, done.out
    assert last_send(stack).items() >= {"mms": "1", "subj": "Picture"}.items()


def test_an_mms_from_an_address(shell: Shell, stack: Stack) -> None:
    command = ("mms", PHONE, "--file-url", "https://example.org/p.png", "--subject", "Picture")
    done = shell.inside(*command, "--wait", "--json")
    assert done.status == 0, done.out
    assert last_send(stack)["fileurl"] == "https://example.org/p.png"


def test_an_email(shell: Shell, stack: Stack, tmp_path: Path) -> None:
    (shell.directory / "note.txt").write_text("attached " * 20)
    command = ("email", "anna@example.org", "--subject", "Hello", "--text", "Hello Anna")
    done = shell.inside(*command, "--sender", "shop@example.org", "--file", "note.txt", "--wait", "--json")
    assert done.status == 0, done.out
    assert done.json["recipients"][0]["phone"] == "anna@example.org"
    assert last_send(stack).items() >= {"mail": "1", "subj": "Hello", "sender": "shop@example.org"}.items()


def test_an_email_that_was_read(shell: Shell) -> None:
    command = ("email", "read@example.org", "--subject", "Hello", "--text", "Hello reader")
    message = shell.inside(*command, "--sender", "shop@example.org").out.strip()

    def is_read() -> bool:
        done = shell.inside("status", message, "--refresh", "--json")
        return done.status == 0 and done.json["recipients"][0]["state"] == "read"

    wait_until(is_read)
