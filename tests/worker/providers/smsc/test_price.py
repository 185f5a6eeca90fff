"""`send.php?cost=1`."""

from __future__ import annotations

import pytest

from producers.answers import Price
from producers.kinds import Kind, SendOptions
from producers.questions import AskPrice
from worker.providers.base import ProviderError
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format, no_money
from .calls import bad
from .servers import LiteralServer

A, B = "79990000001", "79990000002"

ONE = Asked(
    AskPrice(recipients=(A,), text="Привет"), "/sys/send.php", {"cost": "1", "phones": A, "mes": "Привет"}
)
LIST = Asked(
    AskPrice(recipients=(A, B), texts=("text1", "text2"), sender="Shop"),
    "/sys/send.php",
    {"cost": "1", "sender": "Shop", "list": f"{A}:text1\n{B}:text2"},
)
MAIL = Asked(
    AskPrice(
        recipients=("dest@mysite.com", A, "+84912345678"),
        text="Hi",
        sender="source@mysite.com",
        options=SendOptions(kind=Kind.EMAIL, subject="Confirmation"),
    ),
    "/sys/send.php",
    {
        "cost": "1",
        "sender": "source@mysite.com",
        "phones": f"dest@mysite.com,+{A},+84912345678",
        "mes": "Hi",
        "mail": "1",
        "subj": "Confirmation",
    },
)

ROWS = [
    Row("V-25", ONE, '{"cnt":1,"cost":"0"}', Price(0, 1)),
    Row("fmt 3", ONE, '{"cost":"1.40","cnt":1}', Price(14_000, 1)),
    Row("V-11 fmt 0", ONE, "1.40 (1 SMS)", Price(14_000, 1)),
    Row("V-16 fmt 1", ONE, "1.40,1", Price(14_000, 1)),
    Row("fmt 2", ONE, "<result><cost>1.40</cost><cnt>1</cnt></result>", Price(14_000, 1)),
    Row("V-96 list", LIST, '{"cost":"2.8","cnt":2}', Price(28_000, 2)),
    Row("e-mail", MAIL, '{"cost":"0.3","cnt":3}', Price(3_000, 3)),
    Row("no price", ONE, '{"cnt":1}', bad("bad_reply")),
    Row("words", ONE, "OK - 1 SMS, ID - 5", bad("bad_reply")),
    *in_every_format("no money", ONE, 3, "no money", no_money()),
    *in_every_format("date", ONE, 5, "bad date", bad("bad_date", 60.0, 5)),
    *in_every_format("denied", ONE, 6, "message is denied", bad("message_denied", 60.0, 6)),
    *in_every_format("number", ONE, 7, "invalid number", bad("invalid_number", 60.0, 7)),
    *in_every_format("route", ONE, 8, "can't to deliver", bad("cannot_deliver", 60.0, 8)),
    *common(ONE),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_price(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (AskPrice(recipients=("a,b@c.ru",), text="Hi"), "bad_recipient"),
        (AskPrice(recipients=(A,), text="\ud800"), "unsendable_text"),
    ],
)
async def test_what_can_not_be_asked(
    question: AskPrice, reason: str, client: SmscClient, server: LiteralServer
) -> None:
    with pytest.raises(ProviderError) as caught:
        await client.ask(question)
    assert (caught.value.reason, caught.value.in_doubt, server.asked) == (reason, False, [])
