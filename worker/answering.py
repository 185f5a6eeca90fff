"""Answering one question to the provider: taken from the ledger, asked within the rules, written down.

A question that only reads is asked again after a failure for as long as somebody waits. One that does
something leaves a note before it goes out; whether one whose answer was lost was done is found out, never
tried again.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from tenacity import AsyncRetrying, RetryCallState, retry_if_not_exception_type, stop_after_delay

from producers.answers import Answer, BalanceAnswer, FreeNumbers, Rented, WaitCallNumber
from producers.ledger import awaited_calls, questions
from producers.ledger.accounts import note_balance
from producers.ledger.calls import Call
from producers.ledger.questions import QuestionClaim
from producers.questions import AskNumbers, AskWaitCall, Question, RentNumber
from producers.states import Lane
from worker.accounts import Account
from worker.asking import Turn, ask_within_rules
from worker.confirming import Confirmer
from worker.governor.gate import Wait
from worker.patience import PatientStore
from worker.providers.base import ProviderError
from worker.retry import retry_if_told_to_wait, stop_when

log = structlog.get_logger()

#: Seconds for the request itself, whatever the transport would allow.
REQUEST_SECONDS = 25.0
#: Milliseconds for which nobody else takes the question: a short wait, the request, a margin. Who asks the
#: same as somebody who died waits for so long.
LEASE_MS = 40_000
#: Seconds before another look at a question whose account isn't configured here.
NO_ACCOUNT_WAIT = 2.0
#: Seconds that a question may wait in a worker's hands: whoever asked sees only then what it waits for.
IN_PROCESS = 1.0
#: Seconds of a provider's minute before it is looked up whether something was done whose answer got lost.
GRACE = 15.0


@dataclass(frozen=True)
class _Later:
    """No answer yet: what the question waits for, and for how many seconds."""

    reason: str
    seconds: float


class _MaybeDoneError(ProviderError):
    """What was asked for may have been done: never tried again here."""

    def __init__(self, error: ProviderError) -> None:
        super().__init__(error.reason, code=error.code, wait=error.wait, in_doubt=True)


@dataclass(frozen=True)
class Answerer:
    """Answers questions with what a worker process has.

    Attributes:
        ledger: The ledger.
        accounts: By name.
        stopping: Set when the process was asked to end.
    """

    ledger: PatientStore
    accounts: dict[str, Account]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, name: str) -> str:
        """Do what a question needs now; returns what was found or done, as a word.

        Raises:
            Unavailable: Redis was away for too long.
        """
        claim = await self.ledger.run(questions.take(name, lease_ms=LEASE_MS))
        if isinstance(claim, str):
            return claim
        kind = type(claim.question).__name__
        structlog.contextvars.bind_contextvars(question=name, kind=kind, account=claim.account)
        account = self.accounts.get(claim.account)
        if account is None or account.provider.name != claim.provider:
            # Another worker may have it: the accounts of different machines may differ.
            log.error("account_not_configured")
            again = questions.postpone(claim, NO_ACCOUNT_WAIT, "account_not_configured")
            await self.ledger.run(again)
            return "waits"
        try:
            if claim.doubtful:
                return await self._find_out(claim, account)
            found = await self._ask(claim, account, claim.question)
        except ProviderError as error:
            return await self._failed(claim, account, error)
        except asyncio.CancelledError:
            if not claim.question.acts:
                back = questions.postpone(claim, 0.0, "interrupted")
                await asyncio.shield(self.ledger.store.run(back))
            raise
        if isinstance(found, _Later):
            return await self._later(claim, found)
        return await self._answered(claim, account, found)

    async def _ask(self, claim: QuestionClaim, account: Account, question: Question) -> Answer | _Later:
        """Ask, waiting here while that is short.

        Raises:
            ProviderError: There is no answer, and asking again can't help.
        """
        endpoint = account.provider.endpoint(question)
        fingerprint = account.provider.question_fingerprint(question)
        policy = account.policies[endpoint]

        if isinstance(question, AskWaitCall):
            first = await Confirmer(self.ledger, account).prepare()
            if first is not None:
                return _Later(first.reason or first.rule, max(first.seconds, 0.1))

        until = time.monotonic() + claim.left

        async def request(turn: Turn) -> Answer:
            return await self._request(claim, account, question, turn, until)

        async def once() -> Answer | Wait:
            return await ask_within_rules(self.ledger, account, endpoint, fingerprint, Lane.CONTROL, request)

        def give_up(state: RetryCallState) -> Wait:
            outcome = state.outcome
            assert outcome is not None  # noqa: S101 - tenacity has tried at least once
            error = outcome.exception()
            if not isinstance(error, ProviderError):
                told: Wait = outcome.result()
                return Wait(told.rule, max(state.upcoming_sleep, 0.1), told.reason)
            return Wait(error.reason, max(state.upcoming_sleep, 0.1))

        found: Answer | Wait = await AsyncRetrying(
            wait=policy.wait,
            stop=policy.stop | stop_after_delay(IN_PROCESS) | stop_when(self.stopping.is_set),
            retry=retry_if_told_to_wait | (policy.retry & retry_if_not_exception_type(_MaybeDoneError)),
            retry_error_callback=give_up,
        )(once)
        if isinstance(found, Wait):
            return _Later(found.reason or found.rule, found.seconds)
        return found

    async def _request(
        self, claim: QuestionClaim, account: Account, question: Question, turn: Turn, until: float
    ) -> Answer:
        """Make the request, with a note before it when it does something.

        Raises:
            _MaybeDoneError: It was to do something, and may have.
            ProviderError: There is no answer.
        """
        if question.acts and not await self.ledger.run(questions.intend(claim)):
            raise ProviderError("claim_lost")

        def may_send() -> bool:
            # Nobody waits any more: what is done now would surprise them. A doubt is found out all the same.
            return turn.may_send() and (claim.doubtful or time.monotonic() < until)

        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                return await account.provider.ask(question, may_send=may_send)
        except TimeoutError:
            error = ProviderError("total_timeout", in_doubt=True)
        except ProviderError as known:
            error = known
        except Exception:
            # Whatever broke, it may have been done.
            log.exception("question_broke")
            error = ProviderError("internal_error", in_doubt=True)
        raise _MaybeDoneError(error) if question.acts and error.in_doubt else error

    async def _later(self, claim: QuestionClaim, later: _Later, *, step: str | None = None) -> str:
        if step is None and later.seconds > claim.left:
            # Nobody will wait so long: better to say so now than at the end.
            await self.ledger.run(questions.fail(claim, later.reason, 0, wait=later.seconds))
            log.info("question_waits_too_long", reason=later.reason, wait_seconds=round(later.seconds, 2))
            return "failed"
        await self.ledger.run(questions.postpone(claim, later.seconds, later.reason, step=step))
        log.info("question_waits", reason=later.reason, wait_seconds=round(later.seconds, 2))
        return "waits"

    async def _answered(self, claim: QuestionClaim, account: Account, found: Answer) -> str:
        answer = questions.answer(claim, found)
        calls: list[Any] = [answer]
        if isinstance(found, BalanceAnswer):
            calls.append(note_balance(account.name, found.balance))
        if isinstance(claim.question, AskWaitCall) and isinstance(found, WaitCallNumber):
            calls.insert(0, self._awaited(claim.question, account, found))
        done = await self.ledger.run_all(calls)
        if not done[calls.index(answer)]:
            log.warning("claim_lost")
            return "fenced"
        log.info("question_answered")
        return "answered"

    def _awaited(self, question: AskWaitCall, account: Account, found: WaitCallNumber) -> Call[int]:
        return awaited_calls.begin(
            account.name,
            question.phone,
            found.number,
            found.numbers,
            seconds=awaited_calls.WINDOW_MINUTES * account.minute,
            look_in=Confirmer(self.ledger, account).pause,
        )

    async def _failed(self, claim: QuestionClaim, account: Account, error: ProviderError) -> str:
        if isinstance(error, _MaybeDoneError):
            log.warning("question_in_doubt", reason=error.reason)
            grace = GRACE * account.minute / 60
            return await self._later(claim, _Later("in_doubt", grace), step="grace")
        await self.ledger.run(questions.fail(claim, error.reason, error.code))
        log.warning("question_failed", reason=error.reason, code=error.code)
        return "failed"

    async def _find_out(self, claim: QuestionClaim, account: Account) -> str:
        """Find out whether something was done whose answer got lost.

        Raises:
            ProviderError: That can't be told.
        """
        question = claim.question
        if not claim.step:
            # The one who asked died: its request may still be under way.
            return await self._later(claim, _Later("in_doubt", GRACE * account.minute / 60), step="grace")
        if not isinstance(question, RentNumber):
            raise ProviderError("in_doubt")
        try:
            found = await self._ask(claim, account, AskNumbers())
        except ProviderError as error:
            # Why the list can't be read says nothing of what was done.
            log.warning("question_not_found_out", reason=error.reason, code=error.code)
            raise ProviderError("in_doubt") from None
        if isinstance(found, _Later):
            return await self._later(claim, found, step=claim.step)
        assert isinstance(found, FreeNumbers)  # noqa: S101 - for the type checker
        if any(number.phone.lstrip("+") == question.phone for number in found.numbers):
            raise ProviderError("not_rented")
        return await self._answered(claim, account, Rented(question.phone, certain=False))
