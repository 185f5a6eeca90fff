"""The account's balance, asked of the provider within its throttles and noted in the ledger."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tenacity import AsyncRetrying

from producers.contract import Balance
from producers.errors import SmsqError
from producers.ledger import totals
from producers.ledger.accounts import note_balance, read_account
from producers.ledger.calls import Call
from producers.ledger.store import AsyncStore
from producers.ledger.totals import total
from producers.money import format_units
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from producers.states import Lane
from worker.accounts import Account, make_accounts
from worker.cli import answers
from worker.cli.moments import span
from worker.cli.serving import require_credentials
from worker.governor.gate import Permit, Wait
from worker.metrics.definitions import observe_request
from worker.providers.base import ProviderError
from worker.providers.smsc import create_session
from worker.retry import retry_if_told_to_wait, stop_waiting_in_process, wait_for_gate

_ENDPOINT = "balance"
#: What to do when the provider doesn't answer as it should, by the reason's word.
_HINTS = {
    "auth": "check SMSQ_SMSC_LOGIN, SMSQ_SMSC_PASSWORD or SMSQ_SMSC_API_KEY, and which addresses the account"
    " allows; after five wrong tries in half an hour the provider bans this address",
    "ip_blocked": "the provider has blocked this address because of frequent errors: find their cause",
    "dns_failed": "check the network, and SMSQ_SMSC_URL",
    "connect_failed": "check the network, and SMSQ_SMSC_URL",
    "connect_timeout": "check the network, and SMSQ_SMSC_URL",
    "tls_failed": "check this machine's clock and certificates, and SMSQ_SMSC_URL",
    "proxy_failed": "check the proxy that the environment names",
}


def show(*, as_json: bool) -> None:
    """Ask and show."""
    settings = Settings.from_env()
    found = ask_balance(settings)
    currency = found.currency or "RUR"
    if as_json:
        answers.write_json(
            {
                "account": settings.account,
                "provider": settings.provider,
                "balance": format_units(found.balance),
                "currency": currency,
                "credit": format_units(found.credit),
            }
        )
        return
    credit = f" and {format_units(found.credit)} credit" if found.credit else ""
    answers.write_lines(f"{format_units(found.balance)} {currency}{credit}")


def ask_balance(settings: Settings) -> Balance:
    """Ask for the balance of the configured account.

    Raises:
        SettingsError: There are no credentials.
        Unavailable: Redis, which keeps the throttles, can't be reached; the provider was not asked.
        SmsqError: The account is paused, or the provider doesn't answer.
    """
    require_credentials(settings)
    return asyncio.run(_ask(settings))


async def _ask(settings: Settings) -> Balance:
    store = AsyncStore(RedisAddress.parse(settings.redis_url))
    try:
        async with create_session() as session:
            account = make_accounts(settings, session)[settings.account]
            return await _ask_account(store, account)
    finally:
        await store.close()


async def _ask_account(store: AsyncStore, account: Account) -> Balance:
    permit = await _permit(store, account)
    if isinstance(permit, Wait):
        raise _refused(permit)
    started = time.monotonic()
    try:
        balance = await account.provider.balance()
    except ProviderError as error:
        pause = error.wait if error.pause_account else 0.0
        if pause and permit.probing and (await store.run(read_account(account.name))).works:
            # Other credentials than these have worked and the workers have them: a slip in an operator's
            # shell must not stop the sending.
            pause = 0.0
        release = account.gate.release(
            permit,
            sent=True,
            works=error.code != 0 and not error.pause_account,
            pause=pause,
            reason=error.reason,
        )
        await store.run_all([release, *_counted(account, "error", started, error.code)])
        raise _failed(error) from None
    except BaseException:
        await store.run(account.gate.release(permit, sent=True))
        raise
    release = account.gate.release(permit, sent=True, works=True)
    noted = note_balance(account.name, balance.balance)
    await store.run_all([release, noted, *_counted(account, "ok", started, 0)])
    return balance


async def _permit(store: AsyncStore, account: Account) -> Permit | Wait:
    async def ask() -> Permit | Wait:
        # All balance requests are identical to the provider.
        return await store.run(account.gate.acquire(_ENDPOINT, "any", Lane.CONTROL))

    answer: Permit | Wait = await AsyncRetrying(
        wait=wait_for_gate(),
        stop=stop_waiting_in_process,
        retry=retry_if_told_to_wait,
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )(ask)
    return answer


def _counted(account: Account, result: str, started: float, code: int) -> list[Call[Any]]:
    labels = {"account": account.name, "endpoint": _ENDPOINT}
    counted = observe_request(account.name, _ENDPOINT, time.monotonic() - started)
    counted[total("smsq_provider_requests_total", **labels, result=result)] = 1
    if code:
        counted[total("smsq_provider_errors_total", **labels, code=code)] = 1
    return [totals.add(name, amount) for name, amount in counted.items()]


def _refused(wait: Wait) -> SmsqError:
    if wait.rule == "paused":
        return SmsqError(
            f"the account is paused ({wait.reason}); the provider was not asked",
            hint=f"it is tried again in {span(wait.seconds)}: {_HINTS.get(wait.reason, 'see smsq doctor')}",
            code="account_paused",
        )
    moment = f"in {span(wait.seconds)}" if wait.seconds else "in a moment"
    return SmsqError(
        f"the provider's throttle leaves no room for the question ({wait.rule}); it was not asked",
        hint=f"ask again {moment}",
        code="throttled",
    )


def _failed(error: ProviderError) -> SmsqError:
    code = f", error {error.code}" if error.code else ""
    return SmsqError(
        f"the provider did not tell the balance ({error.reason}{code})",
        hint=_HINTS.get(error.reason, f"try again in {span(error.wait)}" if error.wait else ""),
        code=error.reason,
    )
