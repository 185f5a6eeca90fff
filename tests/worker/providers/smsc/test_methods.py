"""What all questions have in common: endpoints, fingerprints, doubts, and that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

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
from worker.providers.base import ProviderError
from worker.providers.smsc import SmscClient
from worker.providers.smsc.methods import METHODS

from .servers import LiteralServer, Misbehaving, closed_port

A, B = "79990000001", "79990000002"

ENDPOINTS: list[tuple[Question, str]] = [
    (AskBalance(), "balance"),
    (AskPrice(recipients=(A,), text="x"), "price"),
    (AskStatus(messages=(("1", A), ("2", B))), "status"),
    (AskStatus(messages=(("1", A),)), "status_one"),
    (DeleteMessage(message_id="1", recipient=A), "delete"),
    (AskHistory(), "history"),
    (AskInbox(), "inbox"),
    (AskStatistics(), "statistics"),
    (AskTariffs(), "tariffs"),
    (AskOperator(phones=(A,)), "operator"),
    (AskWaitCall(phone=A), "wait_call"),
    (AskNumbers(), "numbers"),
    (RentNumber(phone=A), "rent"),
    (ChangeRenewal(phone=A), "renewal"),
    (AskDownloads(), "downloads"),
]


@pytest.mark.parametrize(("question", "endpoint"), ENDPOINTS, ids=str)
def test_endpoint(question: Question, endpoint: str, client: SmscClient) -> None:
    assert client.endpoint(question) == endpoint


def test_no_question_is_forgotten() -> None:
    assert set(METHODS) == set(get_args(Question)) == {type(question) for question, _ in ENDPOINTS}


def test_fingerprints(client: SmscClient) -> None:
    marks = [client.question_fingerprint(question) for question, _ in ENDPOINTS]
    assert len(set(marks)) == len(marks)
    one, other = AskHistory(phones=(A,)), AskHistory(phones=(B,))
    assert client.question_fingerprint(one) == client.question_fingerprint(AskHistory(phones=(A,)))
    assert client.question_fingerprint(one) != client.question_fingerprint(other)
    # All mass look-ups are one to the provider; a single message counts together with other looks at it.
    assert client.question_fingerprint(AskStatus(messages=(("7", A), ("8", B)))) == "mass"
    assert client.question_fingerprint(AskStatus(messages=(("7", A),))) == f"7:{A}"
    assert not [mark for mark in marks if mark not in {"mass", f"1:{A}"} and A in mark]


@pytest.mark.parametrize(
    "question",
    [
        AskStatus(),
        AskStatus(messages=(("1,2", A),)),
        AskStatus(messages=(("1", f"{A},{B}"), ("2", A))),
        DeleteMessage(message_id="1", recipient=f"{A};{B}"),
        DeleteMessage(message_id="", recipient=A),
        AskHistory(phones=(f"{A},{B}",)),
        AskOperator(),
        AskOperator(phones=(A, f"{A} {B}")),
        AskWaitCall(phone=f"{A},{B}"),
        RentNumber(phone=""),
        ChangeRenewal(phone=f"{A},{B}"),
    ],
    ids=str,
)
async def test_never_more_than_was_asked_for(
    question: Question, client: SmscClient, server: LiteralServer
) -> None:
    with pytest.raises(ProviderError) as caught:
        await client.ask(question)
    assert caught.value.reason in {"bad_id", "bad_recipient"}
    assert (caught.value.in_doubt, server.asked) == (False, [])


@pytest.mark.parametrize("question", [question for question, _ in ENDPOINTS], ids=str)
async def test_doubts(
    question: Question, client_for: Callable[..., SmscClient], server: LiteralServer
) -> None:
    """In doubt from the first byte on, and never before."""

    async def error_of(client: SmscClient, **more: object) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await client.ask(question, **more)  # type: ignore[arg-type]
        return caught.value

    late = await error_of(client_for(server.url), may_send=lambda: False)
    assert (late.reason, late.in_doubt) == ("too_late", False)
    nobody = await error_of(client_for(f"http://127.0.0.1:{closed_port()}"))
    assert (nobody.reason, nobody.in_doubt) == ("connect_failed", False)
    async with Misbehaving() as provider:
        gone = await error_of(client_for(provider.url))
        assert (gone.reason, gone.in_doubt, len(provider.requests)) == ("server_disconnected", True, 1)
    server.status, server.body = 500, b'{"error":"x","error_code":1}'
    assert (await error_of(client_for(server.url))).in_doubt
    server.status, server.body = 200, b"<html></html>"
    assert (await error_of(client_for(server.url))).in_doubt
    server.body = b'{"error":"authorise error","error_code":2}'
    refused = await error_of(client_for(server.url))
    assert (refused.in_doubt, refused.pause_account) == (False, True)
    assert len(server.asked) == 3
