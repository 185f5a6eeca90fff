"""wait_call.php: who is asked to call where, and what a call leaves behind."""

import json
from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage

PHONE = "79990000001"
ALL = ["74950000001", "74950000002", "74950000003"]


async def asked(stage: Stage, phone: Any = PHONE, **given: Any) -> Any:
    return json.loads(await stage.text("wait_call", **{"phone": phone, "fmt": 3} | given))


async def inbox(stage: Stage) -> Any:
    found = json.loads(await stage.text("get", get_answers=1, fmt=3))
    return [(one["phone"], one["to_phone"], one["message"]) for one in found]


async def calls(stage: Stage) -> Any:
    books = await stage.books()
    return books["calls_asked"], books["calls_came"], books["calls_missed"]


XML = "".join(f"<all_phones>{phone}</all_phones>" for phone in ALL)
REPLIES = [
    (0, f"phone = {ALL[0]}, all_phones = {';'.join(ALL)}"),
    (1, f"{ALL[0]},{';'.join(ALL)}"),
    (2, f"<result><phone>{ALL[0]}</phone>{XML}</result>"),
    (3, json.dumps({"phone": ALL[0], "all_phones": ALL}, separators=(",", ":"))),
]


@pytest.mark.parametrize(("fmt", "reply"), REPLIES)
async def test_reply(free: Stage, fmt: Any, reply: Any) -> None:
    assert await free.text("wait_call", phone=PHONE, fmt=fmt) == reply


async def test_numbers_are_picked_in_turn_and_by_country(free: Stage) -> None:
    assert [(await asked(free, f"7999000000{number}"))["phone"] for number in range(4)] == [*ALL, ALL[0]]
    assert await asked(free, "77010000001") == {"phone": "77270000001", "all_phones": ["77270000001"]}
    # While a call is awaited, the number stays.
    assert (await asked(free, "79990000001"))["phone"] == ALL[1]


async def test_the_call_comes(free: Stage) -> None:
    number = (await asked(free, f"+{PHONE}"))["phone"]
    assert await inbox(free) == []
    await free.control(subscriber_call={"phone": PHONE})
    assert await inbox(free) == [(PHONE, number, "[waitcall]")]
    # It is awaited once.
    await free.control(subscriber_call={"phone": PHONE})
    assert len(await inbox(free)) == 1
    assert await calls(free) == (1, 1, 1)


WRONG_CALLS = [
    {"phone": PHONE, "number": "74950000002"},
    {"phone": "79990000002"},
    {"phone": PHONE, "late": True},
]


@pytest.mark.parametrize("call", WRONG_CALLS)
async def test_calls_that_nobody_waits_for(free: Stage, call: Any) -> None:
    await asked(free)
    await free.control(subscriber_call=call)
    assert await inbox(free) == []
    assert await calls(free) == (1, 0, 1)


@pytest.mark.parametrize(("waited", "came"), [(899, 1), (900, 0)])
@pytest.mark.parametrize("minute", [60, 2])
async def test_fifteen_minutes(play: Play, minute: Any, waited: Any, came: Any) -> None:
    stage = await play(minute=minute)
    await asked(stage)
    stage.clock.now += waited * minute / 60
    await stage.control(subscriber_call={"phone": PHONE, "number": ALL[0]})
    assert await calls(stage) == (1, came, 1 - came)


async def test_asking_again_gives_all_of_the_time_anew(free: Stage) -> None:
    await asked(free)
    free.clock.now += 800
    await asked(free)
    free.clock.now += 800
    await free.control(subscriber_call={"phone": PHONE})
    assert await calls(free) == (2, 1, 0)


# Subscriber, seconds after which it calls, whether that is right.
SELF_CALLERS = [
    ("79000000501", 1, True),
    ("79000000502", 10, True),
    ("79000000503", 1, False),
    ("79000000504", 901, False),
]


@pytest.mark.parametrize(("phone", "after", "right"), SELF_CALLERS)
async def test_some_call_by_themselves(free: Stage, phone: Any, after: Any, right: Any) -> None:
    number = (await asked(free, phone))["phone"]
    free.clock.now += after - 0.5
    assert await calls(free) == (1, 0, 0)
    free.clock.now += 0.5
    assert await inbox(free) == ([(phone, number, "[waitcall]")] if right else [])
    assert await calls(free) == (1, int(right), int(not right))


async def test_ids_follow_the_order_of_events(free: Stage) -> None:
    await asked(free, "79000000501")
    free.clock.now += 5
    await free.control(incoming={"phone": PHONE, "mes": "later"})
    assert [message for _, _, message in await inbox(free)] == ["[waitcall]", "later"]


ERRORS = [({"phone": ""}, "ERROR = 1 (parameters error)"), ({"phone": "home"}, "ERROR = 5 (invalid number)")]


@pytest.mark.parametrize(("given", "reply"), ERRORS)
async def test_errors(free: Stage, given: Any, reply: Any) -> None:
    assert await free.text("wait_call", **given) == reply
    assert await calls(free) == (0, 0, 0)
