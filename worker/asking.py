"""One request that sends nothing, within the governor's rules and counted: look-ups, polls, questions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from producers.contract import StatusResult
from producers.ledger import totals
from producers.ledger.totals import total
from producers.states import Lane
from worker.accounts import Account
from worker.governor.gate import Wait
from worker.governor.rules import window_seconds
from worker.metrics.definitions import observe_request
from worker.patience import PatientStore
from worker.providers.base import AT_WORK, TOO_LATE, ProviderError
from worker.waiting import throttle_wait

T = TypeVar("T")
log = structlog.get_logger()

#: The mass requests of an account count as identical to each other: the stricter reading of the rule.
_MASS = "mass"


class Turn:
    """A permit's right to send one request, which ends long before somebody else's turn can begin.

    The provider counts requests when they arrive. A process that was stopped with a permit in its hands, or
    whose connection took long, would otherwise send into the next one's minute.

    Args:
        minute: Seconds that the provider's windows last.
        clock: Monotonic seconds.
    """

    def __init__(self, minute: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.began = clock()
        self._until = self.began + window_seconds(minute) / 3

    def may_send(self) -> bool:
        """Whether the request may still go out."""
        return self._clock() < self._until

    @property
    def late(self) -> float:
        """Seconds from the permit until now, when the reply is there or given up.

        The provider has counted the request at some moment before: one that was stuck on its way, rather
        late.
        """
        return self._clock() - self.began


async def ask_status(
    ledger: PatientStore, account: Account, queries: Sequence[tuple[str, int | str]]
) -> list[StatusResult] | Wait:
    """Ask for (message id, recipient) pairs in one request; a single pair in the form for one message.

    Returns:
        The answers in order, or how long to wait before asking again.

    Raises:
        ProviderError: No readable answer. It was counted, and the account paused if the error asks for that.
    """
    single = len(queries) == 1
    endpoint = "status_one" if single else "status"
    fingerprint = "{}:{}".format(*queries[0]) if single else _MASS
    return await ask_within_rules(
        ledger,
        account,
        endpoint,
        fingerprint,
        Lane.STATUS,
        lambda turn: account.provider.status(queries, full=True, may_send=turn.may_send),
    )


async def ask_within_rules(
    ledger: PatientStore,
    account: Account,
    endpoint: str,
    fingerprint: str,
    lane: Lane,
    request: Callable[[Turn], Awaitable[T]],
) -> T | Wait:
    """Make one request that sends nothing, when the governor allows it; answers as `ask_status`."""
    turn = Turn(account.minute)
    permit = await ledger.run(account.gate.acquire(endpoint, fingerprint, lane))
    if isinstance(permit, Wait):
        return await _told_to_wait(ledger, account, endpoint, permit)
    started = time.monotonic()
    try:
        answer = await request(turn)
    except asyncio.CancelledError:
        # Whoever asked was told to end, perhaps with the request under way.
        await asyncio.shield(ledger.store.run(account.gate.release(permit, sent=True, at_work=True)))
        raise
    except Exception as error:
        known = error if isinstance(error, ProviderError) else ProviderError("internal_error")
        if known is not error:
            log.exception("request_failed", account=account.name, endpoint=endpoint)
        if known.reason == TOO_LATE:
            await ledger.run(account.gate.release(permit, sent=False))
            return await _told_to_wait(ledger, account, endpoint, Wait(TOO_LATE, known.wait))
        await _count(ledger, account, endpoint, "error", time.monotonic() - started, known.code)
        await ledger.run(
            account.gate.release(
                permit,
                sent=True,
                works=known.code != 0 and not known.pause_account,
                error=known.code != 0,
                pause=known.wait if known.pause_account else 0.0,
                reason=known.reason,
                at_work=known.reason in AT_WORK,
                late=turn.late,
            )
        )
        raise known from None
    await _count(ledger, account, endpoint, "ok", time.monotonic() - started, 0)
    await ledger.run(account.gate.release(permit, sent=True, works=True, late=turn.late))
    return answer


async def _told_to_wait(ledger: PatientStore, account: Account, endpoint: str, wait: Wait) -> Wait:
    log.info(
        "throttled", account=account.name, endpoint=endpoint, rule=wait.rule, reason=wait.reason,
        wait_seconds=round(wait.seconds, 3),
    )  # fmt: skip
    counted = throttle_wait(account.name, wait.rule, wait.seconds)
    await ledger.run_all([totals.add(name, amount) for name, amount in counted.items()])
    return wait


async def _count(
    ledger: PatientStore, account: Account, endpoint: str, result: str, seconds: float, code: int
) -> None:
    labels = {"account": account.name, "endpoint": endpoint}
    counted = observe_request(account.name, endpoint, seconds)
    counted[total("smsq_provider_requests_total", **labels, result=result)] = 1
    if code:
        counted[total("smsq_provider_errors_total", **labels, code=code)] = 1
    await ledger.run_all([totals.add(field, amount) for field, amount in counted.items()])
