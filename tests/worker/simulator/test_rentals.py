"""receive_phones.php: free numbers, renting one, changing its renewal."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage
from worker.simulator.config import FreeNumber

STOCK = (
    FreeNumber("79000000901", 1, Decimal(300), "МТС, SMS"),
    FreeNumber("79000000902", 2, Decimal(90), "b"),
)
# On 15 November, 16 of 30 days are left.
FREE = [
    {"phone": "79000000901", "type": 1, "cost": "300.00", "current_cost": "160.00", "info": "МТС, SMS"},
    {"phone": "79000000902", "type": 2, "cost": "90.00", "current_cost": "48.00", "info": "b"},
]


@pytest.fixture
async def stage(play: Play) -> Any:
    return await play(numbers=STOCK, throttle=False)


async def asked(stage: Stage, **given: Any) -> Any:
    return json.loads(await stage.text("receive_phones", fmt=3, **given))


FIRST = "".join(f"<{name}>{value}</{name}>" for name, value in FREE[0].items())
SECOND = "".join(f"<{name}>{value}</{name}>" for name, value in FREE[1].items())
LISTS = [
    (0, "\n".join(", ".join(f"{name} = {value}" for name, value in one.items()) for one in FREE)),
    (1, "79000000901,1,300.00,160.00,МТС, SMS\n79000000902,2,90.00,48.00,b"),
    (2, f"<result><item>{FIRST}</item><item>{SECOND}</item></result>"),
    (3, json.dumps(FREE, ensure_ascii=False, separators=(",", ":"))),
]


@pytest.mark.parametrize(("fmt", "reply"), LISTS)
async def test_free_numbers(stage: Stage, fmt: Any, reply: Any) -> None:
    assert await stage.text("receive_phones", get=1, fmt=fmt) == reply


BOUGHT = [(0, "cost = 160"), (1, "160"), (2, "<result><cost>160</cost></result>"), (3, '{"cost":"160"}')]


@pytest.mark.parametrize(("fmt", "reply"), BOUGHT)
async def test_renting(stage: Stage, fmt: Any, reply: Any) -> None:
    assert await stage.text("receive_phones", buy=1, phone="+79000000901", noprolong=1, fmt=fmt) == reply
    books = await stage.books()
    assert (books["balance"], books["rent"], books["rentals"]) == ("840", "160", {"79000000901": 1})
    assert books["rented"] == [
        {"phone": "79000000901", "at": stage.clock.now, "cost": "160.00", "noprolong": 1}
    ]
    assert [one["phone"] for one in await asked(stage, get=1)] == ["79000000902"]
    assert (await asked(stage, buy=1, phone="79000000901"))["error_code"] == 1
    assert (await stage.books())["rentals"] == {"79000000901": 1}
    assert (await stage.books())["errors"]["receive_phones.php"] == {"1": 1}


async def test_price_falls_with_the_month(stage: Stage) -> None:
    stage.clock.now += 15 * 86_400
    assert [one["current_cost"] for one in await asked(stage, get=1)] == ["10.00", "3.00"]


async def test_no_money(stage: Stage) -> None:
    await stage.control(balance="159.99")
    assert await asked(stage, buy=1, phone="79000000901") == {"error": "no money", "error_code": 3}
    assert len(await asked(stage, get=1)) == 2
    assert (await stage.books())["rented"] == []


CHANGED = [(0, "OK"), (1, "OK"), (2, "<result>OK</result>"), (3, '{"result":"OK"}')]


@pytest.mark.parametrize(("fmt", "reply"), CHANGED)
async def test_renewal(stage: Stage, fmt: Any, reply: Any) -> None:
    await asked(stage, buy=1, phone="79000000901")
    assert [one["noprolong"] for one in (await stage.books())["rented"]] == [0]
    changed = await stage.text("receive_phones", chg=1, phone="79000000901", noprolong=1, fmt=fmt)
    assert changed == reply
    assert [one["noprolong"] for one in (await stage.books())["rented"]] == [1]


WRONG = [
    {},
    {"gets": 1},
    {"get": 1, "buy": 1, "phone": "79000000901"},
    {"buy": 1},
    {"buy": 1, "phone": "79000000999"},
    {"buy": 1, "phone": "79000000901", "noprolong": 2},
    {"chg": 1, "phone": "79000000901", "noprolong": 1},
    {"chg": 1, "noprolong": 1},
]


@pytest.mark.parametrize("given", WRONG)
async def test_wrong(stage: Stage, given: Any) -> None:
    assert await asked(stage, **given) == {"error": "parameters error", "error_code": 1}
    assert (await stage.books())["balance"] == "1000"


async def test_change_needs_a_value(stage: Stage) -> None:
    await asked(stage, buy=1, phone="79000000901")
    assert (await asked(stage, chg=1, phone="79000000901"))["error_code"] == 1


async def test_reset_books_keeps_the_numbers(stage: Stage) -> None:
    await asked(stage, buy=1, phone="79000000901")
    await stage.control(reset_books=True)
    books = await stage.books()
    assert (books["rentals"], books["rent"], len(books["rented"])) == ({}, "0", 1)


async def test_rent_is_in_the_statistics(stage: Stage) -> None:
    await asked(stage, buy=1, phone="79000000901")
    assert await stage.text("get", get_stat=1) == "demo,0,160.00,0.00,RUR"
