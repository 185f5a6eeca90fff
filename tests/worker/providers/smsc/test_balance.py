"""`balance.php`."""

from __future__ import annotations

import pytest

from producers.answers import BalanceAnswer
from producers.contract import Balance
from producers.questions import AskBalance
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common
from .calls import bad
from .servers import LiteralServer

ASKED = Asked(AskBalance(), "/sys/balance.php", {"cur": "1"})

ROWS = [
    Row("V-60", ASKED, '{"balance":"84.75"}', BalanceAnswer(847_500)),
    Row("V-62", ASKED, '{"balance":"0.00","currency":"KZT"}', BalanceAnswer(0, currency="KZT")),
    Row("V-63", ASKED, '{"balance":"100.01","currency":"RUR"}', BalanceAnswer(1_000_100, currency="RUR")),
    Row("V-64", ASKED, '{"balance":"178.10"}', BalanceAnswer(1_781_000)),
    Row("V-65", ASKED, "250.80", BalanceAnswer(2_508_000)),
    Row(
        "credit",
        ASKED,
        '{"balance":"-5.5","credit":"100","currency":"RUR"}',
        BalanceAnswer(-55_000, 1_000_000, "RUR"),
    ),
    Row("fmt 0 with currency", ASKED, "250.80 RUR", BalanceAnswer(2_508_000, currency="RUR")),
    Row("fmt 1 with currency", ASKED, "250.80,RUR", BalanceAnswer(2_508_000, currency="RUR")),
    Row("fmt 2", ASKED, "<balance>250.80</balance>", BalanceAnswer(2_508_000)),
    Row("words", ASKED, "OK", bad("bad_reply")),
    *common(ASKED),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_balance(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)


async def test_the_short_way(client: SmscClient, server: LiteralServer) -> None:
    server.body = b'{"balance":"1.5","credit":"2","currency":"RUR"}'
    assert await client.balance() == Balance(15_000, 20_000, "RUR")
