"""start_multicast: everybody once, when the time has come, and the books show a second start."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.worker.simulator.sms2.conftest import Play2, Sms2Stage
from worker.simulator import PhoneBase

A, B, C, D = "79110000001", "79110000002", "79110000003", "79110000004"
BASES = (
    PhoneBase("one", (A, B)),
    PhoneBase("два", (B, C)),
    PhoneBase("vip", (D,), protected=True),
    PhoneBase("none"),
    PhoneBase("odd", (A, "79000000504", "79000000505", "79000000507")),
)
CANNOT = "Error: can't send this message"


@pytest.fixture
async def sms2(play2: Play2) -> Sms2Stage:
    return await play2(sms2_bases=BASES)


async def start(sms2: Sms2Stage, bases: str | None = "one", **given: Any) -> str:
    usual = {"message": "Распродажа", "sender": "Shop24", "bases": bases}
    return await sms2.call("start_multicast", **usual | given)


REACHED = [
    ("one", [A, B]),
    ("one,два", [A, B, C]),
    (" one , два ,", [A, B, C]),
    ("one,one", [A, B]),
    ("vip", [D]),
    ("none", []),
    ("odd", [A]),
]


@pytest.mark.parametrize(("bases", "reached"), REACHED)
async def test_each_number_gets_it_once(sms2: Sms2Stage, bases: str, reached: list[str]) -> None:
    assert await start(sms2, bases) == "Success"
    assert await sms2.recipients() == [(phone, "1", "1") for phone in reached]
    books = await sms2.books()
    assert (books["messages"], books["recipients"], books["twice"]) == (len(reached), len(reached), 0)
    assert books["balance"] == str((1000 - Decimal("1.4") * len(reached)).normalize().__format__("f"))


async def test_a_second_start_is_twice(sms2: Sms2Stage) -> None:
    await start(sms2, "one,два")
    await start(sms2, "два", message="Другой текст")
    assert (await sms2.books())["twice"] == 0
    assert await start(sms2, "one") == "Success"
    books = await sms2.books()
    assert (books["twice"], books["kinds"]) == (2, {"multicast": 7})
    assert books["multicasts"] == {
        "started": 3,
        "waiting": 0,
        "unpaid": 0,
        "bases": {
            "one": {"starts": 2, "numbers": 2, "twice": 2},
            "два": {"starts": 2, "numbers": 2, "twice": 0},
        },
    }


async def test_a_text_that_was_sent_singly_is_twice(sms2: Sms2Stage) -> None:
    await sms2.sent("Распродажа", A)
    assert await start(sms2) == "Success"
    assert (await sms2.books())["twice"] == 1


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"bases": "one,other"}, "Error: wrong base"),
    ({"bases": ""}, "Error: wrong base"),
    ({"bases": None}, "Error: wrong base"),
    ({"message": ""}, CANNOT),
    ({"message": "a" * 269}, CANNOT),
    ({"message": "Cкидка"}, CANNOT),
    ({"sender": "ab"}, CANNOT),
    ({"sender": "Other"}, "Error: unsupported sender"),
    ({"message": "[forbidden]"}, "Error: blocked text message"),
    ({"start_at": "tomorrow"}, "Error: wrong function"),
    ({"start_at": "2023-11-15"}, "Error: wrong function"),
    ({"start_at": "2023-13-15 10:00"}, "Error: wrong function"),
    ({"start_at": "15.11.2023 10:00"}, "Error: wrong function"),
    ({"user": "other"}, "Error: authentication failure"),
]


@pytest.mark.parametrize(("given", "error"), WRONG)
async def test_errors(play2: Play2, given: dict[str, Any], error: str) -> None:
    sms2 = await play2(sms2_bases=BASES, sms2_senders=("Shop24",))
    assert await start(sms2, **given) == error
    books = await sms2.books()
    assert (books["messages"], books["multicasts"]["waiting"], books["balance"]) == (0, 0, "1000")


async def test_all_or_nothing_for_the_money(sms2: Sms2Stage) -> None:
    await sms2.control(balance="2.79")
    assert await start(sms2) == "Error: your credit is null"
    await sms2.control(balance="2.8")
    assert await start(sms2) == "Success"
    assert await sms2.balance() == "Balance: 0.00; Overdraft: 0.00"


# The clock stands at 2023-11-14 22:13:20 UTC: 01:13:20 of the next day in Moscow.
MOMENTS = [("2023-11-15 01:14", 40, 3), ("2023-11-14 22:14", 40, 0), ("2023-11-15 02:13", 3580, 3)]


@pytest.mark.parametrize(("start_at", "seconds", "offset"), MOMENTS)
async def test_later(play2: Play2, start_at: str, seconds: int, offset: int) -> None:
    sms2 = await play2(sms2_bases=BASES, sms2_utc_offset_hours=offset)
    assert await start(sms2, start_at=start_at) == "Success"
    sms2.stage.clock.now += seconds - 1
    books = await sms2.books()
    assert (books["messages"], books["balance"], books["multicasts"]["waiting"]) == (0, "1000", 1)
    assert await sms2.recipients() == []
    sms2.stage.clock.now += 1
    assert await sms2.balance() == "Balance: 997.20; Overdraft: 0.00"
    books = await sms2.books()
    assert (books["messages"], books["multicasts"]["started"], books["multicasts"]["waiting"]) == (2, 1, 0)


async def test_the_past_is_now(sms2: Sms2Stage) -> None:
    assert datetime.fromtimestamp(sms2.stage.clock.now, UTC).isoformat() == "2023-11-14T22:13:20+00:00"
    await start(sms2, start_at="2023-11-15 01:13")
    await start(sms2, bases="vip", start_at="0001-01-01 00:00")
    assert (await sms2.books())["messages"] == 3


async def test_a_base_counts_as_it_is_at_the_start(sms2: Sms2Stage) -> None:
    await start(sms2, start_at="2023-11-15 02:00")
    await sms2.call("add_phone_to_base", base="one", phone=D)
    await sms2.call("remove_phone_from_base", base="one", phone=A)
    sms2.stage.clock.now += 3600
    assert [phone for phone, *_ in await sms2.recipients()] == [B, D]


async def test_no_money_when_the_time_comes(sms2: Sms2Stage) -> None:
    assert await start(sms2, start_at="2023-11-15 02:00") == "Success"
    await sms2.control(balance="1")
    sms2.stage.clock.now += 3600
    books = await sms2.books()
    assert (books["messages"], books["balance"], books["multicasts"]["unpaid"]) == (0, "1", 1)


async def test_new_money_is_too_late(sms2: Sms2Stage) -> None:
    await sms2.control(balance="1")
    assert await start(sms2, start_at="2023-11-15 02:00") == "Success"
    sms2.stage.clock.now += 3600
    await sms2.control(balance="100")
    assert (await sms2.books())["multicasts"]["unpaid"] == 1
