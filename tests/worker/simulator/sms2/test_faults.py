"""Faults, scripted replies and latency at SMS2's side."""

import asyncio
from collections import deque
from typing import Any

import aiohttp
import pytest

from tests.worker.simulator.sms2.conftest import LOGIN, PHONE, SENT, Play2, Sms2Stage
from worker.simulator.config import SimulatorConfig
from worker.simulator.faults import FAULTS, FaultSpecError, Phase
from worker.simulator.sandbox import plan_faults
from worker.simulator.sms2.provider import Sms2

FORM = LOGIN | {"phone": PHONE, "message": "hello", "from": "Shop24"}


async def outcome(sms2: Sms2Stage) -> tuple[int | str, str]:
    """Send once and tell what the client sees."""
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(sms2.stage.client.make_url("/sms.cgi"), data=FORM) as response:
                return response.status, await response.text("cp1251", errors="replace")
        except aiohttp.ServerDisconnectedError:
            return "disconnected", ""
        except aiohttp.ClientPayloadError:
            return "cut", ""
        except (ConnectionResetError, aiohttp.ClientOSError):
            return "reset", ""


SEEN: dict[str, Any] = {
    # fault: what the client sees
    "reset-before": "reset",
    "drop-before": "disconnected",
    "http429-before": 429,
    "http500-before": 500,
    "http503-before": 503,
    "error2": (200, "Error: authentication failure"),
    "error3": (200, "Error: your credit is null"),
    "error4": (200, "Error: service is switched off"),
    "stall": 200,
    "drop-reply": "disconnected",
    "reset": "reset",
    "cut-body": "cut",
    "http500-after": 500,
    "http504-after": 504,
    "late": 200,
    "garbled": 200,
    "empty": (200, ""),
    "html": 200,
    "truncate": 200,
}


def test_every_fault_has_a_test() -> None:
    # A door that shuts is the same for all; error9 doesn't strike here, see below.
    assert set(FAULTS) - set(SEEN) == {"refuse", "error9"}


@pytest.mark.parametrize("name", SEEN)
async def test_fault(play2: Play2, name: str) -> None:
    seconds = "" if FAULTS[name].seconds is None else ":0.01"
    sms2 = await play2(faults=f"sms:{name}=1{seconds}")
    seen, expected = await outcome(sms2), SEEN[name]
    assert seen == expected if isinstance(expected, tuple) else seen[0] == expected
    taken = FAULTS[name].phase is not Phase.BEFORE
    books = await sms2.books()
    assert (books["messages"], books["balance"]) == ((1, "998.6") if taken else (0, "1000"))
    assert (books["faults"], books["errors"]) == ({name: 1}, {})
    assert (await sms2.stage.books())["faults"] == {}
    await sms2.stage.control(faults="")
    # What wasn't taken may be sent again; what was is known.
    _, reply = await outcome(sms2)
    assert reply == "Error: message duplication" if taken else reply.startswith(SENT)


CAN_T = [
    ("sms:error9=1", "error9 can't strike sms"),
    ("api:error9=1", "error9 can't strike api"),
    ("get_credit_info:error3=1", "error3 can't strike get_credit_info"),
    ("sms_status2.cgi:error4=1", "error4 can't strike sms_status2.cgi"),
    ("api_call:error3=1", "error3 can't strike api_call"),
]


@pytest.mark.parametrize(("spec", "complaint"), CAN_T)
def test_faults_that_make_no_sense_here(spec: str, complaint: str) -> None:
    with pytest.raises(FaultSpecError, match=complaint):
        plan_faults(spec, 1, [Sms2(SimulatorConfig(), deque())])


async def test_a_fault_for_all_strikes_those_that_it_can(play2: Play2) -> None:
    sms2 = await play2(faults="error9=1")
    await sms2.sent()
    assert (await sms2.stage.send())["error_code"] == 9
    await sms2.stage.control(faults="error3=1")
    assert await sms2.send("another") == "Error: your credit is null"
    assert (await sms2.balance()).startswith("Balance: ")
    await sms2.stage.control(faults="error2=1")
    assert await sms2.balance() == "Error: authentication failure"
    assert await sms2.call("list_of_bases") == "Error: authentication failure"


async def test_scripted_replies(sms2: Sms2Stage) -> None:
    body = "Error: новая ошибка"
    await sms2.stage.control(script=[{"endpoint": "sms.cgi", "body": body, "charset": "windows-1251"}])
    response = await sms2.ask("sms.cgi")
    assert (await response.read()).decode("cp1251") == body
    books = await sms2.books()
    assert (books["scripted"], books["messages"], books["errors"]) == ({"sms.cgi": 1}, 0, {})


async def test_simultaneous_requests_are_counted_and_not_limited(play2: Play2) -> None:
    sms2 = await play2(latency_ms=100)
    replies = await asyncio.gather(*(sms2.send(f"text {number}") for number in range(20)))
    assert all(reply.startswith(SENT) for reply in replies)
    assert (await sms2.books())["simultaneous"]["sms.cgi"] > 1


async def test_many_requests_meet_no_throttle(sms2: Sms2Stage) -> None:
    for _ in range(30):
        assert await sms2.balance() == "Balance: 1000.00; Overdraft: 0.00"


@pytest.mark.parametrize("path", ["/sms.cgi", "/api.php"])
async def test_other_methods(sms2: Sms2Stage, path: str) -> None:
    assert (await sms2.stage.client.put(path)).status == 405
