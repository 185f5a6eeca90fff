"""``smsq balance`` and ``smsq cost``: asked within the throttles, shared, noted in the ledger."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from producers import Settings
from producers.answers import BalanceAnswer
from producers.ledger.accounts import read_account
from tests.conftest import wait_until
from tests.worker.cli.conftest import Shell, Stack
from worker.cli.balance import ask_balance

AWAY = {"SMSQ_REDIS_URL": "redis://127.0.0.1:1/0"}
WRONG = {"SMSQ_SMSC_PASSWORD": "wrong"}
NOBODY = {"SMSQ_SMSC_LOGIN": "", "SMSQ_SMSC_PASSWORD": ""}
PHONE = "79991230011"


def test_json(shell: Shell, stack: Stack) -> None:
    done = shell.smsq("balance", "--json")
    assert done.status == 0, done.out
    assert set(done.json) == {"account", "provider", "balance", "currency", "credit", "age_seconds"}
    assert (done.json["account"], done.json["provider"], done.json["currency"]) == ("default", "smsc", "RUR")
    assert 0 < float(done.json["balance"]) <= 1_000_000
    assert done.json["credit"] == "0.0000"


def test_for_people_and_in_the_ledger(shell: Shell) -> None:
    done = shell.smsq("balance")
    amount, currency = done.out.split()
    assert (done.status, currency) == (0, "RUR")
    with shell.producer() as producer:
        account = producer.store.run(read_account("default"))
    assert account.balance == round(float(amount) * 10_000)
    assert abs(account.balance_at / 1000 - time.time()) < 30


def test_who_asks_just_after_gets_the_same_answer_and_is_told_its_age(shell: Shell, stack: Stack) -> None:
    alone = stack.without_workers
    first = shell.inside("balance", "--json", **alone)
    asked = stack.asked()
    wait_until(lambda: shell.inside("balance", "--json", **alone).json["age_seconds"] >= 1)
    done = shell.inside("balance", **alone)
    assert done.out.startswith(first.json["balance"])
    assert "the answer is" in done.err
    assert stack.asked() == asked


def test_redis_away(shell: Shell, stack: Stack) -> None:
    before = stack.asked()
    done = shell.inside("balance", "--json", **AWAY)
    assert (done.status, done.code) == (1, "redis_unavailable")
    assert stack.asked() == before


def test_without_credentials_the_workers_are_asked(shell: Shell) -> None:
    assert shell.inside("balance", "--json", **NOBODY).status == 0


def test_nobody_has_credentials(shell: Shell, stack: Stack) -> None:
    done = shell.inside("balance", "--json", **NOBODY, **stack.without_workers)
    assert (done.status, done.code) == (2, "no_credentials")


def test_the_other_provider_can_t_be_asked_everything(shell: Shell) -> None:
    done = shell.inside("numbers", "list", "--json", SMSQ_PROVIDER="sms2")
    assert (done.status, done.code) == (2, "provider")


def test_the_other_provider_s_balance(shell: Shell, stack: Stack) -> None:
    access = {"SMSQ_SMS2_URL": stack.simulator, "SMSQ_SMS2_USER": "demo", "SMSQ_SMS2_PASSWORD": "demo"}
    done = shell.inside("balance", "--json", SMSQ_PROVIDER="sms2", **access)
    assert (done.status, done.json["provider"], done.json["currency"]) == (0, "sms2", "RUR")


@pytest.mark.parametrize("timeout", ["0", "inf"])
def test_a_timeout_that_is_none(shell: Shell, timeout: str) -> None:
    done = shell.inside("balance", "--timeout", timeout, "--json")
    assert (done.status, done.code) == (2, "bad_timeout")


def test_a_slip_in_one_shell_doesn_t_stop_the_sending(shell: Shell) -> None:
    assert shell.inside("send", "79991234567", "--text", "works before", "--wait").status == 0
    done = shell.inside("balance", "--json", **WRONG)
    if done.status:  # else a worker was quicker
        assert done.code == "auth"
    assert shell.inside("send", "79991234567", "--text", "works after", "--wait").status == 0


def test_a_paused_account_says_why(shell: Shell) -> None:
    shell.environ["SMSQ_REDIS_URL"] = shell.environ["SMSQ_REDIS_URL"].replace("/0", "/6")
    done = shell.inside("balance", "--json", **WRONG)
    assert (done.status, done.code) == (1, "auth")
    assert "SMSQ_SMSC_PASSWORD" in done.json["error"]["hint"]
    done = shell.inside("balance", "--json", "--timeout", "1", **WRONG)
    assert (done.status, done.code) == (1, "auth")
    assert shell.inside("doctor", "--json", **WRONG).json["ok"] is False


def test_the_throttle_is_kept(shell: Shell, stack: Stack) -> None:
    """Ten in a minute: the next one waits for its turn here instead of being refused there."""
    settings = Settings.from_env(shell.environ, env_file=shell.directory / "none")
    for _ in range(12):
        assert isinstance(ask_balance(settings).answer, BalanceAnswer)
    assert "9" not in stack.books()["errors"].get("balance.php", {})


def test_a_provider_that_can_t_be_reached(shell: Shell, stack: Stack) -> None:
    address = {"SMSQ_SMSC_URL": "http://127.0.0.1:1"}
    redis = {"SMSQ_REDIS_URL": stack.redis_url.replace("/0", "/7")}
    began = time.monotonic()
    done = shell.inside("balance", "--json", "--timeout", "7", **address, **redis)
    assert done.status == 1
    assert done.code in {"connect_failed", "timeout"}
    assert "SMSQ_SMSC_URL" in done.json["error"]["hint"]
    assert time.monotonic() - began < 15


def test_cost(shell: Shell) -> None:
    done = shell.smsq("cost", PHONE, "8 (999) 123-00-12", "--text", "Сколько " * 12, "--json")
    assert done.status == 0, done.out
    assert done.json["age_seconds"] >= 0
    segments = done.json["segments"]
    assert {**done.json, "age_seconds": 0} == {
        "recipients": 2,
        "cost": f"{Decimal('1.5') * segments:.4f}",
        "segments": segments,
        "age_seconds": 0,
    }
    assert segments == 4


def test_cost_for_people_sends_nothing(shell: Shell, stack: Stack) -> None:
    before = stack.books()["messages"]
    done = shell.inside("cost", PHONE, "--text", "-n-", "--kind", "viber")
    assert done.status == 0, done.err
    assert done.facts == {"recipients": "1", "cost": "1.5000", "segments": "1"}
    assert stack.books()["messages"] == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((PHONE,), "usage"),
        ((PHONE, "--text", ""), "text_empty"),
        (("12", "--text", "x"), "phone_too_short"),
        ((PHONE, "--text", "x", "--kind", "fax"), "bad_kind"),
        ((PHONE, "--text", "no link", "--kind", "push"), "bad_push"),
        ((PHONE, "--text", "x", "--kind", "email"), "bad_email"),
        ((PHONE, "--text", "x", "--voice", "m"), "bad_voice"),
        ((PHONE, "--text", "x", "--translit", "5"), "bad_translit"),
        ((*map(str, range(79990000000, 79990000501)), "--text", "x"), "bad_recipients"),
    ],
)
def test_wrong_input_is_exit_2_and_asks_nothing(
    shell: Shell, stack: Stack, arguments: tuple[str, ...], code: str
) -> None:
    before = stack.asked()
    done = shell.inside("cost", *arguments, "--json")
    assert (done.status, done.code, done.err) == (2, code, "")
    assert stack.asked() == before
