"""Whatever the bytes: nothing is raised, and nothing is taken without an id that a person would find."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any, get_args

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from producers.answers import Answer
from producers.contract import Hold, InDoubt, NotSent, Refused, SendRequest, Taken
from producers.questions import (
    AskBalance,
    AskDownloads,
    AskHistory,
    AskInbox,
    AskNumbers,
    AskOperator,
    AskPrice,
    AskStatistics,
    AskStatus,
    AskTariffs,
    AskWaitCall,
    ChangeRenewal,
    DeleteMessage,
    Question,
    RentNumber,
)
from producers.states import RecipientState
from worker.providers.smsc import balances, replies, sent, statuses
from worker.providers.smsc.methods import METHODS

PHONES = (79990000001, 79990000002, 79990000003)
REQUEST = SendRequest("c1.1.1", PHONES, text="Hi")
QUERIES = (("c1.1.1", PHONES[0]), ("7", PHONES[1]))

names = st.sampled_from(
    [
        "id",
        "cnt",
        "cost",
        "balance",
        "error",
        "error_code",
        "phones",
        "phone",
        "status",
        "err",
        "last_timestamp",
        "message",
        "int_id",
        "type",
        "flag",
        "imsi",
        "result",
        "country",
        "all_phones",
        "name",
        "login",
        "code",
    ]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["7", "0", "-1", "c1.1.1", "1.40", "", "NaN", "1e999999999", *map(str, PHONES)])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=20,
)
pieces = st.sampled_from(["OK - ", "1 SMS", ", ID - ", "ERROR = ", "(no money)", "1.40", "c1.1.1", "7"]) | (
    st.sampled_from(["<result>", "</result>", "<id>", "</id>", "<html>", "&lt;", '"id":', "\ufeff"])
    | st.sampled_from(list('{}[],-\n Ж07"'))
)
bodies = (
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    | st.lists(pieces, max_size=12).map(lambda parts: "".join(parts).encode())
    | values.map(lambda value: json.dumps(value).encode())
    | values.map(lambda value: json.dumps(value, ensure_ascii=False).encode("cp1251", "replace"))
    | st.dictionaries(names, values, max_size=8).map(lambda value: json.dumps(value).encode())
)
http = st.just(200) | st.integers(100, 599)


@given(bodies, http)
@example(b'{"id":1e999999999999}', 200)
@example(b'{"id":7,"cost":1e-999999999999,"balance":' + b"9" * 5000 + b"}", 200)
@example(b'{"id":' + b"9" * 20 + b"}", 200)
@example("٣,٣".encode(), 200)
@settings(max_examples=400, deadline=None)
def test_a_send_is_taken_only_with_an_id(body: bytes, status: int) -> None:
    outcome = sent.outcome(status, body, REQUEST)

    assert isinstance(outcome, Taken | Refused | NotSent | InDoubt | Hold)
    if isinstance(outcome, Taken):
        assert status == 200
        _check_taken(outcome, body)
    if not 200 <= status < 500:
        assert isinstance(outcome, InDoubt)


def _check_taken(outcome: Taken, body: bytes) -> None:
    assert outcome.provider_id.isascii()
    assert 1 <= len(outcome.provider_id) <= 40
    assert outcome.provider_id.strip("0.-_")
    assert _mentions(body, outcome.provider_id)
    assert outcome.cost is None or 0 <= outcome.cost < 2**32 * len(PHONES)
    assert outcome.balance is None or abs(outcome.balance) <= 10**16
    for index, result in outcome.exceptions.items():
        assert 0 <= index < len(PHONES)
        assert result.state in set(RecipientState)
        assert -128 <= result.status <= 127
        assert 0 <= result.err <= 65_535
        assert result.cost is None or 0 <= result.cost < 2**32 - 1


def _mentions(body: bytes, provider_id: str) -> bool:
    text = body.decode("utf-8-sig", "replace")
    if provider_id in text:
        return True
    # 1e1 is 10, and "\\u0037" is 7.
    value: Any = json.loads(text, parse_float=Decimal)
    given = value["id"]
    return str(int(given)) == provider_id if isinstance(given, Decimal) else given.strip() == provider_id


@given(bodies)
@settings(max_examples=200, deadline=None)
def test_other_replies_are_read_or_unreadable(body: bytes) -> None:
    try:
        document = replies.read(body)
    except replies.UnreadableError:
        return
    replies.error_in(document)
    with suppress(replies.UnreadableError):
        assert abs(balances.answer(document, AskBalance()).balance) <= 10**16
    with suppress(replies.UnreadableError):
        found = statuses.results(document, QUERIES)
        assert [result.phone for result in found] == [phone for _, phone in QUERIES]


QUESTIONS: list[Question] = [
    AskBalance(),
    AskPrice(recipients=("79990000001",), text="x"),
    AskStatus(messages=(("c1.1.1", "79990000001"), ("7", "a@b.ru"))),
    AskStatus(messages=(("c1.1.1", "79990000001"),)),
    DeleteMessage(message_id="7", recipient="79990000001"),
    AskHistory(),
    AskInbox(),
    AskStatistics(),
    AskTariffs(),
    AskOperator(phones=("79990000001", "79990000002")),
    AskWaitCall(phone="79990000001"),
    AskNumbers(),
    RentNumber(phone="79990000001"),
    ChangeRenewal(phone="79990000001"),
    AskDownloads(),
]


@given(bodies)
@example(b"<a><b>1</b>2</a>")
@example(b"<a></a><b></b>")
@example(b"<" * 2000)
@example(b"<a>" * 2000)
@example(b"[" * 20_000)
@example(b"Status = 1, message = , type = ")
@settings(max_examples=300, deadline=None)
def test_every_answer_is_read_or_unreadable(body: bytes) -> None:
    for question in QUESTIONS:
        method = METHODS[type(question)]
        with suppress(replies.UnreadableError):
            answer = method.answer(replies.read(body), question)
            # What is read can be written down: it goes to whoever asked through Redis.
            assert isinstance(answer, get_args(Answer))
            assert msgspec.json.encode(answer)


@given(st.dictionaries(names, values, max_size=6))
@settings(max_examples=100, deadline=None)
def test_a_message_is_unknown_only_when_it_says_so(row: dict[str, Any]) -> None:
    document = replies.read(json.dumps(row).encode())
    try:
        found = statuses.results(document, QUERIES[:1])
    except replies.UnreadableError:
        return
    assert found[0].known == (str(row["status"]).strip().removesuffix(".0") not in {"-3", "-03", "-3e0"})
