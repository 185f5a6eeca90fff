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
from producers.ledger import doubts
from producers.ledger.calls import Call
from producers.ledger.campaigns import feed
from producers.ledger.doubts import Doubt
from producers.wakeups import wake
from worker.accounts import Account
from worker.asking import ask_status
from worker.governor.gate import Wait
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
            await self._look_up([doubt])
        together = [doubt for doubt in found if doubt not in singles]
        if together:
            await self._look_up(together)
        return "looked_up"

    async def _look_up(self, found: Sequence[Doubt]) -> None:
        queries = [query for doubt in found for query in doubt.queries]
        try:
            answers = await ask_status(self.ledger, self.account, queries)
        except ProviderError as error:
            log.warning(
                "look_up_failed",
                account=self.account.name,
                reason=error.reason,
                code=error.code,
                batches=len(found),
            )
            await self._postpone(found, f"look_up_failed_{error.reason}", error.wait, looked=True)
            return
        if isinstance(answers, Wait):
            wait = answers.seconds or 1.0
            await self._postpone(found, answers.reason or answers.rule, wait, looked=False)
            return
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

    async def _postpone(self, found: Sequence[Doubt], reason: str, wait: float, *, looked: bool) -> None:
        scale = self.account.minute / 60
        calls = []
        for doubt in found:
            longer = min(_FIRST_WAIT * float(2**doubt.looks), _MOST_WAIT) * scale if looked else 0.0
            calls.append(doubts.postpone(doubt, reason, max(wait, longer), looked=looked))
        await self.ledger.run_all(calls)
