"""SMS2's section of the books, and the orders of /_control for it."""

from typing import Any

import pytest

from tests.worker.simulator.sms2.conftest import PHONE, SENT, Play2, Sms2Stage


async def test_fresh_books(sms2: Sms2Stage) -> None:
    assert await sms2.books() == {
        "requests": {},
        "errors": {},
        "faults": {},
        "scripted": {},
        "simultaneous": {},
        "messages": 0,
        "cost": "0",
        "recipients": 0,
        "twice": 0,
        "kinds": {},
        "multicasts": {"started": 0, "waiting": 0, "unpaid": 0, "bases": {}},
        "balance": "1000",
        "switched_off": False,
        "also_at_smsc": 0,
    }


async def test_requests_and_refusals(sms2: Sms2Stage) -> None:
    message_id = await sms2.sent()
    for text in ("", "hello"):
        await sms2.send(text)
    await sms2.status(message_id)
    await sms2.status("x")
    await sms2.balance()
    books = await sms2.books()
    assert books["requests"] == {"sms.cgi": 3, "sms_status2.cgi": 2, "get_credit_info.cgi": 1}
    assert books["errors"] == {
        "sms.cgi": {"Error: can't send this message": 1, "Error: message duplication": 1},
        "sms_status2.cgi": {"Error: no such message": 1},
    }
    assert books["simultaneous"]["sms.cgi"] == 1
    # SMSC's books are SMSC's.
    whole = await sms2.stage.books()
    assert (whole["requests"], whole["errors"], whole["messages"]) == ({}, {}, 0)


async def test_recipients(play2: Play2) -> None:
    sms2 = await play2(sms2_duplicate_minutes=0)
    for text, phone in (("a", PHONE), ("b", PHONE), ("a", PHONE), ("a", "79110000001")):
        await sms2.sent(text, phone)
    assert await sms2.recipients() == [(PHONE, "3", "2"), ("79110000001", "1", "1")]
    books = await sms2.books()
    assert (books["recipients"], books["messages"], books["twice"]) == (2, 4, 1)


async def test_who_got_the_same_from_both_providers(sms2: Sms2Stage) -> None:
    await sms2.sent("Привет")
    await sms2.sent("Пока")
    await sms2.stage.send("79110000001", "Привет", charset="utf-8")
    assert (await sms2.books())["also_at_smsc"] == 0
    await sms2.stage.send(PHONE, "Привет", charset="utf-8")
    whole = await sms2.stage.books()
    assert (whole["twice"], whole["sms2"]["twice"], whole["sms2"]["also_at_smsc"]) == (0, 0, 1)


async def test_last_requests_hide_credentials(sms2: Sms2Stage) -> None:
    await sms2.send("", login="demo", hash="x")
    await sms2.stage.send()
    first, second = await (await sms2.stage.client.get("/_books/requests?last=9")).json()
    assert first["endpoint"] == "sms.cgi"
    assert first["error"] == "Error: can't send this message"
    assert first["parameters"] == {"phone": PHONE, "message": "", "from": "Shop24"}
    assert second["endpoint"] == "send.php"


async def test_reset_books(sms2: Sms2Stage) -> None:
    message_id = await sms2.sent()
    await sms2.stage.control(reset_books=True)
    books = await sms2.books()
    assert (books["messages"], books["recipients"], books["requests"]) == (0, 0, {})
    assert books["balance"] == "998.6"
    assert await (await sms2.stage.client.get("/_books/requests")).json() == []
    assert await sms2.status(message_id) == "Status: unknown"


async def test_orders(sms2: Sms2Stage) -> None:
    await sms2.control(balance="5.5", overdraft="-3", senders=["Mine"])
    assert await sms2.balance() == "Balance: 5.50; Overdraft: -3.00"
    assert (await sms2.stage.books())["balance"] == "1000"
    assert await sms2.send() == "Error: unsupported sender"
    await sms2.control(senders=[])
    assert (await sms2.send()).startswith(SENT)


BAD_ORDERS: list[tuple[Any, str]] = [
    ([], "sms2: expected an object"),
    ({"balanse": 1}, "sms2: unknown member 'balanse'"),
    ({"balance": "much"}, "sms2.balance: 'much' is no amount of money"),
    ({"overdraft": "NaN"}, "sms2.overdraft: 'NaN' is no amount of money"),
    ({"switched_off": 1}, "sms2: switched_off is no bool"),
    ({"senders": [1]}, "sms2.senders: expected a list of strings"),
    ({"bases": {}}, "sms2: bases is no list"),
    ({"bases": ["a"]}, "sms2.bases: expected an object"),
    ({"bases": [{"phones": []}]}, "sms2.bases: 'name' is missing"),
    ({"bases": [{"name": "a,b"}]}, "sms2.bases: 'a,b' can't name a base"),
    ({"bases": [{"name": ""}]}, "sms2.bases: '' can't name a base"),
    ({"bases": [{"name": "a", "phones": ["1"]}]}, "sms2.bases: '1' is no number"),
]


@pytest.mark.parametrize(("orders", "complaint"), BAD_ORDERS)
async def test_bad_orders_change_nothing(sms2: Sms2Stage, orders: Any, complaint: str) -> None:
    response = await sms2.stage.client.post("/_control", json={"balance": "5", "sms2": orders})
    assert (response.status, await response.json()) == (400, {"error": complaint})
    assert (await sms2.stage.books())["balance"] == "1000"
