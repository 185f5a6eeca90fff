"""Confirming a phone by its subscriber's call: which number to call, and whether the call came."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from producers.errors import NotFound
from producers.ledger import awaited_calls
from producers.ledger.awaited_calls import AwaitedCall
from producers.ledger.store import AsyncStore
from producers.phones import parse_phone
from producers.questions import AskWaitCall
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from producers.views import iso_time
from worker.accounts import make_accounts
from worker.cli import answers, asking
from worker.cli.answered import AnsweredError
from worker.cli.interrupts import Interrupted
from worker.cli.moments import local_time
from worker.confirming import Confirmer
from worker.patience import PatientStore
from worker.providers.smsc import create_session

#: Seconds between two looks at the ledger.
_LOOK = 0.25
#: Pauses between our own looks into the inbox when workers look too: theirs may lack the control lane.
_RARELY = 3


def show(phone: str, *, wait: bool, timeout: float | None, answer_timeout: float, as_json: bool) -> None:
    """Ask which number to call, and wait for the call if wished.

    Raises:
        AnsweredError: The call did not come.
        Interrupted: Ctrl-C while it was waited for.
    """
    digits = str(parse_phone(phone))
    settings = Settings.from_env()
    asking.ask(AskWaitCall(phone=digits), timeout=answer_timeout)
    try:
        found = asyncio.run(_watch(settings, digits, 0.0))
        if not as_json:
            until = local_time(round(found.expires_at * 1000))
            answers.write_lines(f"call {found.number} until {until}")
        if wait and found.state == "waiting":
            found = asyncio.run(_watch(settings, digits, found.left if timeout is None else timeout))
    except KeyboardInterrupt:
        raise Interrupted(
            "the call is no longer waited for here; it may still come",
            hint="the same command waits again",
        ) from None
    answer = _json(digits, found)
    if wait and found.state != "confirmed":
        raise _not_called(found, answer)
    if as_json:
        answers.write_json(answer)
    elif found.state == "confirmed":
        answers.write_lines("confirmed")


async def _watch(settings: Settings, phone: str, seconds: float) -> AwaitedCall:
    """Look until the call has come, its time is over, or ours is."""
    store = AsyncStore(RedisAddress.parse(settings.redis_url))
    deadline = time.monotonic() + seconds
    asking.be_quiet()
    try:
        async with create_session() as session:
            accounts = make_accounts(settings, session)
            account = accounts.get(settings.account)
            confirmer = Confirmer(PatientStore(store), account) if account is not None else None
            next_look = time.monotonic() + (confirmer.pause if confirmer else 0.0)
            while True:
                found = await _read(store, settings.account, phone)
                now = time.monotonic()
                over = found.state == "expired"
                if confirmer is not None and seconds > 0 and (over or now >= next_look):
                    # The last time for a call that came at the last moment.
                    if found.state != "confirmed" and await confirmer.look() == "looked":
                        found = await _read(store, settings.account, phone)
                    watched = await store.run(asking.count_workers(store.address.queue_namespace))
                    next_look = now + confirmer.pause * (_RARELY if watched else 1)
                if found.state != "waiting" or now >= deadline:
                    return found
                await asyncio.sleep(min(_LOOK, max(deadline - now, 0.0)))
    finally:
        await store.close()


async def _read(store: AsyncStore, account: str, phone: str) -> AwaitedCall:
    found = awaited_calls.view(*await store.run_all(awaited_calls.read(account, phone)))
    if found is None:
        raise NotFound("no call of this phone is waited for any more")
    return found


def _json(phone: str, found: AwaitedCall) -> dict[str, Any]:
    return {
        "phone": phone,
        "number": found.number,
        "numbers": list(found.numbers),
        "state": found.state,
        "expires_at": iso_time(round(found.expires_at * 1000)),
        "confirmed_at": iso_time(round(found.confirmed_at * 1000)),
    }


def _not_called(found: AwaitedCall, answer: dict[str, Any]) -> AnsweredError:
    if found.state == "expired":
        return AnsweredError(
            "the subscriber has not called in time",
            hint="the same command waits for another call",
            code="expired",
            answer=answer,
        )
    return AnsweredError(
        "the subscriber has not called yet; the provider still waits",
        hint="the same command waits again",
        code="timeout",
        answer=answer,
    )
