"""`info.php?get_operator=1`."""

from __future__ import annotations

import pytest

from producers.answers import Operator, Operators
from producers.questions import AskOperator
from worker.providers.smsc import SmscClient

from .asks import Asked, Row, check, common, in_every_format
from .calls import bad
from .servers import LiteralServer

A, B = "79990000001", "79990000002"
ONE = Asked(AskOperator(phones=(A,)), "/sys/info.php", {"get_operator": "1", "phone": A})
TWO = Asked(AskOperator(phones=(A, B)), "/sys/info.php", {"get_operator": "1", "phone": f"{A},{B}"})
MTS = '"country":"Россия","operator":"MTS","region":"Москва","mcc":"250","mnc":"01","tz":3'
FOUND = Operator(A, "Россия", "MTS", "Москва", "250", "01", "3")
OTHER = Operator(B, "Россия", "MTS", "Москва", "250", "01", "3")
UNKNOWN = Operator(A, known=False)

ROWS = [
    Row("fmt 3", ONE, f"{{{MTS}}}", Operators((FOUND,))),
    Row("fmt 3 in windows-1251", ONE, f"{{{MTS}}}".encode("cp1251"), Operators((FOUND,))),
    Row("several, named, any order", TWO, f'[{{"phone":"{B}",{MTS}}},{{"phone":"+{A}",{MTS}}}]',
        Operators((FOUND, OTHER))),
    Row("several, nameless", TWO, f"[{{{MTS}}},{{{MTS}}}]", Operators((FOUND, OTHER))),
    Row("one of several isn't found", TWO,
        f'[{{"phone":"{A}","error":"not found","error_code":3}},{{"phone":"{B}",{MTS}}}]',
        Operators((UNKNOWN, OTHER))),
    Row("fmt 2", ONE, "<result><country>Россия</country><operator>MTS</operator></result>",
        Operators((Operator(A, "Россия", "MTS"),))),
    Row("fmt 0", ONE, "country = Россия, operator = MTS", Operators((Operator(A, "Россия", "MTS"),))),
    Row("fmt 1", ONE, "Россия,MTS,Москва,250,01,3", Operators((FOUND,))),
    Row("one too few", TWO, f"[{{{MTS}}}]", bad("bad_reply")),
    Row("another's", ONE, f'[{{"phone":"{B}",{MTS}}}]', bad("bad_reply")),
    *in_every_format("not found", ONE, 3, "not found", Operators((UNKNOWN,))),
    *common(ONE),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_operator(row: Row, client: SmscClient, server: LiteralServer) -> None:
    await check(row, client, server)
