"""``smsq balance``: asked within the throttles, noted in the ledger."""

from __future__ import annotations

import time

from producers import Settings
from producers.ledger.accounts import read_account
from tests.conftest import wait_until
from tests.worker.cli.conftest import Shell, Stack
from worker.cli.balance import ask_balance

AWAY = {"SMSQ_REDIS_URL": "redis://127.0.0.1:1/0"}
WRONG = {"SMSQ_SMSC_PASSWORD": "wrong"}


def test_json(shell: Shell, stack: Stack) -> None:
    done = shell.smsq("balance", "--json")
    assert done.status == 0, done.out
    assert set(done.json) == {"account", "provider", "balance", "currency", "credit"}
    assert (done.json["account"], done.json["provider"], done.json["currency"]) == ("default", "smsc", "RUR")
    assert float(done.json["balance"]) == float(stack.books()["balance"])
    assert done.json["credit"] == "0.0000"


def test_for_people_and_in_the_ledger(shell: Shell) -> None:
    done = shell.smsq("balance")
    amount, currency = done.out.split()
    assert (done.status, currency) == (0, "RUR")
    with shell.producer() as producer:
        account = producer.store.run(read_account("default"))
    assert account.balance == round(float(amount) * 10_000)
    assert abs(account.balance_at / 1000 - time.time()) < 30


def test_redis_away(shell: Shell, stack: Stack) -> None:
    before = stack.books()["requests"]
    done = shell.inside("balance", "--json", **AWAY)
    assert (done.status, done.code) == (1, "redis_unavailable")
    assert stack.books()["requests"] == before


def test_no_credentials(shell: Shell) -> None:
    done = shell.inside("balance", "--json", SMSQ_SMSC_LOGIN="", SMSQ_SMSC_PASSWORD="")
    assert (done.status, done.code) == (2, "no_credentials")


def test_a_slip_in_one_shell_doesn_t_stop_the_sending(shell: Shell) -> None:
    assert shell.inside("send", "79991234567", "--text", "works before", "--wait").status == 0
    done = shell.inside("balance", "--json", **WRONG)
    assert (done.status, done.code) == (1, "auth")
    assert "SMSQ_SMSC_PASSWORD" in done.json["error"]["hint"]
    assert shell.inside("send", "79991234567", "--text", "works after", "--wait").status == 0


def test_credentials_that_never_worked_pause_the_account(shell: Shell) -> None:
    shell.environ["SMSQ_REDIS_URL"] = shell.environ["SMSQ_REDIS_URL"].replace("/0", "/6")
    assert shell.inside("balance", "--json", **WRONG).code == "auth"
    done = shell.inside("balance", "--json", **WRONG)
    assert (done.status, done.code) == (1, "account_paused")
    assert shell.inside("doctor", "--json").json["ok"] is False


def test_the_throttle_is_kept(shell: Shell, stack: Stack) -> None:
    """Ten in a minute: the next one waits for its turn here instead of being refused there."""
    settings = Settings.from_env(shell.environ, env_file=shell.directory / "none")
    for _ in range(12):
        ask_balance(settings)
    assert "9" not in stack.books()["errors"].get("balance.php", {})


def test_a_provider_that_can_t_be_reached(shell: Shell) -> None:
    def refused() -> bool:
        done = shell.inside("balance", "--json", SMSQ_SMSC_URL="http://127.0.0.1:1")
        return done.status == 1 and done.code == "connect_failed"

    wait_until(refused, seconds=10)
