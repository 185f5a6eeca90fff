"""`get.php?get_messages=1`."""

from __future__ import annotations

import pytest

from producers.answers import Record, Records
from producers.questions import AskHistory
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format
from .calls import bad
from .servers import LiteralServer

A = "79990000001"
ASKED = Asked(AskHistory(), "/sys/get.php", {"get_messages": "1", "cnt": "1000"})
PAGE = Asked(
    AskHistory(start="01.10.2026", end="31.10.2026", phones=(A, "79990000002"), count=5, before=123456789012),
    "/sys/get.php",
    {
        "get_messages": "1",
        "start": "01.10.2026",
        "end": "31.10.2026",
        "phone": f"{A},79990000002",
        "cnt": "5",
        "prev_id": "123456789012",
    },
)
MAILS = Asked(
    AskHistory(emails=("a@example.com",), count=1),
    "/sys/get.php",
    {"get_messages": "1", "email": "a@example.com", "format": "8", "cnt": "1"},
)
ONE = Record(
    message_id="12",
    recipient=A,
    status=1,
    status_name="Доставлено",
    cost=14_000,
    segments=1,
    sender="Shop",
    text="a, b = c",
    kind=0,
    country="Россия",
    operator="MTS",
    region="Москва",
    mccmnc="25001",
    global_id=123456789012,
)
JSON = (
    '{"status":1,"last_date":"01.10.2026 10:00:01","phone":"79990000001","mccmnc":"25001","country":"Россия",'
    '"operator":"MTS","region":"Москва","cost":"1.40","sender_id":"Shop","status_name":"Доставлено",'
    '"message":"a, b = c","type":0,"id":12,"int_id":%s,"sms_cnt":1,"format":0,"crc":"1f"}'
)
QUOTED = '"123456789012"'
LINE = (
    "Status = 1, check_time = 01.10.2026 10:00:01, send_date = 01.10.2026 10:00:00, phone = 79990000001, "
    "mccmnc = 25001, country = Россия, operator = MTS, region = Москва, cost = 1.40, sender_id = Shop, "
    "status_name = Доставлено, message = a, b = c, type = 0, ID = 12, int_id = 123456789012, sms_cnt = 1, "
    "format = 0, crc = 1f"
)

ROWS = [
    Row("fmt 3", ASKED, f"[{JSON % 123456789012}]", Records((ONE,))),
    Row("fmt 3, a page", PAGE, f"[{JSON % QUOTED},{JSON % 123456789012}]", Records((ONE, ONE))),
    Row("e-mails", MAILS, '[{"status":2,"phone":"a@example.com","id":5,"type":8}]',
        Records((Record(message_id="5", recipient="a@example.com", status=2, kind=8),))),
    Row("V-54 fmt 0", ASKED, f"{LINE}\n{LINE}\n", Records((ONE, ONE))),
    Row("fmt 2", ASKED, "<list><sms><status>1</status><phone>79990000001</phone></sms></list>",
        Records((Record(recipient=A, status=1),))),
    Row("an object by number", ASKED, '{"0":{"status":1},"5":{"status":0}}',
        Records((Record(status=1), Record(status=0)))),
    Row("nothing", ASKED, "[]", Records()),
    Row("no record", ASKED, '[{"phone":"79990000001"}]', bad("bad_reply")),
    Row("numbers", ASKED, "[1,2]", bad("bad_reply")),
    Row("words", ASKED, "soon", bad("bad_reply")),
    *in_every_format("nothing found", ASKED, 3, "not found", Records()),
    *common(ASKED),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_history(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)
