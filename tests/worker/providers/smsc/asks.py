"""What the tables of questions are made of: questions, the requests they make, replies and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from producers.answers import Answer
from producers.questions import Question
from worker.providers.base import ProviderError
from worker.providers.smsc import SmscClient

from .calls import LOGIN, bad
from .servers import LiteralServer


@dataclass(frozen=True)
class Asked:
    """A question and the request that it must make, without the credentials."""

    question: Question
    path: str
    form: dict[str, str]


@dataclass(frozen=True)
class Row:
    name: str
    asked: Asked
    reply: str | bytes
    answer: Any
    status: int = 200

    @property
    def body(self) -> bytes:
        return self.reply if isinstance(self.reply, bytes) else self.reply.encode()


DUPLICATE = bad("duplicate_request", 62.0, 9)


def no_money() -> ProviderError:
    """A question that the account can't pay for says nothing of sending: it doesn't pause."""
    return bad("no_money", 60.0, 3)


def in_every_format(
    name: str, asked: Asked, code: int, text: str, answer: Answer | ProviderError
) -> list[Row]:
    """Return rows for an error reply in each of the documented forms."""
    return [
        Row(f"{name}, fmt 0", asked, f"ERROR = {code} ({text})", answer),
        Row(f"{name}, fmt 1", asked, f"0,-{code}", answer),
        Row(
            f"{name}, fmt 2",
            asked,
            f"<result><error>{text}</error><error_code>{code}</error_code></result>",
            answer,
        ),
        Row(f"{name}, fmt 3", asked, f'{{"error":"{text}","error_code":{code}}}', answer),
    ]


def common(asked: Asked) -> list[Row]:
    """Return the rows for what every method may answer."""
    return [
        *in_every_format("parameters", asked, 1, "parameters error", bad("parameters_error", 60.0, 1)),
        *in_every_format("auth", asked, 2, "authorise error", bad("auth", 600.0, 2, pause=True)),
        *in_every_format("blocked", asked, 4, "ip is blocked", bad("ip_blocked", 600.0, 4, pause=True)),
        *in_every_format("throttled", asked, 9, "duplicate request, wait a minute", DUPLICATE),
        Row(
            "parallel",
            asked,
            '{"error":"too many concurrent requests","error_code":9}',
            bad("too_many_concurrent", 5.0, 9),
        ),
        Row("unknown error", asked, '{"error":"x","error_code":77}', bad("unknown_error", 60.0, 77)),
        Row("empty", asked, "", bad("bad_reply")),
        Row("a page", asked, "<html><body>busy</body></html>", bad("bad_reply")),
        Row("cut", asked, '[{"phone":"7999', bad("bad_reply")),
        Row("502", asked, "<html></html>", bad("http_502"), 502),
        Row("500 with an error", asked, '{"error":"x","error_code":2}', bad("http_500"), 500),
        Row(
            "403 with an error", asked, '{"error":"x","error_code":2}', bad("auth", 600.0, 2, pause=True), 403
        ),
    ]


async def check(row: Row, client: SmscClient, server: LiteralServer) -> None:
    """Ask, and compare the request with the table's, and the answer or the whole error."""
    server.status, server.body = row.status, row.body
    if isinstance(row.answer, ProviderError):
        with pytest.raises(ProviderError) as caught:
            await client.ask(row.asked.question)
        assert vars(caught.value) == vars(row.answer)
    else:
        assert await client.ask(row.asked.question) == row.answer
    assert server.asked == [("POST", row.asked.path, LOGIN | row.asked.form)]
