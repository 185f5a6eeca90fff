"""Recipients that make something certain happen."""

from typing import Any

import pytest

from tests.worker.simulator.conftest import Play
from worker.simulator.smsc.errors import ERROR_TEXTS


@pytest.mark.parametrize("code", range(1, 10))
async def test_request_errors(play: Play, code: Any) -> None:
    stage = await play()
    reply = await stage.send(f"79990000001,7900000000{code}", id=50)
    expected = {"error": ERROR_TEXTS[code], "error_code": code}
    if code in (3, 6, 7, 8):
        expected["id"] = 50
    assert reply == expected
    assert (await stage.books())["messages"] == 0
    record = await stage.status(50, f"7900000000{code}")
    assert record["status"] == {3: 24, 6: 23, 7: 22, 8: 25}.get(code, -3)


async def test_request_error_in_a_list(play: Play) -> None:
    stage = await play()
    reply = await stage.send("", "", list="79990000001:a\n79000000008:b", id=50)
    assert reply["error_code"] == 8
    assert (await stage.status(50, "79000000008"))["status"] == 25


async def test_refusals_without_a_record(play: Play) -> None:
    stage = await play(record_refused=False)
    assert (await stage.send("79000000007"))["id"] == 1
    assert (await stage.status(1, "79000000007"))["status"] == -3


FINAL = [
    ("79000000101", 1, None),
    ("79000000102", 2, None),
    ("79000000103", 3, 6),
    ("79000000120", 20, 1),
    ("79000000122", 22, 249),
    ("79000000123", 23, 253),
    ("79000000124", 24, None),
    ("79000000125", 25, 248),
    ("79000000300", -1, None),
    ("79000000301", 0, None),
]


@pytest.mark.parametrize(("phone", "status", "err"), FINAL)
async def test_final_statuses(play: Play, phone: Any, status: Any, err: Any) -> None:
    stage = await play(delivery_scale=0)
    assert await stage.send(phone, id=1) == {"id": 1, "cnt": 1}
    stage.clock.now += 100_000
    record = await stage.status(1, phone)
    assert (record["status"], record.get("err")) == (status, err)
