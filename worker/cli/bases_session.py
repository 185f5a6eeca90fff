"""Working on phone bases from a command: the account, the ledger, and an end by Ctrl-C."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TypeVar

from producers.ledger.calls import Call
from producers.ledger.store import AsyncStore
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from worker.accounts import make_accounts
from worker.cli import asking
from worker.cli.bases_calls import BaseCalls, StoppedError
from worker.cli.interrupts import Interrupts
from worker.cli.serving import require_credentials
from worker.patience import PatientStore
from worker.providers.smsc import create_session

T = TypeVar("T")

_PROVIDER = "sms2"
#: Seconds between two looks for Ctrl-C.
_LOOK = 0.05
#: Seconds that requests under way have to end after Ctrl-C: one that is cut off keeps its slot for another
#: 20 s, since the provider may still be at work on it, and messages share the slots.
_GRACE = 3.0


def read_settings() -> Settings:
    """Return the settings, in which SMS2's credentials are.

    Raises:
        SettingsError: They aren't.
    """
    settings = Settings.from_env()
    require_credentials(replace(settings, provider=_PROVIDER))
    return settings


def run(
    settings: Settings, interrupts: Interrupts, work: Callable[[BaseCalls], Coroutine[None, None, T]]
) -> T:
    """Do something with the account's bases.

    Raises:
        KeyboardInterrupt: Ctrl-C or SIGTERM; requests under way had a little time to end.
        ProviderError: What ``work`` raised.
    """
    with interrupts.held():
        try:
            return asyncio.run(_interruptible(settings, interrupts, work))
        except (StoppedError, asyncio.CancelledError):
            raise KeyboardInterrupt from None


async def _interruptible(
    settings: Settings, interrupts: Interrupts, work: Callable[[BaseCalls], Coroutine[None, None, T]]
) -> T:
    stopping = asyncio.Event()
    task = asyncio.ensure_future(_run(settings, stopping, work))
    while not task.done() and not interrupts.number:
        await asyncio.wait({task}, timeout=_LOOK)
    if not task.done():
        stopping.set()
        await asyncio.wait({task}, timeout=_GRACE)
        task.cancel()
    return await task


async def _run(
    settings: Settings, stopping: asyncio.Event, work: Callable[[BaseCalls], Coroutine[None, None, T]]
) -> T:
    asking.be_quiet()
    store = AsyncStore(RedisAddress.parse(settings.redis_url))
    try:
        # From here on the ledger is waited for; at the beginning a person rather knows that it is away.
        await store.run(Call(("PING",), bool))
        async with create_session() as session:
            account = make_accounts(settings, session)[settings.account_of(_PROVIDER)]
            return await work(BaseCalls(PatientStore(store), account, stopping))
    finally:
        await store.close()
