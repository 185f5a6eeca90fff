"""What ``smsq doctor`` wants of the work itself: workers, a provider that answers, nothing stuck.

A check never raises: what it can't find out is a finding too.
"""

from __future__ import annotations

import time
from contextlib import closing

from producers.errors import SmsqError, Unavailable
from producers.ids import owner_of
from producers.ledger import keys
from producers.ledger.accounts import read_account
from producers.ledger.calls import Call
from producers.ledger.store import Store
from producers.money import format_units
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from worker.cli.finding import FAILED, OK, WARNING, Finding
from worker.cli.moments import span

#: Seconds for which a check waits for the provider.
_PATIENCE = 30.0
#: Messages and campaigns named of those that something is stuck in.
_SHOWN = 3


def check_work(settings: Settings) -> list[Finding]:
    """Look at the workers, the account and what is stuck; Redis answers."""
    with closing(Store(RedisAddress.parse(settings.redis_url))) as store:
        try:
            return [
                _workers(store),
                _account(store, settings.account),
                _stuck(store, "in doubt", keys.IN_DOUBT, "the provider is asked what became of them"),
                _stuck(store, "held", keys.HELD, "they wait for a person's decision"),
            ]
        except Unavailable as error:
            return [Finding("work", FAILED, error.message, error.hint)]


def _workers(store: Store) -> Finding:
    from worker.cli.asking import ALIVE, count_workers

    alive = store.run(count_workers(store.address.queue_namespace))
    if not alive:
        return Finding(
            "workers",
            WARNING,
            f"none has been heard for {ALIVE:.0f} s: nothing is sent",
            "start one: smsq worker",
        )
    return Finding("workers", OK, f"{alive} process{'es' if alive > 1 else ''} at work")


def _account(store: Store, name: str) -> Finding:
    account = store.run(read_account(name))
    left = account.pause_until / 1000 - time.time()
    if left > 0:
        return Finding(
            "account",
            FAILED,
            f"{name} is paused for another {span(left)}: {account.pause_reason}",
            "remove the cause; sending goes on by itself then",
        )
    if account.balance is None:
        return Finding("account", OK, f"{name} is not paused")
    age = span(time.time() - account.balance_at / 1000)
    return Finding("account", OK, f"{name} is not paused; balance {format_units(account.balance)}, {age} ago")


def _stuck(store: Store, name: str, key: str, meaning: str) -> Finding:
    count = store.run(Call(("ZCARD", key), int))
    if not count:
        return Finding(name, OK, "none")
    oldest = store.run(Call(("ZRANGE", key, 0, _SHOWN - 1), lambda reply: [item.decode() for item in reply]))
    owners = ", ".join(dict.fromkeys(map(owner_of, oldest)))
    return Finding(
        name,
        WARNING,
        f"{count} batch{'es' if count > 1 else ''}: {meaning}",
        f"smsq held list shows them; the oldest belong to {owners}",
    )


def check_provider(settings: Settings, *, redis_reachable: bool) -> list[Finding]:
    """Ask the provider for the balance: that shows network and credentials at once, and costs nothing."""
    if not settings.has_credentials_for(settings.provider):
        return []
    if not redis_reachable:
        return [Finding("provider", WARNING, "not asked: the throttles are kept in Redis", "see redis above")]
    from producers.answers import BalanceAnswer
    from worker.cli.asking import expect
    from worker.cli.balance import ask_balance

    try:
        balance = expect(ask_balance(settings, timeout=_PATIENCE), BalanceAnswer)
    except SmsqError as error:
        throttled = error.code == "throttled"
        return [Finding("provider", WARNING if throttled else FAILED, error.message, error.hint)]
    amount = f"{format_units(balance.balance)} {balance.currency}".strip()
    return [Finding("provider", OK, f"{settings.provider} answers and knows the account; balance {amount}")]
