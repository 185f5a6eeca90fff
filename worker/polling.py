"""Polling: asking the provider for the status of one batch's recipients, when somebody wants to know now."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from producers.answers import Hlr
from producers.contract import RecipientResult
from producers.ledger import batches, reports, timer
from producers.ledger.batches import BatchView
from producers.ledger.doubts import query_of
from producers.states import RANK, RecipientState
from worker.accounts import Account
from worker.asking import ask_status
from worker.governor.gate import Wait
from worker.patience import PatientStore
from worker.providers.base import ProviderError

log = structlog.get_logger()

#: Recipients that are asked for one by one; more of them go into one mass request, of which SMSC allows one a
#: minute.
SINGLES = 8


@dataclass(frozen=True)
class Poller:
    """Polls batches of one account.

    Attributes:
        ledger: The ledger.
        account: The account.
        unix_time: The clock, in seconds.
    """

    ledger: PatientStore
    account: Account
    unix_time: Callable[[], float] = time.time

    async def poll(self, batch: str) -> str:
        """Ask for every recipient of a batch whose state may still change; returns what was done."""
        view = await self.ledger.run(batches.read(batch))
        if view is None:
            return "gone"
        waiting = [
            index
            for index, row in enumerate(view.rows)
            # A probe that proved the first attempt taken has no id to ask for.
            if row.attempt and RANK[RecipientState(row.state)] in {1, 2, 3} and view.id_of(row)
        ]
        singly = len(waiting) <= SINGLES or self.account.status_pairs == 1
        groups = [[index] for index in waiting] if singly else [waiting]
        said: dict[int, tuple[RecipientResult, int]] = {}
        hlr: dict[int, Hlr] = {}
        for group in groups:
            queries = [
                (view.id_of(view.rows[index]), query_of(view.phones[index], view.job)) for index in group
            ]
            try:
                answers = await ask_status(self.ledger, self.account, queries)
            except ProviderError as error:
                # Whoever asked may ask again: a poll is for somebody who waits now.
                await self.ledger.run(timer.drop_entry("poll", batch))
                log.warning("poll_failed", batch=batch, reason=error.reason, code=error.code)
                return "failed"
            if isinstance(answers, Wait):
                due = self.unix_time() + max(answers.seconds, 0.2)
                await self.ledger.run(timer.set_entry("poll", batch, due))
                log.info(
                    "poll_throttled", batch=batch, rule=answers.rule, wait_seconds=round(answers.seconds, 1)
                )
                return "throttled"
            said |= {
                index: (answer.result, answer.changed_at)
                for index, answer in zip(group, answers, strict=True)
                if answer.known
            }
            hlr |= {
                index: answer.hlr
                for index, answer in zip(group, answers, strict=True)
                if answer.known and answer.hlr is not None
            }
        await self._record(view, said, hlr)
        return "polled"

    async def _record(
        self, view: BatchView, said: Mapping[int, tuple[RecipientResult, int]], hlr: Mapping[int, Hlr]
    ) -> None:
        rev, results = view.rev, view.results
        while True:
            recorded = await self.ledger.run(
                reports.record(view, said, rev=rev, results=results, now=int(self.unix_time()), hlr=hlr)
            )
            if recorded.result != "stale":
                return
            rev, results = recorded.rev, recorded.results
