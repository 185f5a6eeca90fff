"""`wait_call.php`."""

from __future__ import annotations

import pytest

from producers.answers import WaitCallNumber
from producers.questions import AskWaitCall
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format, no_money
from .calls import bad
from .servers import LiteralServer

A, X, Y = "79990000001", "79010000001", "79010000002"
ASKED = Asked(AskWaitCall(phone=A), "/sys/wait_call.php", {"phone": A})

ROWS = [
    Row("V-99", ASKED, f'{{"phone":"{X}"}}', WaitCallNumber(X)),
    Row("a list", ASKED, f'{{"phone":"{X}","all_phones":["{X}","+{Y}"]}}', WaitCallNumber(X, (X, Y))),
    Row("commas", ASKED, f'{{"phone":{X},"all_phones":"{X},{Y}"}}', WaitCallNumber(X, (X, Y))),
    Row("fmt 1", ASKED, f"{X},{X},{Y}", WaitCallNumber(X, (X, Y))),
    Row("fmt 0", ASKED, f"phone = +{X}, all_phones = {X};{Y}", WaitCallNumber(X, (X, Y))),
    Row("fmt 2", ASKED, f"<result><phone>{X}</phone><all_phones>{X},{Y}</all_phones></result>",
        WaitCallNumber(X, (X, Y))),
    Row("no number", ASKED, '{"all_phones":[]}', bad("bad_reply")),
    Row("words", ASKED, "OK", bad("bad_reply")),
    *in_every_format("no money", ASKED, 3, "no money", no_money()),
    *in_every_format("number", ASKED, 5, "invalid number", bad("invalid_number", 60.0, 5)),
    *in_every_format("attempts", ASKED, 6, "too many", bad("too_many_attempts", 60.0, 6)),
    *common(ASKED),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_wait_call(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)
