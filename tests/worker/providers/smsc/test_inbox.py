"""`get.php?get_answers=1`."""

from __future__ import annotations

import pytest

from producers.answers import Inbox, Incoming
from producers.questions import AskInbox
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format
from .calls import bad
from .servers import LiteralServer

A, OURS = "79990000001", "79990000009"
ASKED = Asked(AskInbox(), "/sys/get.php", {"get_answers": "1", "cnt": "1000", "hour": "24"})
LATER = Asked(
    AskInbox(count=10, hours=1, after=7, to_phone=OURS),
    "/sys/get.php",
    {"get_answers": "1", "cnt": "10", "hour": "1", "after_id": "7", "to_phone": OURS},
)
RECEIVED, SENT = "01.10.2026 10:00:01", "01.10.2026 10:00:00"


def incoming(number: int, text: str) -> Incoming:
    return Incoming(number, A, OURS, text, RECEIVED, SENT)


def in_json(number: int, text: str) -> str:
    return (
        f'{{"id":{number},"received":"{RECEIVED}","phone":"{A}","message":"{text}","to_phone":"{OURS}",'
        f'"sent":"{SENT}"}}'
    )


ROWS = [
    Row("V-86", ASKED,
        f"[{in_json(8, 'Стоп')},{in_json(9, 'a')}]", Inbox((incoming(8, "Стоп"), incoming(9, "a")))),
    Row("V-86 after an id", LATER, f"[{in_json(8, '[waitcall]')}]", Inbox((incoming(8, "[waitcall]"),))),
    Row("V-85 fmt 1", ASKED,
        f"8,{RECEIVED},{A},{OURS},{SENT},a, b\n9,{RECEIVED},{A},{OURS},{SENT},c\r\nd,1\n",
        Inbox((incoming(8, "a, b"), incoming(9, "c\nd,1")))),
    Row("fmt 0", ASKED,
        f"ID = 8, received = {RECEIVED}, phone = {A}, to_phone = {OURS}, sent = {SENT}, message = a, b",
        Inbox((incoming(8, "a, b"),))),
    Row("fmt 2", ASKED, f"<answers><sms><id>8</id><phone>{A}</phone><message>&lt;3</message></sms></answers>",
        Inbox((Incoming(8, A, text="<3"),))),
    Row("alone", ASKED, in_json(8, "x"), Inbox((incoming(8, "x"),))),
    Row("nothing", ASKED, "[]", Inbox()),
    Row("no number", ASKED, f'[{{"phone":"{A}"}}]', bad("bad_reply")),
    Row("words", ASKED, "soon", bad("bad_reply")),
    *in_every_format("nothing found", ASKED, 3, "not found", Inbox()),
    *common(ASKED),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_inbox(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)
