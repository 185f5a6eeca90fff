"""Throttles, simultaneous requests, lock-outs."""

import asyncio
import json
from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage

PHONE = "79990000001"
REPEATED = {"error": "duplicate request, wait a minute", "error_code": 9}  # V-36
AT_ONCE = {"error": "too many concurrent requests", "error_code": 9}


async def test_second_identical_send_is_refused(play: Play) -> None:
    stage = await play()
    assert "id" in await stage.send()
    assert await stage.send() == REPEATED
    assert await stage.text("send", phones=PHONE, mes="x") == "OK - 1 SMS, ID - 2"
    assert (
        await stage.text("send", phones=PHONE, mes="x") == "ERROR = 9 (duplicate request, wait a minute)"
    )  # V-08
    assert (await stage.books())["errors"] == {"send.php": {"9": 2}}


async def test_window_slides_and_a_refusal_does_not_renew_it(play: Play) -> None:
    stage = await play()
    await stage.send()
    stage.clock.now += 59.9
    assert await stage.send() == REPEATED
    stage.clock.now += 0.1
    assert "id" in await stage.send()
    stage.clock.now += 59.9
    assert await stage.send() == REPEATED


async def test_minute_can_be_shorter(play: Play) -> None:
    stage = await play(minute=1)
    await stage.send()
    stage.clock.now += 0.99
    assert await stage.send() == REPEATED
    stage.clock.now += 0.01
    assert "id" in await stage.send()


async def test_what_makes_sends_identical(play: Play) -> None:
    stage = await play()
    await stage.send(id=1)
    assert await stage.send(id=2) == REPEATED
    assert await stage.send(psw="fe01ce2a7fbac8fafaed7c982a04e229") == REPEATED
    assert await stage.send("79990000002", id=2) == {"id": 2, "cnt": 1}
    assert await stage.send(mes="other", id=2) == {"id": 2, "cnt": 1}
    assert await stage.send(sender="Shop", id=2) == {"id": 2, "cnt": 1}


async def test_identity_does_not_depend_on_the_way(play: Play) -> None:
    stage = await play()
    await stage.ask("send", method="GET", phones=PHONE, mes="x", fmt=3)
    reply = await (await stage.ask("send", mes="x", fmt=3, phones=PHONE)).text()
    assert json.loads(reply) == REPEATED


async def test_identity_with_the_client_id(play: Play) -> None:
    stage = await play(identity_ignores_id=False)
    assert "id" in await stage.send(id=1)
    assert "id" in await stage.send(id=2)
    assert await stage.send(id=2) == REPEATED


async def test_repeating_a_failed_send(play: Play) -> None:
    stage = await play()
    assert (await stage.send("111"))["error_code"] == 7
    assert await stage.send("111") == REPEATED


async def test_five_identical_price_requests(play: Play) -> None:
    stage = await play()
    assert all(["cost" in await stage.send(cost=1) for _ in range(5)])
    assert await stage.send(cost=1) == REPEATED
    assert "id" in await stage.send()


async def test_five_requests_for_the_same_message(play: Play) -> None:
    stage = await play()
    await stage.send(f"{PHONE},79990000002", id=1)
    # Another form of the reply is still the same message.
    replies = [await stage.text("status", id=1, phone=PHONE, fmt=1, all=number % 3) for number in range(6)]
    assert [reply.startswith("-1,") for reply in replies] == [True] * 5 + [False]
    assert replies[5] == "0,-9"
    assert (await stage.status(1, "79990000002"))["status"] == -1
    stage.clock.now += 60
    assert "status" in await stage.status(1, PHONE)


@pytest.mark.parametrize(("any_mass_status", "other_refused"), [(True, True), (False, False)])
async def test_one_mass_status_request(play: Play, any_mass_status: Any, other_refused: Any) -> None:
    stage = await play(any_mass_status=any_mass_status)
    await stage.send(f"{PHONE},79990000002", id=1)
    assert len(await stage.status("1,1", f"{PHONE},79990000002")) == 2
    assert await stage.status("1,1", f"{PHONE},79990000002") == REPEATED
    assert (await stage.status("1,", PHONE) == REPEATED) is other_refused
    assert "status" in await stage.status(1, PHONE)
    stage.clock.now += 60
    assert len(await stage.status("1,1", f"{PHONE},79990000002")) == 2


async def test_ten_balance_requests(play: Play) -> None:
    stage = await play()
    replies = [await stage.text("balance", fmt=number % 2, cur=1) for number in range(11)]
    assert sum(reply.startswith("1000.00") for reply in replies) == 10
    assert replies[10].startswith("ERROR = 9")


async def test_no_throttle(play: Play) -> None:
    stage = await play(throttle=False)
    for _ in range(20):
        assert "id" in await stage.send()
    for _ in range(20):
        assert "status" in await stage.status(1, PHONE)
        assert len(await stage.status("1,", PHONE)) == 1
        assert await stage.text("balance") == "972.00"


async def at_once(stage: Stage, requests: Any) -> Any:
    """Begin requests one after the other so that all are inside together, and give their replies in order."""
    replies = [asyncio.ensure_future(request) for request in requests]
    return await asyncio.gather(*replies)


@pytest.mark.parametrize(("count", "refused"), [(14, 0), (15, 1), (20, 6)])
async def test_requests_of_one_login_at_once(play: Play, count: Any, refused: Any) -> None:
    stage = await play(latency_ms=300)
    scripts = [stage.send(str(79990000000 + number)) for number in range(count - 2)]
    scripts += [stage.text("balance", fmt=3), stage.text("balance", fmt=3, cur=1)]
    replies = [
        reply if isinstance(reply, dict) else json.loads(reply) for reply in await at_once(stage, scripts)
    ]
    assert sum(reply == AT_ONCE for reply in replies) == refused
    seen = (await stage.books())["simultaneous"]
    assert (seen["send.php"], seen["balance.php"]) == (count - 2, 2)


@pytest.mark.parametrize(("count", "refused"), [(4, 0), (5, 1), (7, 3)])
async def test_status_requests_at_once(play: Play, count: Any, refused: Any) -> None:
    stage = await play(latency_ms=200)
    replies = await at_once(stage, [stage.status(number + 1, PHONE) for number in range(count)])
    assert sum(reply == AT_ONCE for reply in replies) == refused


async def test_a_refused_crowd_may_ask_again_at_once(play: Play) -> None:
    stage = await play(latency_ms=200)
    first = await at_once(stage, [stage.send(str(79990000000 + number)) for number in range(16)])
    refused = [str(79990000000 + number) for number, reply in enumerate(first) if reply == AT_ONCE]
    assert len(refused) == 2
    assert all(["id" in await stage.send(phone) for phone in refused])


async def test_five_failed_logins_lock_the_address_out(play: Play) -> None:
    stage = await play()
    for _ in range(5):
        assert (await stage.send(psw="wrong"))["error_code"] == 2
        stage.clock.now += 60
    blocked = {"error": "ip is blocked", "error_code": 4}
    assert await stage.send() == blocked
    assert json.loads(await stage.text("balance", fmt=3)) == blocked
    assert await stage.status(1, PHONE) == blocked
    stage.clock.now += 30 * 60 - 61
    assert await stage.send() == blocked
    stage.clock.now += 1
    assert "id" in await stage.send()


async def test_slow_failures_do_not_lock_out(play: Play) -> None:
    stage = await play()
    for _ in range(20):
        assert (await stage.send(psw="wrong"))["error_code"] == 2
        stage.clock.now += 7.5 * 60


async def test_hundred_failed_sends_in_a_row_lock_the_address_out(play: Play) -> None:
    stage = await play()
    for number in range(99):
        assert (await stage.send(str(number)))["error_code"] == 7
    await stage.send()
    for number in range(100):
        assert (await stage.send(str(100 + number)))["error_code"] == 7
    assert (await stage.send("79990000002"))["error_code"] == 4
    assert (await stage.books())["errors"]["send.php"] == {"7": 199, "4": 1}
    stage.clock.now += 600
    assert "id" in await stage.send("79990000002")


async def test_lock_out_can_be_switched_off(play: Play) -> None:
    stage = await play(block_addresses=False)
    replies = [await stage.send(psw="wrong") for _ in range(10)]
    assert {reply["error_code"] for reply in replies} == {2}


async def test_throttles_can_be_forgotten(play: Play) -> None:
    stage = await play()
    await stage.send()
    await stage.control(reset_throttles=True)
    assert "id" in await stage.send()
