"""Asking the provider from the command line: the question goes to the workers, and this process lends a hand.

It is a job like every other: written to the ledger, shared with whoever asks the same, kept to the throttles.
When this shell has credentials the command works on it too, so that it needs no running worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import structlog

from producers import asking
from producers.asking import PATIENCE, Answered
from producers.errors import SmsqError, UsageError
from producers.ledger.calls import Call
from producers.ledger.questions import QuestionView
from producers.ledger.store import AsyncStore
from producers.questions import AskBalance, Question
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from worker.accounts import make_accounts
from worker.answering import Answerer
from worker.cli.answers import note
from worker.cli.interrupts import Interrupted
from worker.cli.moments import span
from worker.cli.serving import require_credentials
from worker.patience import PatientStore
from worker.providers.smsc import create_session

T = TypeVar("T")

#: Seconds since a worker was last heard: it asks its queues several times a second.
ALIVE = 15.0
#: Seconds between two looks at the ledger.
_LOOK = 0.05
#: Seconds; nobody waits longer.
_LONGEST = 7 * 86_400.0


def ask(
    question: Question,
    *,
    timeout: float = PATIENCE,
    max_age: float | None = None,
    key: str | None = None,
    on_wait: Callable[[QuestionView], None] | None = None,
) -> Answered:
    """Ask, and wait for the answer.

    Args:
        question: The question.
        timeout: Seconds.
        max_age: Seconds that an answer to the same question may be old; None: the question's own default.
        key: Idempotency key.
        on_wait: Called at each look while there is no answer; None: a person at a terminal is told.

    Raises:
        SettingsError: There are no credentials here, and no worker runs that might have some.
        UsageError: The provider can't be asked anything, or the timeout is none.
        Interrupted: Ctrl-C.
        SmsqError: There is no answer; ``code`` says why.
    """
    tell = on_wait or (_Teller() if sys.stderr.isatty() else None)
    try:
        return asyncio.run(ask_async(Settings.from_env(), question, timeout, max_age, key, tell))
    except KeyboardInterrupt:
        raise interrupted(question) from None


class _Teller:
    """Tells a person what the question waits for, once for each reason."""

    def __init__(self) -> None:
        self._told = ""

    def __call__(self, view: QuestionView) -> None:
        if view.waits_for and view.waits_for != self._told:
            self._told = view.waits_for
            note(f"the provider can't be asked yet: {view.waits_for}, tried again in {span(view.wait)}")


def interrupted(question: Question) -> Interrupted:
    """Return what Ctrl-C leaves behind, as an error."""
    if question.acts:
        return Interrupted(
            "interrupted while the provider was asked: it may be done all the same",
            hint="look before you ask again",
        )
    return Interrupted("interrupted before the provider's answer came")


def expect(found: Answered, kind: type[T]) -> T:
    """Return an answer of the kind that goes with the question.

    Raises:
        SmsqError: It is of another kind: it was written by another version.
    """
    if isinstance(found.answer, kind):
        return found.answer
    raise SmsqError(
        "the answer in the ledger is of an unknown kind",
        hint="run the same version of smsq everywhere",
        code="bad_answer",
    )


async def ask_async(
    settings: Settings,
    question: Question,
    timeout: float = PATIENCE,  # noqa: ASYNC109 - it ends in an error that says what the question waits for
    max_age: float | None = None,
    key: str | None = None,
    on_wait: Callable[[QuestionView], None] | None = None,
) -> Answered:
    """As `ask`."""
    be_quiet()
    if not 0 < timeout < _LONGEST:
        raise UsageError("the timeout is a number of seconds above 0", code="bad_timeout")
    if settings.provider != "smsc" and not isinstance(question, AskBalance):
        raise UsageError("only SMSC can be asked this", hint="use provider smsc", code="provider")
    store = AsyncStore(RedisAddress.parse(settings.redis_url))
    try:
        async with _helping(settings, store) as answerer:
            if answerer is None and not await store.run(count_workers(store.address.queue_namespace)):
                require_credentials(settings)
            flow = asking.ask(
                store.address.queue_namespace,
                settings.account,
                settings.provider,
                question,
                max_age=question.shared_for if max_age is None else max_age,
                patience=timeout,
                key=key,
                key_seconds=settings.key_hours * 3600,
            )
            return await _wait(store, answerer, await store.drive(flow), timeout, on_wait)
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def _helping(settings: Settings, store: AsyncStore) -> AsyncIterator[Answerer | None]:
    """Give what answers questions here; None without credentials."""
    if not settings.has_credentials_for(settings.provider):
        yield None
        return
    async with create_session() as session:
        yield Answerer(PatientStore(store), make_accounts(settings, session))


async def _wait(
    store: AsyncStore,
    answerer: Answerer | None,
    name: str,
    patience: float,
    on_wait: Callable[[QuestionView], None] | None,
) -> Answered:
    deadline = time.monotonic() + patience
    next_try = 0.0
    while True:
        view = await store.drive(asking.read(name))
        found = asking.answered(view)
        if found is not None:
            return found
        now = time.monotonic()
        if now >= deadline:
            raise asking.too_late(view, patience)
        if on_wait is not None:
            on_wait(view)
        if answerer is not None and now >= next_try:
            try:
                async with asyncio.timeout(deadline - now + 1):
                    done = await answerer.answer(name)
            except TimeoutError:
                continue
            waits = (await store.drive(asking.read(name))).wait if done == "waits" else 1.0
            next_try = time.monotonic() + (0.0 if done == "answered" else waits)
            continue
        await asyncio.sleep(min(_LOOK, deadline - now))


def count_workers(namespace: str) -> Call[int]:
    """Return how many worker processes have been heard lately; ``namespace`` is that of the queues."""
    since = int((time.time() - ALIVE) * 1000)
    return Call(("ZCOUNT", f"{namespace}:__heartbeats__", since, "+inf"), int, queue=True)


def be_quiet() -> None:
    """Keep the worker's log lines out of a command's answer: what goes wrong is in the answer."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
