"""The same message to the same number again."""

from typing import Any

import pytest

from tests.worker.simulator.sms2.conftest import SENT, Play2, Sms2Stage

DUPLICATION = "Error: message duplication"

AGAIN: list[tuple[dict[str, Any], bool]] = [
    # the second request, and whether it is taken
    ({}, False),
    ({"flash": 1}, False),
    ({"sender": "Other"}, False),
    ({"enc": "utf-8"}, False),
    ({"method": "GET"}, False),
    ({"message": "Hello"}, True),
    ({"phone": "79119876544"}, True),
]


@pytest.mark.parametrize(("given", "taken"), AGAIN)
async def test_what_counts_as_the_same(sms2: Sms2Stage, given: dict[str, Any], taken: bool) -> None:
    await sms2.sent()
    reply = await sms2.send(**given)
    assert (reply.startswith(SENT), reply == DUPLICATION) == (taken, not taken)
    assert (await sms2.books())["messages"] == 1 + taken


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [({}, 1200.0), ({"minute": 0.5}, 10.0), ({"sms2_duplicate_minutes": 1}, 60.0)],
)
async def test_how_long(play2: Play2, settings: dict[str, Any], seconds: float) -> None:
    sms2 = await play2(**settings)
    await sms2.sent()
    sms2.stage.clock.now += seconds - 1
    # The refused one doesn't prolong it.
    assert await sms2.send() == DUPLICATION
    sms2.stage.clock.now += 1
    await sms2.sent()
    assert await sms2.send() == DUPLICATION
    books = await sms2.books()
    assert (books["messages"], books["twice"]) == (2, 1)


async def test_a_refused_message_does_not_count(sms2: Sms2Stage) -> None:
    await sms2.control(balance="0")
    assert await sms2.send() == "Error: your credit is null"
    await sms2.control(balance="100", switched_off=True)
    assert await sms2.send() == "Error: service is switched off"
    await sms2.control(switched_off=False)
    await sms2.sent()


async def test_never(play2: Play2) -> None:
    sms2 = await play2(sms2_duplicate_minutes=0)
    await sms2.sent()
    await sms2.sent()
    assert (await sms2.books())["twice"] == 1


async def test_throttles_have_nothing_to_do_with_it(play2: Play2) -> None:
    sms2 = await play2(throttle=False)
    await sms2.sent()
    assert await sms2.send() == DUPLICATION
    await sms2.stage.control(reset_throttles=True)
    await sms2.sent()
