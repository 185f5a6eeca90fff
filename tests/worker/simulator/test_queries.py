"""status.php for HLR and ping requests, e-mails and calls."""

from typing import Any

import pytest

from tests.worker.simulator.conftest import Play

NOW = {"delivery_scale": 0, "throttle": False}

# Recipient, status, err, imsi and msc known, roaming.
HLRS = [
    ("79000000401", 1, 0, True, True, False),
    ("79000000402", 1, 6, True, False, False),
    ("79000000403", 20, 1, False, False, False),
    ("79000000404", 1, 0, True, True, True),
    ("79000000405", 1, None, False, False, False),
    ("79000000300", -1, 0, False, False, False),
    ("79000000301", 0, 0, False, False, False),
]


@pytest.mark.parametrize(("phone", "status", "err", "imsi", "msc", "roams"), HLRS)
async def test_hlr_results(
    play: Play, phone: Any, status: Any, err: Any, imsi: Any, msc: Any, roams: Any
) -> None:
    stage = await play(**NOW)
    await stage.send(phone, "", hlr=1, id=1001)
    record = await stage.status(1001, phone, all=2)
    assert record["sender_id"] == "HLR"
    assert (record["status"], record.get("err")) == (status, err)
    assert (bool(record["imsi"]), bool(record["msc"])) == (imsi, msc)
    assert (bool(record["rcn"]), bool(record["rnet"])) == (roams, roams)
    if roams:
        assert (record["mcc"], record["mnc"], record["cn"]) == ("250", "01", "Россия")
    fields = (await stage.text("status", id=1001, phone=phone, all=2, fmt=1)).split(",")
    assert fields[2:5] == ["" if err is None else str(err), record["imsi"], record["msc"]]
    assert fields[17] == "HLR"
    short = (await stage.text("status", id=1001, phone=phone, fmt=1)).split(",")
    assert len(short) == 11


async def test_mass_hlr(play: Play) -> None:
    stage = await play(**NOW)
    await stage.send("79000000401,79000000403", "", hlr=1, id=7)
    lines = await stage.text("status", id="7,7", phone="79000000401,79000000403", fmt=1)
    first, second = (line.split(",") for line in lines.split("\n"))
    assert (len(first), first[-2:], second[-2:]) == (13, ["7", "79000000401"], ["7", "79000000403"])
    text = await stage.text("status", id=7, phone="79000000401")
    assert "err = 0, imsi = 25001" in text
    xml = await stage.text("status", id=7, phone="79000000401", fmt=2)
    assert "<err>0</err><imsi>25001" in xml


async def test_ping_always_has_err(play: Play) -> None:
    stage = await play(**NOW)
    await stage.send("79000000401,79000000402", "", ping=1, id=7)
    assert (await stage.status(7, "79000000401"))["err"] == 0
    assert (await stage.status(7, "79000000402"))["err"] == 6


MAILS = [("read", 2, None), ("click", 4, None), ("full", 20, 2), ("nohost", 20, 3), ("blocked", 20, 4)]


@pytest.mark.parametrize(("name", "status", "err"), MAILS)
async def test_mail(play: Play, name: Any, status: Any, err: Any) -> None:
    stage = await play(**NOW)
    address = f"{name}@example.com"
    await stage.send(address, "hello", mail=1, subj="Hi", sender="shop@example.com", id=9)
    record = await stage.status(9, address, all=1)
    assert (record["status"], record.get("err")) == (status, err)
    assert (record["phone"], record["type"], record["flag"]) == (address, 8, 8)
    (listed,) = await stage.status("9,", address)  # V-50
    assert (listed["id"], listed["phone"]) == (9, address)


CALLS = [
    ("79000000101", 1, None),
    ("79000000137", 20, 237),
    ("79000000140", 20, 240),
    ("79000000142", 20, 242),
]


@pytest.mark.parametrize(("phone", "status", "err"), CALLS)
async def test_calls(play: Play, phone: Any, status: Any, err: Any) -> None:
    stage = await play(**NOW)
    await stage.send(phone, "hello", call=1, id=9)
    record = await stage.status(9, phone, all=2)
    assert (record["status"], record.get("err"), record["type"], record["sms_cnt"]) == (status, err, 7, 1)


async def test_statuses_by_json(play: Play) -> None:
    stage = await play(**NOW)
    await stage.send("79000000101", id=9)
    response = await stage.client.post(
        "/rest/status/", json=stage.login | {"id": 9, "phone": 79000000101, "all": 1}
    )
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert (await response.json())["status_name"] == "Доставлено"
    response = await stage.client.post(
        "/rest/status/", json=stage.login | {"id": [9, 9], "phone": ["79000000101", "79990000001"]}
    )
    assert [one["status"] for one in await response.json()] == [1, -3]
    assert (await stage.client.get("/rest/status/")).status == 405
