"""info.php: the operator of a number."""

import json
from typing import Any

import pytest

from tests.worker.simulator.conftest import Stage

RUSSIA = {"country": "Россия", "operator": "Simulator", "region": "", "mcc": "250", "mnc": "01", "tz": 0}
MISSING = {"error": "no data", "error_code": 3}


async def asked(stage: Stage, phone: Any, /, **given: Any) -> Any:
    return json.loads(await stage.text("info", **{"get_operator": 1, "phone": phone, "fmt": 3} | given))


REPLIES = [
    (0, "country = Россия, operator = Simulator, region = , mcc = 250, mnc = 01, tz = 0"),
    (1, "Россия,Simulator,,250,01,0"),
    (
        2,
        (
            "<result><country>Россия</country><operator>Simulator</operator><region></region><mcc>250</mcc>"
            "<mnc>01</mnc><tz>0</tz></result>"
        ),
    ),
    (3, json.dumps(RUSSIA, ensure_ascii=False, separators=(",", ":"))),
]


@pytest.mark.parametrize(("fmt", "reply"), REPLIES)
async def test_single(free: Stage, fmt: Any, reply: Any) -> None:
    assert await free.text("info", get_operator=1, phone="+79990000001", fmt=fmt) == reply


async def test_list(free: Stage) -> None:
    found = await asked(free, "79990000001, 77010000001,380500000001")
    assert found[0] == {"phone": "79990000001"} | RUSSIA
    assert (found[1]["country"], found[1]["mcc"], found[1]["tz"]) == ("Казахстан", "401", 3)
    assert found[2] == {"phone": "380500000001"} | MISSING
    assert await asked(free, "79990000001,") == [{"phone": "79990000001"} | RUSSIA]


async def test_not_found(free: Stage) -> None:
    assert await asked(free, "380500000001") == MISSING
    assert await asked(free, "380500000001,4915700000001") == MISSING


@pytest.mark.parametrize("given", [{"phone": ""}, {"phone": "home"}, {"get_operator": 0}])
async def test_wrong(free: Stage, given: Any) -> None:
    assert (await asked(free, "79990000001", **given))["error_code"] == 1
