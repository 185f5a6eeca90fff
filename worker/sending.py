"""Sending one batch: claim, governor, intent, provider, outcome. Everything an actor does, without Dramatiq.

The order is the promise. The claim gives a token; the intent is written, under that token, before the
request; the outcome is written after it. Whatever dies in between leaves a batch that says how far it came.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from tenacity import AsyncRetrying, RetryCallState

from producers.contract import Hold, InDoubt, NotSent, Refused, SendOutcome, SendRequest, Taken
from producers.ledger import batches, campaigns, files, outcomes, totals
from producers.ledger.accounts import note_balance
from producers.ledger.batches import Claim, Moved, NoClaim
from producers.ledger.calls import Call
from producers.ledger.totals import total
from producers.states import BatchState, CampaignState, Lane
from producers.wakeups import wake
from worker.accounts import Account
from worker.governor.gate import Permit, Wait
from worker.heartbeat import LEASE_MS, Heartbeat
from worker.metrics.definitions import observe_request
from worker.patience import PatientStore
from worker.providers.base import AT_WORK
from worker.retry import IN_PROCESS_WAIT, stop_when
from worker.waiting import throttle_wait

log = structlog.get_logger()

#: Seconds after which a batch is tried again when its account isn't configured here, or something broke.
NO_ACCOUNT_WAIT = 60.0
INTERNAL_ERROR_WAIT = 60.0
#: Seconds after which a batch looks again for a slot in flight that it didn't get in process.
NO_SLOT_WAIT = 1.0

#: Seconds: what is shorter isn't a wait.
_NOTED_WAIT = 0.001

#: Seconds of a provider's minute before a batch in doubt is looked up: the provider may still be busy with a
#: request whose connection broke.
GRACE = 60.0
#: The provider's word for a request that it has just had (`worker.providers.smsc.codes`).
DUPLICATE = "duplicate_request"
#: The word for a message that a provider refuses because it has the same one already.
DUPLICATION = "message_duplication"

#: Batches that are sent in a row on one wake-up: enough to save most of the queue's cost, few enough that
#: another campaign's batches don't wait for seconds.
MOST_FOLLOWING = 8

#: What an outcome is called in metrics and logs.
OUTCOME_NAMES: dict[type[Any], str] = {
    Taken: "taken",
    Refused: "refused",
    NotSent: "not_sent",
    InDoubt: "in_doubt",
    Hold: "held",
}


@dataclass(frozen=True)
class Sender:
    """Sends batches with what a worker process has.

    Attributes:
        ledger: The ledger.
        accounts: By name.
        stopping: Set when the process was asked to end.
        unix_time: The clock, in seconds.
        sleep: For tests.
        following: Batches that sending made room for in their campaign's window, and which no wake-up was
            written for.
    """

    ledger: PatientStore
    accounts: dict[str, Account]
    stopping: asyncio.Event
    unix_time: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    following: list[str] = field(default_factory=list)

    async def work(self, batch: str, lane: str) -> str:
        """Send a batch and then those that follow it, for a while; returns what came of the last one.

        A campaign's next batch needs no way through the queue when somebody is just ready for it. After a
        few, the queue decides again whose turn it is. A worker that dies in between leaves a timer entry, as
        for every batch.

        Raises:
            Unavailable: Redis was away for too long. What the batch needs then follows from its lease.
        """
        result = await self.send(batch)
        for _ in range(MOST_FOLLOWING):
            if not self.following or self.stopping.is_set():
                break
            result = await self.send(self.following.pop())
        if self.following:
            queues = self.ledger.store.address.queue_namespace
            await self.ledger.run(wake(queues, "send", lane, self.following))
        return result

    async def send(self, batch: str) -> str:
        """Do whatever the batch needs now; returns what was found or done, as a word.

        While Redis is away it waits: every call to it may be repeated without harm.

        Raises:
            Unavailable: Redis was away for too long. What the batch needs then follows from its lease.
        """
        claim = await self.ledger.run(batches.claim(batch, lease_ms=LEASE_MS))
        if isinstance(claim, NoClaim):
            if claim.reason == "newer":
                log.warning("job_of_newer_version", batch=batch, hint="upgrade this worker; the batch waits")
            return claim.reason
        structlog.contextvars.bind_contextvars(
            batch=claim.batch, campaign=claim.campaign, attempt=claim.attempt + 1
        )
        if claim.before is BatchState.SENDING:
            # Its owner died, or was stopped for longer than its lease, with the request on its way or sent.
            return await self._finish(claim, InDoubt("worker_lost"), None, None)
        account = self.accounts.get(claim.job.account)
        if account is None or account.provider.name != claim.job.provider:
            log.error("account_not_configured", account=claim.job.account, provider=claim.job.provider)
            return await self._give_back(claim, "account_not_configured", NO_ACCOUNT_WAIT)
        return await self._send_claimed(claim, account)

    async def _send_claimed(self, claim: Claim, account: Account) -> str:
        if claim.job.lane is not Lane.BULK:
            return await self._send_in_slot(claim, account)
        # Bulk work queues up in this process first: asking the governor again and again for a slot that this
        # process itself holds would cost more than sending.
        began = time.monotonic()
        try:
            async with asyncio.timeout(IN_PROCESS_WAIT):
                await account.bulk_slots.acquire()
        except TimeoutError:
            await self._count_wait(account.name, Wait("in_flight", 0.0), time.monotonic() - began)
            return await self._give_back(claim, "in_flight", NO_SLOT_WAIT)
        try:
            return await self._send_in_slot(claim, account, waited=time.monotonic() - began)
        finally:
            account.bulk_slots.release()

    async def _send_in_slot(self, claim: Claim, account: Account, *, waited: float = 0.0) -> str:
        request = SendRequest(
            provider_id=account.provider.message_id(claim.batch, claim.attempt + 1),
            phones=claim.pick(claim.phones),
            sender=claim.job.sender,
            text=claim.job.text if claim.texts is None else None,
            texts=None if claim.texts is None else claim.pick(claim.texts),
            options=claim.job.options,
            addresses=claim.job.addresses,
            by_mail=claim.by_mail,
        )
        if claim.job.options.files:
            contents = await self.ledger.run(files.read(claim.job.options.files))
            if None in contents:
                return await self._hold(claim, "file_missing")
            request = msgspec.structs.replace(request, files=tuple(contents))
        answer, since, rule, slept = await self._permit(claim, account, request)
        waited += slept
        if isinstance(answer, Wait):
            if not self.stopping.is_set():
                await self._count_wait(account.name, answer, waited)
            seconds = answer.seconds if answer.seconds > 0 else NO_SLOT_WAIT
            return await self._give_back(claim, answer.reason or answer.rule, seconds)
        intended = await self.ledger.run(outcomes.intend(claim, request.provider_id, lease_ms=LEASE_MS))
        ours = intended.result == "moved" or (intended.owned and intended.state == BatchState.SENDING)
        if not ours:
            await self.ledger.run(account.gate.release(answer, sent=False))
            if intended.result == "stopped":
                return await self._stopped(claim, intended)
            log.warning("claim_lost", state=intended.state)
            return "claim_lost"
        started = time.monotonic()
        heartbeat = Heartbeat(self.ledger.store, claim, account.gate, answer, since=since)
        try:
            async with heartbeat:
                outcome = await account.provider.send(request, may_send=heartbeat.may_send)
        except Exception:  # Whatever broke, the request may have gone out.
            log.exception("send_failed")
            outcome = InDoubt("internal_error")
        seconds = time.monotonic() - started
        return await self._finish(claim, outcome, (account, answer), seconds, waited=(rule, waited))

    async def _permit(
        self, claim: Claim, account: Account, request: SendRequest
    ) -> tuple[Permit | Wait, float, str, float]:
        """Ask the governor, waiting here while that is short.

        Returns:
            The answer, the monotonic moment of the last question, the rule last waited for and the seconds
            waited.
        """
        fingerprint = account.provider.fingerprint(request)
        waited = asked = 0.0
        rule = "in_flight"

        def count(state: RetryCallState) -> None:
            nonlocal waited, rule
            waited += state.upcoming_sleep
            told = state.outcome.result() if state.outcome else None
            rule = told.rule if isinstance(told, Wait) else rule

        async def ask() -> Permit | Wait:
            nonlocal asked
            asked = time.monotonic()
            if self.stopping.is_set():
                return Wait("stopping", 0.001, "worker_stopping")
            return await self.ledger.run(account.gate.acquire("send", fingerprint, claim.job.lane))

        answer = await ask()
        if isinstance(answer, Permit):
            return answer, asked, rule, 0.0
        policy = account.policies["send"]
        answer = await AsyncRetrying(
            wait=policy.wait,
            stop=policy.stop | stop_when(self.stopping.is_set),
            retry=policy.retry,
            sleep=self.sleep,
            before_sleep=count,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )(ask)
        return answer, asked, rule, waited

    async def _count_wait(self, account: str, wait: Wait, waited: float) -> None:
        seconds = waited + (wait.seconds if wait.seconds > IN_PROCESS_WAIT else 0.0)
        log.info("throttled", rule=wait.rule, reason=wait.reason, wait_seconds=round(seconds, 3))
        counted = throttle_wait(account, wait.rule, seconds)
        await self.ledger.run_all([totals.add(name, amount) for name, amount in counted.items()])

    async def _give_back(self, claim: Claim, reason: str, wait: float) -> str:
        await self.ledger.run(outcomes.give_back(claim, reason, wait))
        return "given_back"

    async def _hold(self, claim: Claim, reason: str) -> str:
        log.error("batch_held", reason=reason)
        await self.ledger.run(outcomes.hold(claim, reason, now=int(self.unix_time())))
        return "held"

    async def _stopped(self, claim: Claim, moved: Moved) -> str:
        if moved.state == CampaignState.CANCELLED:
            await self.ledger.run(outcomes.cancel(claim, now=int(self.unix_time())))
            return "cancelled"
        # Paused: it is claimed again when the campaign goes on, which puts its entry on the timer.
        await self.ledger.run(outcomes.give_back(claim, "paused", 0.0))
        return "paused"

    async def _finish(
        self,
        claim: Claim,
        outcome: SendOutcome,
        permit: tuple[Account, Permit] | None,
        seconds: float | None,
        *,
        waited: tuple[str, float] = ("", 0.0),
    ) -> str:
        """Write the outcome down, give the slot back, open the campaign's next batches.

        Args:
            claim: The batch.
            outcome: What came of the request.
            permit: The account and the slot; None when this worker sent nothing.
            seconds: How long the request took.
            waited: The rule that the batch waited for before, and the seconds.
        """
        counted = self._counted(claim, outcome, seconds)
        rule, wait = waited
        if wait >= _NOTED_WAIT:
            counted |= throttle_wait(claim.job.account, rule, wait)
        calls: list[Call[Any]] = []
        if permit is not None:
            calls += self._account_calls(*permit, outcome)
        # The slot comes free in the same round trip, but only after the outcome is safe.
        account, grace = self.accounts.get(claim.job.account), GRACE
        if account is not None and account.provider.name == claim.job.provider:
            outcome = _held_or_looked_up(outcome, account, claim)
            grace = GRACE * account.minute / 60
        record = outcomes.record(claim, outcome, now=int(self.unix_time()), totals=counted, grace=grace)
        feed = campaigns.feed(claim.campaign)
        moved, *rest = await self.ledger.run_all([record, feed, *calls])
        while moved.result == "stale":
            claim = outcomes.refreshed(claim, moved)
            moved = await self.ledger.run(
                outcomes.record(claim, outcome, now=int(self.unix_time()), totals=counted, grace=grace)
            )
        fed = rest[0]
        if fed.batches:
            self.following.append(fed.batches[0])
            if others := fed.batches[1:]:
                await self.ledger.run(
                    wake(self.ledger.store.address.queue_namespace, "send", fed.lane, others)
                )
        name = OUTCOME_NAMES[type(outcome)]
        if moved.result == "fenced" and not moved.owned:
            # Somebody else has taken over. What this request did is in the provider's books under our id.
            log.error("outcome_fenced", outcome=name, state=moved.state)
            return "fenced"
        self._log(claim, outcome, name, seconds, waited)
        return name

    def _counted(self, claim: Claim, outcome: SendOutcome, seconds: float | None) -> dict[str, int]:
        if seconds is None:
            return {}
        account = claim.job.account
        labels = {"account": account, "endpoint": "send"}
        counted = observe_request(account, "send", seconds)
        counted[total("smsq_provider_requests_total", **labels, result=OUTCOME_NAMES[type(outcome)])] = 1
        code = getattr(outcome, "code", 0)
        if code:
            counted[total("smsq_provider_errors_total", **labels, code=code)] = 1
        return counted

    def _account_calls(self, account: Account, permit: Permit, outcome: SendOutcome) -> list[Call[Any]]:
        pause, reason, sent, works = 0.0, "", True, False
        at_work = isinstance(outcome, InDoubt) and outcome.reason in AT_WORK
        match outcome:
            case Taken() | Refused() | Hold():
                works = True
            case NotSent():
                if outcome.pause_account:
                    pause, reason = outcome.wait, outcome.reason
                sent = outcome.code != 0
                works = outcome.code != 0 and not outcome.pause_account
        calls: list[Call[Any]] = [
            account.gate.release(
                permit,
                sent=sent,
                works=works,
                error=getattr(outcome, "code", 0) != 0,
                pause=pause,
                reason=reason,
                at_work=at_work,
            )
        ]
        if isinstance(outcome, Taken) and outcome.balance is not None:
            calls.append(note_balance(account.name, outcome.balance))
        return calls

    def _log(
        self,
        claim: Claim,
        outcome: SendOutcome,
        name: str,
        seconds: float | None,
        waited: tuple[str, float],
    ) -> None:
        members: dict[str, Any] = {
            "outcome": name,
            "recipients": len(claim.asked),
            "account": claim.job.account,
            "lane": claim.job.lane.value,
        }
        if seconds is not None:
            members["seconds"] = round(seconds, 3)
        if waited[1] >= _NOTED_WAIT:
            members["waited_for"], members["wait_seconds"] = waited[0], round(waited[1], 3)
        for member in ("reason", "code", "wait", "provider_id"):
            value = getattr(outcome, member, None)
            if value:
                members[member] = value
        if isinstance(outcome, (Taken, NotSent)):
            log.info("batch_sent" if isinstance(outcome, Taken) else "batch_not_sent", **members)
        else:
            log.warning("batch_not_taken", **members)


def _recipients_of(claim: Claim) -> SendRequest:
    return SendRequest(
        claim.provider_id, claim.pick(claim.phones), options=claim.job.options, addresses=claim.job.addresses
    )


def _held_or_looked_up(outcome: SendOutcome, account: Account, claim: Claim) -> SendOutcome:
    """Refine an outcome by what is known beyond the reply itself."""
    if isinstance(outcome, NotSent) and outcome.reason == DUPLICATE and claim.doubted:
        # The attempt before was proven unknown, twice; but a provider that calls this one a duplicate has
        # seen it after all. Look that one up again rather than send a third time or give up.
        return InDoubt("duplicate_after_doubt", provider_id=claim.doubted)
    if account.provider.can_look_up:
        if isinstance(outcome, InDoubt) and (
            claim.by_mail or not account.provider.finds(_recipients_of(claim))
        ):
            # A mail may wait on its way for longer than any proof of its absence; for a contact group or a
            # Telegram name the provider can't be asked. A person decides.
            return Hold(0, outcome.reason)
        return outcome
    if isinstance(outcome, Refused) and outcome.reason == DUPLICATION and claim.doubted:
        # The probe: a provider that refuses it as a duplicate has taken the first one, under its own id.
        return Taken("")
    if isinstance(outcome, InDoubt) and (claim.doubted or claim.job.lane not in account.probes):
        # Nothing can be asked: a person decides, with what the provider's own books say.
        return Hold(0, outcome.reason)
    return outcome
