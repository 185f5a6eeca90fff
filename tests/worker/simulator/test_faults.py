"""Each fault does what its name says, to the client and to the books."""

import asyncio
import json
import random
from typing import Any

import aiohttp
import pytest

from tests.worker.simulator.conftest import Play, Stage
from worker.simulator.faults import FAULTS, FaultPlan, FaultSpecError, Phase

ENDPOINTS = ("send.php", "status.php", "balance.php")
PHONE = "79990000001"
FORM = {"login": "demo", "psw": "demo", "phones": PHONE, "mes": "hello", "id": "5", "fmt": "3"}


async def outcome(stage: Stage) -> Any:
    """Send once and tell what the client sees."""
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(stage.client.make_url("/sys/send.php"), data=FORM) as response:
                return response.status, await response.text("utf-8", errors="replace")
        except aiohttp.ServerDisconnectedError:
            return "disconnected", ""
        except aiohttp.ClientPayloadError:
            return "cut", ""
        except (ConnectionResetError, aiohttp.ClientOSError):
            return "reset", ""


SEEN = {
    # fault: what the client sees
    "refuse": "reset",
    "reset-before": "reset",
    "drop-before": "disconnected",
    "http429-before": 429,
    "http500-before": 500,
    "http503-before": 503,
    "error2": {"error": "authorise error", "error_code": 2},
    "error3": {"error": "no money", "error_code": 3, "id": 5},
    "error4": {"error": "ip is blocked", "error_code": 4},
    "error9": {"error": "duplicate request, wait a minute", "error_code": 9},
    "stall": {"id": 5, "cnt": 1},
    "drop-reply": "disconnected",
    "reset": "reset",
    "cut-body": "cut",
    "http500-after": 500,
    "http504-after": 504,
    "late": {"id": 5, "cnt": 1},
    "garbled": 200,
    "empty": (200, ""),
    "html": 200,
    "truncate": (200, '{"id":5,'),
}


def test_every_fault_has_a_test() -> None:
    assert set(SEEN) == set(FAULTS)


@pytest.mark.parametrize("name", SEEN)
async def test_fault(play: Play, name: Any) -> None:
    seconds = "" if FAULTS[name].seconds is None else ":0.05"
    stage = await play(faults=f"send:{name}=1{seconds}")
    seen = await outcome(stage)
    expected = SEEN[name]
    if isinstance(expected, dict):
        assert (seen[0], json.loads(seen[1])) == (200, expected)
    elif isinstance(expected, tuple):
        assert seen == expected
    else:
        assert seen[0] == expected
    books = await stage.books()
    taken = FAULTS[name].phase is not Phase.BEFORE
    assert books["messages"] == (1 if taken else 0)
    assert books["balance"] == ("998.6" if taken else "1000")
    assert books["faults"] == {name: 1}
    # What was injected is no offence of the client.
    assert books["errors"] == {}
    await stage.control(faults="")
    if name == "refuse":
        await served_again(stage)
    status = (await stage.status(5, PHONE))["status"]
    assert (status != -3) is taken
    # A request that wasn't taken leaves nothing behind: it may be repeated at once.
    _, reply = await outcome(stage)
    assert ("duplicate" in reply) is taken


async def served_again(stage: Stage) -> Any:
    async with asyncio.timeout(5):
        while True:
            try:
                return await stage.text("balance")
            except (aiohttp.ClientError, ConnectionResetError):
                pass


async def until(stage: Stage, condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition(await stage.books()):
            pass


async def test_garbled_looks_like_nothing(play: Play) -> None:
    stage = await play(faults="garbled=1")
    response = await stage.ask("balance")
    body = await response.read()
    assert len(body) == len("1000.00")
    assert min(body) >= 0x80


async def test_html_is_a_web_page(play: Play) -> None:
    stage = await play(faults="html=1")
    response = await stage.ask("balance")
    assert response.headers["Content-Type"] == "text/html"
    assert (await response.text()).startswith("<html>")


async def test_late_takes_before_it_waits(play: Play) -> None:
    stage = await play(faults="send:late=1:30")
    request = asyncio.ensure_future(stage.send(id=5))
    await until(stage, lambda books: books["messages"] == 1)
    assert not request.done()
    assert (await stage.status(5, PHONE))["status"] == -1
    request.cancel()


async def test_stall_waits_before_it_takes(play: Play) -> None:
    stage = await play(faults="send:stall=1:0.3")
    request = asyncio.ensure_future(stage.send(id=5))
    await until(stage, lambda books: books["requests"].get("send.php") == 1)
    assert (await stage.status(5, PHONE))["status"] == -3
    assert await request == {"id": 5, "cnt": 1}
    assert (await stage.status(5, PHONE))["status"] == -1


async def test_client_that_gives_up_is_still_served(play: Play) -> None:
    stage = await play(faults="send:stall=1:0.3")
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.1)) as session:
        with pytest.raises(TimeoutError):
            await session.post(stage.client.make_url("/sys/send.php"), data=FORM)
    await until(stage, lambda books: books["messages"] == 1)


async def test_refuse_serves_nobody_for_a_while(play: Play) -> None:
    stage = await play()
    await stage.control(faults="send:refuse=1:30")
    assert (await outcome(stage))[0] == "reset"
    await stage.control(faults="")
    assert (await outcome(stage))[0] == "reset"
    assert (await stage.books())["requests"] == {"send.php": 1}


async def test_faults_of_one_endpoint_leave_others_alone(play: Play) -> None:
    stage = await play(faults="send.php:drop-reply=1,balance:empty=1")
    assert (await outcome(stage))[0] == "disconnected"
    assert await stage.text("balance") == ""
    assert (await stage.status(5, PHONE))["status"] == -1


def draws(spec: Any, seed: Any, count: Any = 20_000, endpoint: Any = "send.php") -> Any:
    plan = FaultPlan(spec, ENDPOINTS, random.Random(seed))
    drawn = [plan.draw(endpoint) for _ in range(count)]
    return [fault.kind.name if fault else "" for fault in drawn]


def test_shares_and_seed() -> None:
    names = draws("drop-reply=0.05, late=0.1:7, status:empty=0.5", 1)
    assert 900 < names.count("drop-reply") < 1100
    assert 1850 < names.count("late") < 2150
    assert names.count("empty") == 0
    assert names == draws("drop-reply=0.05,late=0.1:7,status:empty=0.5", 1)
    assert names != draws("drop-reply=0.05,late=0.1:7,status:empty=0.5", 2)


def test_seconds() -> None:
    def seconds(spec: Any) -> Any:
        fault = FaultPlan(spec, ENDPOINTS, random.Random(1)).draw("send.php")
        return fault and fault.seconds

    assert [seconds(spec) for spec in ("late=1:7.5", "late=1", "empty=1", "")] == [7.5, 5.0, 0.0, None]


BAD_SPECS = [
    ("drop-reply", "expected KIND=PROBABILITY"),
    ("dropreply=0.1", "there is no fault 'dropreply'"),
    ("sent:drop-reply=0.1", "there is no endpoint 'sent'"),
    ("drop-reply=often", "'often' is not a number"),
    ("drop-reply=1.5", "between 0 and 1"),
    ("drop-reply=-0.1", "must be 0 or more"),
    ("drop-reply=nan", "must be 0 or more"),
    ("drop-reply=0.1:5", "takes no seconds"),
    ("late=0.1:", "is not a number"),
    ("drop-reply=0.6,send:empty=0.6", "for send.php add up to 1.2"),
]


@pytest.mark.parametrize(("spec", "complaint"), BAD_SPECS)
def test_bad_spec(spec: Any, complaint: Any) -> None:
    with pytest.raises(FaultSpecError, match=complaint):
        FaultPlan(spec, ENDPOINTS, random.Random(1))
