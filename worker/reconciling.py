"""Reconciliation: asking the provider what became of batches in doubt.

Many batches go into one request, since SMSC allows one mass request for statuses a minute; a single message
is asked for by itself. What an answer changes is decided in `producers.ledger.doubts`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from producers.contract import StatusResult
from producers.ledger import doubts, totals
from producers.ledger.calls import Call
from producers.ledger.campaigns import feed
from producers.ledger.doubts import Doubt
from producers.ledger.totals import total
from producers.states import Lane
from producers.wakeups import wake
from worker.accounts import Account
from worker.governor.gate import Permit, Wait
from worker.metrics.definitions import observe_request
from worker.patience import PatientStore
from worker.providers.base import ProviderError

log = structlog.get_logger()

#: Milliseconds for which nobody else looks the same batches up: one request of at most 61 s, and a margin.
LEASE_MS = 90_000
#: Seconds of a provider's minute between the two proofs that a request never arrived.
PAUSE = 60.0
#: Seconds of a provider's minute after a look-up that told nothing; doubles with each, up to `_MOST_WAIT`.
_FIRST_WAIT, _MOST_WAIT = 60.0, 1_800.0
#: Single messages that are asked for one by one; more of them go into a mass request together.
_SINGLES = 8
#: The mass requests of an account count as identical to each other: the stricter reading of the rule.
_MASS = "mass"


@dataclass(frozen=True)
class Reconciler:
    """Looks the batches in doubt of one account up.

    Attributes:
        ledger: The ledger.
        account: The account.
        unix_time: The clock, in seconds.
    """

    ledger: PatientStore
    account: Account
    unix_time: Callable[[], float] = time.time

    async def run(self) -> str:
        """Look up what is due now; returns what was found or done, as a word."""
        found = await self.ledger.run(
            doubts.take(self.account.name, recipients=self.account.status_pairs, lease_ms=LEASE_MS)
        )
        if not found:
            return "idle"
        if not self.account.provider.can_look_up:
            await self.ledger.run_all(
                [doubts.send_again(doubt, now=int(self.unix_time())) for doubt in found]
            )
            return "probed"
        singles = [doubt for doubt in found if len(doubt.queries) == 1]
        if len(singles) > _SINGLES:
            singles = []
        for doubt in singles:
            await self._look_up("status_one", [doubt], f"{doubt.claim.provider_id}:{doubt.claim.phones[0]}")
        together = [doubt for doubt in found if doubt not in singles]
        if together:
            await self._look_up("status", together, _MASS)
        return "looked_up"

    async def _look_up(self, endpoint: str, found: Sequence[Doubt], fingerprint: str) -> None:
        answer = await self.ledger.run(self.account.gate.acquire(endpoint, fingerprint, Lane.STATUS))
        if isinstance(answer, Wait):
            wait = answer.seconds or 1.0
            await self._postpone(found, answer.reason or answer.rule, wait, looked=False)
            return
        queries = [query for doubt in found for query in doubt.queries]
        started = time.monotonic()
        try:
            answers = await self.account.provider.status(queries, full=True)
        except ProviderError as error:
            await self._failed(endpoint, found, answer, error, time.monotonic() - started)
            return
        except Exception:
            log.exception("look_up_failed", account=self.account.name)
            broken = ProviderError("internal_error")
            await self._failed(endpoint, found, answer, broken, time.monotonic() - started)
            return
        await self._count(endpoint, "ok", time.monotonic() - started)
        await self.ledger.run(self.account.gate.release(answer, sent=True, works=True))
        at = 0
        for doubt in found:
            count = len(doubt.queries)
            await self._settle(doubt, answers[at : at + count])
            at += count

    async def _settle(self, doubt: Doubt, answers: Sequence[StatusResult]) -> None:
        pause = PAUSE * self.account.minute / 60
        claim = doubt.claim
        known = sum(answer.known for answer in answers)
        calls: list[Call[Any]] = [
            doubts.settle(doubt, answers, now=int(self.unix_time()), pause=pause),
            feed(claim.campaign),
        ]
        moved, fed = await self.ledger.run_all(calls)
        if fed.batches:
            namespace = self.ledger.store.address.queue_namespace
            await self.ledger.run(wake(namespace, "send", fed.lane, fed.batches))
        log.info(
            "batch_looked_up",
            batch=claim.batch,
            provider_id=claim.provider_id,
            known=known,
            unknown=len(answers) - known,
            round=doubt.unknown + 1,
            result=moved.result,
        )

    async def _failed(
        self, endpoint: str, found: Sequence[Doubt], permit: Permit, error: ProviderError, seconds: float
    ) -> None:
        await self._count(endpoint, "error", seconds, error.code)
        await self.ledger.run(
            self.account.gate.release(
                permit,
                sent=True,
                works=error.code != 0 and not error.pause_account,
                pause=error.wait if error.pause_account else 0.0,
                reason=error.reason,
            )
        )
        log.warning(
            "look_up_failed",
            account=self.account.name,
            reason=error.reason,
            code=error.code,
            batches=len(found),
        )
        await self._postpone(found, f"look_up_failed_{error.reason}", error.wait, looked=True)

    async def _postpone(self, found: Sequence[Doubt], reason: str, wait: float, *, looked: bool) -> None:
        scale = self.account.minute / 60
        calls = []
        for doubt in found:
            longer = min(_FIRST_WAIT * float(2**doubt.looks), _MOST_WAIT) * scale if looked else 0.0
            calls.append(doubts.postpone(doubt, reason, max(wait, longer), looked=looked))
        await self.ledger.run_all(calls)

    async def _count(self, endpoint: str, result: str, seconds: float, code: int = 0) -> None:
        labels = {"account": self.account.name, "endpoint": endpoint}
        counted = observe_request(self.account.name, endpoint, seconds)
        counted[total("smsq_provider_requests_total", **labels, result=result)] = 1
        if code:
            counted[total("smsq_provider_errors_total", **labels, code=code)] = 1
        await self.ledger.run_all([totals.add(field, amount) for field, amount in counted.items()])
