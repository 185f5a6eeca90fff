"""One request for statuses, within the governor's rules and counted; shared by look-ups and polls."""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog

from producers.contract import StatusResult
from producers.ledger import totals
from producers.ledger.totals import total
from producers.states import Lane
from worker.accounts import Account
from worker.governor.gate import Wait
from worker.metrics.definitions import observe_request
from worker.patience import PatientStore
from worker.providers.base import ProviderError

log = structlog.get_logger()

#: The mass requests of an account count as identical to each other: the stricter reading of the rule.
_MASS = "mass"


async def ask_status(
    ledger: PatientStore, account: Account, queries: Sequence[tuple[str, int]]
) -> list[StatusResult] | Wait:
    """Ask for (message id, phone) pairs in one request; a single pair in the form for one message.

    Returns:
        The answers in order, or how long the governor says to wait.

    Raises:
        ProviderError: No readable answer. It was counted, and the account paused if the error asks for that.
    """
    single = len(queries) == 1
    endpoint = "status_one" if single else "status"
    fingerprint = "{}:{}".format(*queries[0]) if single else _MASS
    permit = await ledger.run(account.gate.acquire(endpoint, fingerprint, Lane.STATUS))
    if isinstance(permit, Wait):
        return permit
    started = time.monotonic()
    try:
        answers = await account.provider.status(queries, full=True)
    except Exception as error:
        known = error if isinstance(error, ProviderError) else ProviderError("internal_error")
        if known is not error:
            log.exception("status_request_failed", account=account.name)
        await _count(ledger, account, endpoint, "error", time.monotonic() - started, known.code)
        await ledger.run(
            account.gate.release(
                permit,
                sent=True,
                works=known.code != 0 and not known.pause_account,
                error=known.code != 0,
                pause=known.wait if known.pause_account else 0.0,
                reason=known.reason,
            )
        )
        raise known from None
    await _count(ledger, account, endpoint, "ok", time.monotonic() - started, 0)
    await ledger.run(account.gate.release(permit, sent=True, works=True))
    return answers


async def _count(
    ledger: PatientStore, account: Account, endpoint: str, result: str, seconds: float, code: int
) -> None:
    labels = {"account": account.name, "endpoint": endpoint}
    counted = observe_request(account.name, endpoint, seconds)
    counted[total("smsq_provider_requests_total", **labels, result=result)] = 1
    if code:
        counted[total("smsq_provider_errors_total", **labels, code=code)] = 1
    await ledger.run_all([totals.add(field, amount) for field, amount in counted.items()])
