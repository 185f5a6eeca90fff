"""`get.php?get_stat=1` and `get.php?get_price=1`."""

from __future__ import annotations

import pytest

from producers.answers import Raw, Statistics, StatisticsRow
from producers.questions import AskStatistics, AskTariffs
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format
from .calls import bad
from .servers import LiteralServer

ASKED = Asked(
    AskStatistics(start="01.10.2026", end="31.10.2026"),
    "/sys/get.php",
    {"get_stat": "1", "start": "01.10.2026", "end": "31.10.2026"},
)
TODAY = Asked(AskStatistics(), "/sys/get.php", {"get_stat": "1"})
ONE = StatisticsRow("demo", 5, 70_000, 1_000_000, "RUR")

ROWS = [
    Row("fmt 3", ASKED,
        '[{"login":"demo","cnt":5,"credit":"7","debit":"100","currency":"RUR"}]', Statistics((ONE,))),
    Row("fmt 3, another name", TODAY, '{"login":"demo","sms":"5","credit":7,"debit":100,"currency":"RUR"}',
        Statistics((ONE,))),
    Row("V-88 fmt 0", TODAY, "demo,5,7.00,100.00,RUR\n", Statistics((ONE,))),
    Row("V-88 fmt 0, the count alone", TODAY, "demo,5", Statistics((StatisticsRow("demo", 5),))),
    Row("fmt 2", TODAY, "<list><stat><login>demo</login><cnt>5</cnt></stat></list>",
        Statistics((StatisticsRow("demo", 5),))),
    Row("no count", TODAY, '[{"login":"demo"}]', bad("bad_reply")),
    Row("words", TODAY, "soon", bad("bad_reply")),
    *in_every_format("nothing found", TODAY, 3, "not found", Statistics()),
    *common(TODAY),
]  # fmt: skip

TARIFFS = Asked(AskTariffs(), "/sys/get.php", {"get_price": "1"})
TARIFF_ROWS = [
    Row("fmt 3", TARIFFS, '[{"mcc":250,"price":"1.4"}]', Raw([{"mcc": 250, "price": "1.4"}])),
    Row("an object", TARIFFS, '{"a":{"b":"1.4"}}', Raw({"a": {"b": "1.4"}})),
    Row("text", TARIFFS, "250,1.4", Raw("250,1.4")),
    *in_every_format("nothing found", TARIFFS, 3, "not found", bad("not_found", 60.0, 3)),
    *common(TARIFFS),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_statistics(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)


@pytest.mark.parametrize("row", TARIFF_ROWS, ids=lambda row: row.name)
async def test_tariffs(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)
