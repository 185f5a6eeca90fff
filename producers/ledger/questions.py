"""Questions to a provider on their way: written down once, asked by one worker, read by whoever waits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

import msgspec

from producers.answers import Answer
from producers.ledger import keys
from producers.ledger.calls import Call
from producers.questions import Question

#: Milliseconds after which a question whose wake-up did nothing is woken again.
REWAKE_MS = 2_000
#: Seconds for which an answer can be read, and a key is known.
KEPT = 3600.0

_encode = msgspec.json.Encoder().encode
_decode_question = msgspec.json.Decoder(Question).decode
_decode_answer = msgspec.json.Decoder(Answer).decode

Asked = Literal["created", "joined", "known", "same", "differs"]


def digest_of(account: str, provider: str, question: Question) -> str:
    """Return what makes two questions the same."""
    content = _encode([account, provider, question])
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def ask(
    name: str,
    account: str,
    provider: str,
    question: Question,
    *,
    max_age: float,
    patience: float,
    key: str | None = None,
    key_seconds: float = KEPT,
    now_ms: int = 0,
) -> Call[tuple[str, Asked]]:
    """Write a question down, or find the one that somebody else has just asked; see ``lua/ask.lua``.

    Args:
        name: Id of the new question.
        account: Name of the account.
        provider: Whose account that is.
        question: The question.
        max_age: Seconds that another's answer may be old; 0: the question is asked by itself.
        patience: Seconds after which nobody waits for the answer any more.
        key: The caller's idempotency key.
        key_seconds: How long the key is remembered.
        now_ms: For tests: the time; 0 is the server's clock.
    """
    digest = digest_of(account, provider, question)
    pointer, how = keys.question(f"same:{digest}"), str(round(max_age * 1000)) if max_age > 0 else ""
    if key is not None:
        pointer, how = keys.idempotency(f"question\0{key}"), "key"
    kept = max(KEPT, patience + KEPT, key_seconds if key is not None else 0.0)
    return Call.lua(
        "ask",
        [keys.question(name), pointer, keys.TIMER],
        [
            name,
            digest,
            how,
            round(patience * 1000),
            round(kept * 1000),
            REWAKE_MS,
            keys.question(""),
            now_ms,
            "account",
            account,
            "provider",
            provider,
            "question",
            _encode(question),
        ],
        lambda reply: (reply[0].decode(), reply[1].decode()),
    )


@dataclass(frozen=True)
class QuestionClaim:
    """One worker's right to ask one question until the lease ends.

    Attributes:
        id: Id of the question.
        token: Fencing token.
        account: Name of the account.
        provider: Whose account that is.
        question: The question.
        left: Seconds for which somebody waits for the answer.
        doubtful: A former owner may have asked it, and what it got is lost.
        step: What has been found out about a doubtful one, or empty.
    """

    id: str
    token: int
    account: str
    provider: str
    question: Question
    left: float
    doubtful: bool
    step: str


def take(name: str, *, lease_ms: int, now_ms: int = 0) -> Call[QuestionClaim | str]:
    """Take a question for ``lease_ms``, or say why not; see ``lua/take_question.lua``."""

    def parse(reply: list[Any]) -> QuestionClaim | str:
        if reply[0] != b"taken":
            return str(reply[0].decode())
        _, token, account, provider, question, left, doubtful, step = reply
        return QuestionClaim(
            name,
            token,
            account.decode(),
            provider.decode(),
            _decode_question(question),
            left / 1000,
            doubtful == 1,
            step.decode(),
        )

    return Call.lua(
        "take_question",
        [keys.question(name), keys.TIMER],
        [name, lease_ms, uuid4().hex, now_ms],
        parse,
    )


def _move(
    claim: QuestionClaim,
    state: str,
    due: float | Literal["-"] | None,
    fields: Mapping[str, str | int | bytes],
) -> Call[bool]:
    due_ms: str | int = "" if due is None else "-" if due == "-" else round(due * 1000)
    return Call.lua(
        "question",
        [keys.question(claim.id), keys.TIMER],
        [claim.id, claim.token, state, due_ms, 0, *(item for pair in fields.items() for item in pair)],
        bool,
    )


def intend(claim: QuestionClaim) -> Call[bool]:
    """Note that a question that does something is about to be asked; False: it is no longer ours."""
    return _move(claim, "asking", "-", {"intent": 1})


def postpone(claim: QuestionClaim, seconds: float, reason: str, *, step: str | None = None) -> Call[bool]:
    """Give a question back until later; a wait costs no attempt."""
    fields: dict[str, str | int] = {"waits_for": reason, "wait_ms": round(seconds * 1000)}
    fields |= {"intent": 0} if step is None else {"step": step}
    return _move(claim, "asked", seconds, fields)


def answer(claim: QuestionClaim, found: Answer) -> Call[bool]:
    """Write the answer down."""
    return _move(claim, "answered", None, {"answer": _encode(found)})


def fail(claim: QuestionClaim, reason: str, code: int, *, wait: float = 0.0) -> Call[bool]:
    """Write down why there is no answer: a stable word and the provider's error code, or 0."""
    return _move(
        claim, "failed", None, {"code": reason, "provider_code": code, "wait_ms": round(wait * 1000)}
    )


@dataclass(frozen=True)
class QuestionView:
    """A question as it stands.

    Attributes:
        state: ``asked``, ``asking``, ``answered`` or ``failed``.
        answer: The answer, when answered.
        age: Seconds since it was answered.
        code: Why it failed, as a stable word.
        provider_code: The provider's error code, 0 when it gave none.
        waits_for: What it had to wait for last, as a stable word, or empty.
        wait: Seconds of that wait.
        started: When it was asked for, in unix milliseconds.
        answered_at: When it was answered, in unix milliseconds.
    """

    state: str
    answer: Answer | None
    age: float
    code: str
    provider_code: int
    waits_for: str
    wait: float
    started: int
    answered_at: int

    def __repr__(self) -> str:
        return f"QuestionView(state={self.state!r})"


_FIELDS = (
    "state", "answer", "answered_at", "code", "provider_code", "waits_for", "wait_ms", "created",
)  # fmt: skip


def read(name: str) -> list[Call[Any]]:
    """Return two calls, for the record's fields and the server's time, whose replies `view` reads."""
    return [
        Call(("HMGET", keys.question(name), *_FIELDS), lambda reply: reply),
        Call(("TIME",), lambda reply: int(reply[0]) * 1000 + int(reply[1]) // 1000),
    ]


def view(fields: list[Any], now_ms: int) -> QuestionView | None:
    """Read the replies of `read`; None when there is no such question any more."""
    state, found, answered_at, code, provider_code, waits_for, wait_ms, created = fields
    if state is None:
        return None
    return QuestionView(
        state=state.decode(),
        answer=_decode_answer(found) if found else None,
        age=max(0.0, (now_ms - int(answered_at)) / 1000) if answered_at else 0.0,
        code=(code or b"").decode(),
        provider_code=int(provider_code or 0),
        waits_for=(waits_for or b"").decode(),
        wait=int(wait_ms or 0) / 1000,
        started=int(created),
        answered_at=int(answered_at or 0),
    )
