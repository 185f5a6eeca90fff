"""What all scripts have in common: log-in, throttles, faults, scripted replies, JSON bodies, charsets."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.worker.simulator.conftest import Play, Stage

PHONE = "79990000001"
REPEATED = "0,-9"

# Script, parameters, identical requests a minute (SMSC protocol §4).
LIMITS = [
    ("get", {"get_answers": 1}, 3),
    ("get", {"get_stat": 1}, 3),
    ("get", {"get_price": 1}, 3),
    ("get", {"get_senders": 1}, 3),
    ("get", {"get_messages": 1}, 3),
    ("info", {"get_operator": 1, "phone": PHONE}, 3),
    ("wait_call", {"phone": PHONE}, 50),
    ("receive_phones", {"get": 1}, 2),
    ("receive_phones", {"buy": 1, "phone": "79000000901"}, 2),
    ("receive_phones", {"chg": 1, "phone": "79000000901", "noprolong": 1}, 2),
    ("downloads", {"get_list": 1}, 3),
    ("downloads", {"get_file": 1, "id": 1}, 3),
    ("send", {"phones": PHONE, "mes": "a", "cost": 1}, 5),
    ("send", {"phones": PHONE, "hlr": 1}, 1),
]


@pytest.mark.parametrize("minute", [60, 2])
@pytest.mark.parametrize(("script", "given", "most"), LIMITS)
async def test_identical_requests(play: Play, script: Any, given: Any, most: Any, minute: Any) -> None:
    stage = await play(minute=minute)
    replies = [await stage.text(script, fmt=1, **given) for _ in range(most + 2)]
    assert [reply == REPEATED for reply in replies] == [False] * most + [True] * 2
    # Another parameter makes another request; the credentials' form doesn't.
    assert await stage.text(script, fmt=1, extra=1, **given) != REPEATED
    stage.login = {"apikey": "demo-key"}
    assert await stage.text(script, fmt=1, **given) == REPEATED
    stage.clock.now += minute - 0.01
    assert await stage.text(script, fmt=1, **given) == REPEATED
    stage.clock.now += 0.02
    assert await stage.text(script, fmt=1, **given) != REPEATED


async def test_hundred_info_requests_of_any_kind(play: Play) -> None:
    stage = await play()
    replies = [
        await stage.text("info", fmt=1, get_operator=1, phone=str(79990000000 + number))
        for number in range(102)
    ]
    assert [reply == REPEATED for reply in replies] == [False] * 100 + [True] * 2
    stage.clock.now += 60
    assert await stage.text("info", fmt=1, get_operator=1, phone=PHONE) != REPEATED


async def test_id_makes_two_downloads_different(play: Play) -> None:
    stage = await play()
    for number in range(4):
        assert await stage.text("downloads", fmt=1, get_file=1, id=number + 1) == "0,-3"


OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("get", {"get_answers": 1}),
    ("info", {"get_operator": 1, "phone": PHONE}),
    ("wait_call", {"phone": PHONE}),
    ("receive_phones", {"get": 1}),
    ("downloads", {"get_list": 1}),
]


@pytest.mark.parametrize(("script", "given"), OTHERS)
async def test_log_in(play: Play, script: Any, given: Any) -> None:
    stage = await play()
    assert await stage.text(script, psw="wrong", fmt=1, **given) == "0,-2"
    assert await stage.text(script, psw="wrong", **given) == "ERROR = 2 (authorise error)"
    assert (await stage.client.put(f"/sys/{script}.php")).status == 405
    response = await stage.ask(script, method="GET", fmt=3, charset="koi8-r", **given)
    assert response.headers["Content-Type"] == "application/json; charset=koi8-r"
    assert "error" not in json.loads(await response.text("koi8-r"))
    books = await stage.books()
    assert (books["requests"], books["errors"]) == ({f"{script}.php": 3}, {f"{script}.php": {"2": 2}})


@pytest.mark.parametrize(("script", "given"), OTHERS)
async def test_json_body(play: Play, script: Any, given: Any) -> None:
    stage = await play()
    response = await stage.client.post(f"/rest/{script}/", json=stage.login | given)
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert "error" not in await response.json()
    response = await stage.client.post(f"/rest/{script}/", data=b"{")
    assert await response.json() == {"error": "parameters error", "error_code": 1}


@pytest.mark.parametrize(("script", "given"), OTHERS)
async def test_faults_and_scripts(play: Play, script: Any, given: Any) -> None:
    stage = await play(faults=f"{script}:http503-before=1")
    response = await stage.ask(script, **given)
    assert response.status == 503
    await stage.control(faults=f"{script}.php:error9=1")
    assert await stage.text(script, fmt=1, **given) == REPEATED
    await stage.control(faults=f"{script}:empty=1")
    assert await stage.text(script, **given) == ""
    await stage.control(faults="", script=[{"endpoint": f"{script}.php", "body": "literal"}])
    assert await stage.text(script, **given) == "literal"
    assert (await stage.books())["faults"] == {"http503-before": 1, "error9": 1, "empty": 1}


FILE = "/sys/downloads.php?login=demo&psw=demo&get_file=1&id=1"
ROWS = 20_000


async def fetch(stage: Stage) -> Any:
    """Fetch a large file and tell what the client got."""
    received = b""
    async with aiohttp.ClientSession() as session:
        try:
            async with session.get(stage.client.make_url(FILE)) as response:
                async for piece in response.content.iter_any():
                    received += piece
                return response.status, received
        except aiohttp.ClientPayloadError:
            return "cut", received
        except aiohttp.ServerDisconnectedError:
            return "disconnected", received


@pytest.fixture
async def export(play: Play) -> Any:
    stage = await play(throttle=False)
    await stage.control(download={"rows": ROWS})
    stage.clock.now += 3
    return stage, (await fetch(stage))[1]


# Fault, what is seen, share of the file that comes.
FILE_FAULTS = [
    ("cut-body=1", "cut", 0.5),
    ("truncate=1", 200, 0.5),
    ("empty=1", 200, 0),
    ("drop-reply=1", "disconnected", 0),
    ("late=1:0.01", 200, 1),
]


@pytest.mark.parametrize(("fault", "seen", "share"), FILE_FAULTS)
async def test_faults_of_a_file(export: Any, fault: Any, seen: Any, share: Any) -> None:
    stage, whole = export
    await stage.control(faults=f"downloads:{fault}")
    outcome, received = await fetch(stage)
    assert (outcome, received) == (seen, whole[: int(len(whole) * share)])


async def test_garbled_file(export: Any) -> None:
    stage, _ = export
    await stage.control(faults="downloads:garbled=1")
    outcome, received = await fetch(stage)
    assert (outcome, min(received) >= 0x80) == (200, True)


async def test_client_that_leaves_in_the_middle_of_a_file(play: Play) -> None:
    stage = await play(throttle=False)
    await stage.control(download={"bytes": 50_000_000})
    stage.clock.now += 3
    async with aiohttp.ClientSession() as session, session.get(stage.client.make_url(FILE)) as response:
        await response.content.readexactly(1000)
        response.close()
    async with asyncio.timeout(5):
        assert await stage.text("balance") == "1000.00"


async def test_books_count_every_script(free: Stage) -> None:
    for script, given in OTHERS:
        await free.text(script, **given)
        await free.text(script, psw="x", **given)
    books = await free.books()
    assert books["requests"] == {f"{script}.php": 2 for script, _ in OTHERS}
    assert books["errors"] == {f"{script}.php": {"2": 1} for script, _ in OTHERS}


ODD = [
    ("get", {"get_messages": 1, "start": "15.11.2023", "end": "31.12.9999"}, "0,-1"),
    ("get", {"get_messages": 1, "start": "01.01.0001"}, "0,-1"),
    ("get", {"get_answers": 1, "cnt": "١٢"}, "0,-1"),
    ("get", {"get_answers": 1, "after_id": "9" * 5000}, "0,-1"),
    ("downloads", {"get_list": 1, "cnt": "9" * 5000}, "0,-1"),
    ("wait_call", {"phone": "9" * 5000}, "0,-5"),
    ("info", {"get_operator": 1, "phone": "9" * 5000}, "0,-1"),
    ("receive_phones", {"buy": 1, "phone": "9" * 5000}, "0,-1"),
    ("send", {"phones": PHONE, "mes": "a", "period": "inf"}, "0,-1"),
    ("send", {"phones": "G" + "9" * 5000, "mes": "a", "id": 5}, "5,-7"),
]


@pytest.mark.parametrize(("script", "given", "reply"), ODD)
async def test_odd_values(free: Stage, script: Any, given: Any, reply: Any) -> None:
    assert await free.text(script, fmt=1, **given) == reply
