"""`receive_phones.php`: the list, renting, and the renewal."""

from __future__ import annotations

import pytest

from producers.answers import Done, FreeNumber, FreeNumbers, Rented
from producers.questions import AskNumbers, ChangeRenewal, RentNumber
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format, no_money
from .calls import bad
from .servers import LiteralServer

X, Y = "79010000001", "79010000002"
PATH = "/sys/receive_phones.php"
LIST = Asked(AskNumbers(), PATH, {"get": "1"})
RENT = Asked(RentNumber(phone=X), PATH, {"buy": "1", "phone": X, "noprolong": "0"})
RENT_ONCE = Asked(RentNumber(phone=X, prolong=False), PATH, {"buy": "1", "phone": X, "noprolong": "1"})
KEEP = Asked(ChangeRenewal(phone=X), PATH, {"chg": "1", "phone": X, "noprolong": "0"})
STOP = Asked(ChangeRenewal(phone=X, prolong=False), PATH, {"chg": "1", "phone": X, "noprolong": "1"})

FREE = FreeNumber(X, 2, 5_000_000, 1_505_000, "MTS, SMS")

ROWS = [
    Row("fmt 3", LIST,
        f'[{{"phone":"{X}","type":2,"cost":"500","current_cost":"150.5","info":"MTS, SMS"}},'
        f'{{"phone":{Y},"type":"4"}}]',
        FreeNumbers((FREE, FreeNumber(Y, 4)))),
    Row("fmt 1", LIST, f"{X},2,500,150.5,MTS, SMS\n", FreeNumbers((FREE,))),
    Row("fmt 0", LIST, f"phone = {X}, type = 2, cost = 500, current_cost = 150.5, info = MTS, SMS",
        FreeNumbers((FREE,))),
    Row("fmt 2", LIST,
        f"<phones><n><phone>{X}</phone><type>1</type></n><n><phone>{Y}</phone><type>4</type></n></phones>",
        FreeNumbers((FreeNumber(X, 1), FreeNumber(Y, 4)))),
    Row("none", LIST, "[]", FreeNumbers()),
    Row("no number", LIST, '[{"type":2}]', bad("bad_reply")),
    *in_every_format("no money", LIST, 3, "no money", no_money()),
    *common(LIST),
    Row("fmt 3", RENT, '{"cost":"150.50"}', Rented(X, 1_505_000)),
    Row("fmt 3, not renewed", RENT_ONCE, '{"cost":150.5}', Rented(X, 1_505_000)),
    Row("fmt 0 and 1", RENT, "150.50", Rented(X, 1_505_000)),
    Row("fmt 2", RENT, "<result><cost>150.50</cost></result>", Rented(X, 1_505_000)),
    Row("without a price", RENT, '{"result":"OK"}', Rented(X)),
    Row("nothing", RENT, "{}", bad("bad_reply")),
    *in_every_format("no money", RENT, 3, "no money", no_money()),
    *common(RENT),
    Row("fmt 3", KEEP, '{"result":"OK"}', Done()),
    Row("fmt 3, stop", STOP, '{"result":"OK"}', Done()),
    Row("fmt 0 and 1", STOP, "OK", Done()),
    Row("fmt 2", STOP, "<result>OK</result>", Done()),
    *in_every_format("no money", STOP, 3, "no money", no_money()),
    *common(STOP),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{type(row.asked.question).__name__} {row.name}")
async def test_receive_phones(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)
