"""The books judge: counters, recipients, the last requests; and what /_control changes."""

import base64
from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage

PHONE = "79990000001"


async def test_fresh_books(play: Play) -> None:
    stage = await play()
    books = await stage.books()
    assert set(books.pop("sms2")) >= {"requests", "twice", "balance"}
    assert books == {
        "requests": {},
        "errors": {},
        "faults": {},
        "scripted": {},
        "simultaneous": {},
        "batches": 0,
        "messages": 0,
        "rejected": 0,
        "segments": 0,
        "cost": "0",
        "recipients": 0,
        "twice": 0,
        "kinds": {},
        "hlr": 0,
        "calls_asked": 0,
        "calls_came": 0,
        "calls_missed": 0,
        "rentals": {},
        "rent": "0",
        "files": {},
        "rented": [],
        "balance": "1000",
        "script_pending": {},
    }


async def lines(stage: Stage) -> Any:
    text = await (await stage.client.get("/_books/recipients")).text()
    return [tuple(line.split("\t")) for line in text.splitlines()]


async def test_twice_is_the_same_text_to_the_same_phone(free: Stage) -> None:
    await free.send("79990000001,79990000002", "a")
    assert (await free.books())["twice"] == 0
    await free.send("79990000001", "b")
    await free.send("", "", list="79990000003:a\n79990000002:c")
    assert (await free.books())["twice"] == 0
    await free.send("79990000002", "a")
    assert (await free.books())["twice"] == 1
    await free.send("79990000002", "a")
    assert (await free.books())["twice"] == 1
    await free.send("", "", list="79990000002:c\n79990000003:a")
    books = await free.books()
    assert (books["twice"], books["recipients"], books["messages"], books["batches"]) == (3, 3, 9, 6)
    assert await lines(free) == [
        ("79990000001", "2", "2"),
        ("79990000002", "5", "2"),
        ("79990000003", "2", "1"),
    ]


async def test_twice_within_one_request(free: Stage) -> None:
    await free.send("79990000001,79990000001")
    assert (await free.books())["twice"] == 1


async def test_shared_and_own_texts_are_compared(free: Stage) -> None:
    await free.send(PHONE, "Привет")
    await free.send("", "", list=f"{PHONE}:Привет")
    assert (await free.books())["twice"] == 1


async def test_another_kind_is_another_text(free: Stage) -> None:
    await free.send(PHONE, "a")
    await free.send(PHONE, "a", viber=1)
    await free.send("", "", list=f"{PHONE}:a", call=1)
    assert (await free.books())["twice"] == 0
    await free.send(PHONE, "a", call=1)
    assert (await free.books())["twice"] == 1


async def test_what_was_not_taken_is_not_in_the_books(free: Stage) -> None:
    await free.send("79990000001,123", "a")
    await free.send("79990000002", "a", cost=1)
    await free.send("79990000003", "[forbidden]")
    assert await lines(free) == [("79990000001", "1", "1")]


async def test_many_recipients(free: Stage) -> None:
    await free.control(balance="1000000")
    for batch in range(24):
        phones = ",".join(str(79990000000 + 500 * batch + number) for number in range(500))
        await free.send(phones, "a")
    books = await free.books()
    assert (books["recipients"], books["messages"], books["twice"]) == (12_000, 12_000, 0)
    assert len(await lines(free)) == 12_000


async def test_last_requests(free: Stage) -> None:
    await free.send(PHONE, "hello", id=1)
    await free.send("79000000003", "x" * 20_000)
    entries = await (await free.client.get("/_books/requests?last=5")).json()
    first, second = entries
    assert first == {
        "at": free.clock.now,
        "method": "POST",
        "endpoint": "send.php",
        "parameters": {"charset": "utf-8", "fmt": "3", "phones": PHONE, "mes": "hello", "id": "1"},
        "files": [],
        "error": None,
        "fault": None,
        "scripted": False,
    }
    assert second["error"] == 3
    assert second["parameters"]["mes"] == "x" * 10_000 + "… (20000 characters)"
    assert await (await free.client.get("/_books/requests?last=1")).json() == [second]
    assert await (await free.client.get("/_books/requests?last=0")).json() == []
    assert (await free.client.get("/_books/requests?last=x")).status == 400


async def test_ring_is_bounded(play: Play) -> None:
    stage = await play(throttle=False, requests_kept=3)
    for number in range(5):
        await stage.send(id=number + 1)
    entries = await (await stage.client.get("/_books/requests")).json()
    assert [entry["parameters"]["id"] for entry in entries] == ["3", "4", "5"]


async def test_books_keep_no_text(free: Stage) -> None:
    await free.send(PHONE, "a secret word")
    for path in ("/_books", "/_books/recipients"):
        assert "secret" not in await (await free.client.get(path)).text()


async def test_reset_books(free: Stage) -> None:
    await free.send(id=5)
    await free.control(reset_books=True)
    books = await free.books()
    assert (books["messages"], books["recipients"], books["requests"], books["cost"]) == (0, 0, {}, "0")
    assert books["balance"] == "998.6"
    assert (await free.status(5, PHONE))["status"] == -1


async def test_control_changes(free: Stage) -> None:
    await free.control(balance="2.8", test_mode=False, faults="balance:empty=1", latency_ms=1)
    assert await free.text("balance") == ""
    await free.control(faults="")
    assert await free.text("balance") == "2.80"
    await free.control(test_mode=True)
    await free.send()
    assert await free.text("balance") == "2.80"


BAD_ORDERS = [
    ([], "expected a JSON object"),
    ({"balanse": "1"}, "there is no order 'balanse'"),
    ({"balance": "a lot"}, "no amount of money"),
    ({"balance": "NaN"}, "no amount of money"),
    ({"latency_ms": -1}, "latency_ms: expected a number"),
    ({"delivery_scale": "1"}, "delivery_scale: expected a number"),
    ({"faults": "boom=1"}, "there is no fault 'boom'"),
    ({"test_mode": 1}, "test_mode: expected true or false"),
    ({"reset_books": "yes"}, "reset_books: expected true or false"),
    ({"script": {}}, "expected a list"),
    ({"script": [1]}, "script[0]: expected an object"),
    ({"script": [{"endpoint": "sms3.cgi"}]}, "there is no endpoint 'sms3.cgi'"),
    ({"script": [{"endpoint": "send.php", "boby": ""}]}, "unknown member 'boby'"),
    ({"script": [{"endpoint": "send.php", "status": 99}]}, "status must be"),
    ({"script": [{"endpoint": "send.php", "headers": {"a": 1}}]}, "headers must be"),
    ({"script": [{"endpoint": "send.php", "charset": "ebcdic"}]}, "charset must be one of"),
    ({"script": [{"endpoint": "send.php", "body_base64": "?"}]}, "not base64"),
    ({"script": [{"endpoint": "send.php", "body": "中", "charset": "koi8-r"}]}, "lacks"),
]


@pytest.mark.parametrize(("orders", "complaint"), BAD_ORDERS)
async def test_bad_orders_change_nothing(free: Stage, orders: Any, complaint: Any) -> None:
    if isinstance(orders, dict):
        orders = {"balance": "5"} | orders
    response = await free.client.post("/_control", json=orders)
    assert response.status == 400
    assert complaint in (await response.json())["error"]
    assert (await free.books())["balance"] == "1000"


async def test_order_that_is_no_json(free: Stage) -> None:
    response = await free.client.post("/_control", data=b"{")
    assert (response.status, await response.json()) == (400, {"error": "the body is no JSON"})


async def test_script_is_played_in_order_and_literally(play: Play) -> None:
    stage = await play()
    literal = "ERROR = 9 (duplicate request, wait a minute)"
    pending = await stage.control(
        script=[
            {"endpoint": "send.php", "body": literal},
            {"endpoint": "status.php", "body": '{"status_name":"Доставлено"}', "charset": "windows-1251"},
            {"endpoint": "send.php", "status": 502, "body_base64": base64.b64encode(b"\0\xff").decode()},
            {"endpoint": "send.php", "body": "<p>", "headers": {"Content-Type": "text/html", "X-A": "b"}},
        ]
    )
    assert pending["script_pending"] == {"send.php": 3, "status.php": 1}
    assert await stage.text("send", phones=PHONE, mes="a") == literal
    assert await (
        await stage.ask("status", id=1, phone=PHONE)
    ).read() == '{"status_name":"Доставлено"}'.encode("cp1251")
    response = await stage.ask("send", phones=PHONE, mes="a")
    assert (response.status, await response.read()) == (502, b"\0\xff")
    response = await stage.ask("send", phones=PHONE, mes="a", psw="wrong")
    assert (response.headers["Content-Type"], response.headers["X-A"]) == ("text/html", "b")
    # Nothing of that was taken, counted as an error or remembered by the throttles.
    books = await stage.books()
    assert (books["messages"], books["errors"], books["script_pending"]) == (0, {}, {})
    assert books["scripted"] == {"send.php": 3, "status.php": 1}
    assert await stage.text("send", phones=PHONE, mes="a") == "OK - 1 SMS, ID - 1"


async def test_script_can_be_cleared(play: Play) -> None:
    stage = await play()
    await stage.control(script=[{"endpoint": "balance.php", "body": "x"}])
    assert (await stage.control(clear_script=True))["script_pending"] == {}
    assert await stage.text("balance") == "1000.00"
