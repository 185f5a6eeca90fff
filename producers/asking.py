"""Asking the provider: a job of the control lane, whose answer is shared by all who ask the same."""

from __future__ import annotations

from dataclasses import dataclass

from producers.answers import Answer
from producers.errors import Conflict, NotFound, SmsqError, Unavailable, WaitTimeout
from producers.ids import new_question_id
from producers.ledger import questions
from producers.ledger.calls import Flow
from producers.ledger.questions import QuestionView
from producers.questions import Question
from producers.states import Lane
from producers.wakeups import wake

#: Seconds that a caller waits for an answer unless it says otherwise: longer than any throttle's minute.
PATIENCE = 90.0

#: What to do about an answer that didn't come, by the reason's word.
_HINTS = {
    "auth": "check SMSQ_SMSC_LOGIN, SMSQ_SMSC_PASSWORD or SMSQ_SMSC_API_KEY, and which addresses the account"
    " allows; after five wrong tries in half an hour the provider bans this address",
    "ip_blocked": "the provider has blocked this address because of frequent errors: find their cause",
    "no_money": "top the account up: smsq balance",
    "parameters_error": "the provider doesn't take these values",
    "dns_failed": "check the network, and SMSQ_SMSC_URL",
    "connect_failed": "check the network, and SMSQ_SMSC_URL",
    "connect_timeout": "check the network, and SMSQ_SMSC_URL",
    "tls_failed": "check this machine's clock and certificates, and SMSQ_SMSC_URL",
    "proxy_failed": "check the proxy that the environment names",
    "account_not_configured": "the worker that took it has no such account: compare its settings with these",
    "not_rented": "the provider's answer got lost, but the number is still free: ask again",
    "in_doubt": "it may have been done all the same: look before you ask again",
    "deadline": "ask again with a longer --timeout",
}
#: Waits that end by themselves.
_THROTTLES = frozenset(
    {"identical", "any", "in_flight", "too_late", "duplicate_request", "too_many_concurrent"}
)


@dataclass(frozen=True)
class Answered:
    """An answer and how old it is.

    Attributes:
        answer: The answer; its kind follows from the question's.
        age: Seconds since the provider gave it: others may have asked the same just before.
    """

    answer: Answer
    age: float


def ask(
    namespace: str,
    account: str,
    provider: str,
    question: Question,
    *,
    max_age: float,
    patience: float,
    key: str | None = None,
    key_seconds: float = questions.KEPT,
) -> Flow[str]:
    """Write a question down and wake a worker; returns its id.

    Raises:
        Conflict: The key was used before with another question.
        Unavailable: Redis can't be reached; nothing was asked.
    """
    [(name, how)] = yield [
        questions.ask(
            new_question_id(),
            account,
            provider,
            question,
            # What does something is done for each who asks.
            max_age=0.0 if question.acts else max_age,
            patience=patience,
            key=key,
            key_seconds=key_seconds,
        )
    ]
    if how == "differs":
        raise Conflict(
            "the key was used before with another question; nothing was asked", hint="use a new key"
        )
    if how == "created":
        try:
            yield [wake(namespace, "ask", Lane.CONTROL, [name])]
        except Unavailable:
            # The timer has it too.
            pass
    return str(name)


def read(name: str) -> Flow[QuestionView]:
    """Read a question.

    Raises:
        NotFound: There is no such question any more.
    """
    fields, now = yield questions.read(name)
    found = questions.view(fields, now)
    if found is None:
        raise NotFound(f"there is no question {name[:40]!r} any more")
    return found


def answered(view: QuestionView) -> Answered | None:
    """Return the answer, or None while there is none.

    Raises:
        SmsqError: There won't be one; ``code`` is the reason's word.
    """
    if view.state == "answered" and view.answer is not None:
        return Answered(view.answer, view.age)
    if view.state == "failed":
        raise failure(view)
    return None


def failure(view: QuestionView) -> SmsqError:
    """Return why a question has no answer, as an error."""
    reason = view.code
    later = f"ask again in {view.wait:.0f} s" if view.wait >= 1 else "ask again in a moment"
    if reason in _THROTTLES:
        return SmsqError(
            f"the provider's throttle leaves no room for the question in that time ({reason})",
            hint=later,
            code="throttled",
        )
    if reason == "deadline":
        return SmsqError("nobody asked the provider in time", hint=_HINTS[reason], code="timeout")
    code = f", error {view.provider_code}" if view.provider_code else ""
    hint = _HINTS.get(reason, later if view.wait else "")
    return SmsqError(f"the provider did not answer as it should ({reason}{code})", hint=hint, code=reason)


def too_late(view: QuestionView, timeout: float) -> WaitTimeout:
    """Return the error of a caller whose time is up."""
    why = f" ({view.waits_for})" if view.waits_for else ""
    if view.waits_for in _THROTTLES:
        why = f": it waits for the provider's throttle{why}"
    return WaitTimeout(
        f"no answer came within {timeout:g} s{why}",
        hint=_HINTS.get(view.waits_for, "ask again later, and see that a worker runs: smsq doctor"),
    )
