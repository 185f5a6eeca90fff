"""`downloads.php?get_list=1`."""

from __future__ import annotations

import pytest

from producers.answers import Download, Downloads
from producers.questions import AskDownloads
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common
from .calls import bad
from .servers import LiteralServer

ASKED = Asked(AskDownloads(), "/sys/downloads.php", {"get_list": "1"})
LATER = Asked(
    AskDownloads(count=5, after=7), "/sys/downloads.php", {"get_list": "1", "cnt": "5", "after_id": "7"}
)
ONE = Download(8, "october", 2, "01.11.2026 10:00:00", "01.11.2026 10:05:00", "october.csv")

ROWS = [
    Row("fmt 3", ASKED,
        '[{"id":8,"name":"october","status":2,"created":"01.11.2026 10:00:00","time":"01.11.2026 10:05:00",'
        '"file":"october.csv"}]', Downloads((ONE,))),
    *(
        Row(f"status {status}", LATER, f'[{{"id":"9","name":"x","status":"{status}"}}]',
            Downloads((Download(9, "x", status),)))
        for status in (0, 1, 3, 4)
    ),
    Row("fmt 1", ASKED,
        "8,october,2,01.11.2026 10:00:00,01.11.2026 10:05:00,october.csv\n", Downloads((ONE,))),
    Row("fmt 0", ASKED, "id = 8, name = october, status = 0", Downloads((Download(8, "october", 0),))),
    Row("fmt 2", ASKED, "<list><job><id>8</id><name>october</name></job></list>",
        Downloads((Download(8, "october"),))),
    Row("none", ASKED, "[]", Downloads()),
    Row("no number", ASKED, '[{"name":"x"}]', bad("bad_reply")),
    *common(ASKED),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_downloads(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)
