"""`status.php?del=1`."""

from __future__ import annotations

import pytest

from producers.answers import Done
from producers.questions import DeleteMessage
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format
from .calls import bad
from .servers import LiteralServer

A = "79990000001"
ASKED = Asked(
    DeleteMessage(message_id="29", recipient=A),
    "/sys/status.php",
    {"phone": A, "id": "29", "del": "1"},
)
MAIL = Asked(
    DeleteMessage(message_id="c1.1.1", recipient="a@example.com"),
    "/sys/status.php",
    {"phone": "a@example.com", "id": "c1.1.1", "del": "1"},
)

ROWS = [
    Row("V-53", ASKED, '{"result":"OK"}', Done()),
    Row("an e-mail", MAIL, '{"result":"OK"}', Done()),
    Row("fmt 0 and 1", ASKED, "OK\n", Done()),
    Row("fmt 2", ASKED, "<result>OK</result>", Done()),
    Row("a status", ASKED, '{"status":1}', bad("bad_reply")),
    Row("words", ASKED, "no", bad("bad_reply")),
    *in_every_format("failed", ASKED, 5, "delete failed", bad("delete_failed", 60.0, 5)),
    *in_every_format("not found, old", ASKED, 3, "not found", bad("not_found", 60.0, 3)),
    *common(ASKED),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_delete(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)
