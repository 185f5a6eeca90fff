"""get_credit_info.cgi, and api.php."""

import hashlib
from decimal import Decimal
from typing import Any

import pytest

from tests.worker.simulator.sms2.conftest import PHONE, Play2, Sms2Stage, multipart

HASH = hashlib.md5(b"demo", usedforsecurity=False).hexdigest()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.mark.parametrize(
    ("settings", "reply"),
    [
        ({}, "Balance: 1000.00; Overdraft: 0.00"),
        (
            {"sms2_balance": Decimal("5006.75"), "sms2_overdraft": Decimal(-10000)},
            "Balance: 5006.75; Overdraft: -10000.00",
        ),
        ({"sms2_balance": Decimal("-3.5"), "credit": Decimal(20)}, "Balance: -3.50; Overdraft: -20.00"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_balance(play2: Play2, settings: dict[str, Any], reply: str, method: str) -> None:
    sms2 = await play2(**settings)
    assert await sms2.text("get_credit_info.cgi", method=method) == reply


async def test_its_money_is_its_own(sms2: Sms2Stage) -> None:
    await sms2.sent()
    await sms2.stage.send()
    await sms2.stage.send(mes="another")
    assert await sms2.balance() == "Balance: 998.60; Overdraft: 0.00"
    assert (await sms2.stage.books())["balance"] == "997.2"


async def mms(sms2: Sms2Stage, picture: bytes | None = PNG, **given: Any) -> str:
    fields = {"user": "demo", "hash": HASH, "phone": PHONE, "subject": "Тема", "text": "Текст 😀"}
    body, headers = multipart(fields | given, picture)
    response = await sms2.stage.client.post("/api.php", data=body, headers=headers)
    assert (response.status, response.headers["Content-Type"]) == (200, "text/plain; charset=windows-1251")
    return (await response.read()).decode("cp1251")


async def test_mms(play2: Play2) -> None:
    sms2 = await play2(delivery_scale=0)
    reply = await mms(sms2, phone="79000000101")
    assert reply.startswith("Ok_")
    assert await sms2.status(reply.removeprefix("Ok_")) == "Status: delivered"
    [found] = await (await sms2.stage.client.get("/_books/sms2/messages")).json()
    assert (found["kind"], found["text"]) == ("mms", "Тема\nТекст 😀")
    assert found["picture"] == hashlib.blake2b(PNG, digest_size=16).hexdigest()
    assert (await sms2.books())["cost"] == "1.4"


ROOM = 300 * 1024 - len("Тема".encode()) - len("Текст 😀".encode()) - len(PNG)

MMS: list[tuple[bytes | None, dict[str, Any], str]] = [
    (PNG + bytes(ROOM), {}, "Ok_"),
    (PNG + bytes(ROOM + 1), {}, "Error: message is too large"),
    (b"\xff\xd8\xff\xe0JFIF", {}, "Error: wrong picture format"),
    (PNG[:7], {}, "Error: wrong picture format"),
    (None, {}, "Ok_"),
    (PNG, {"text": "", "subject": ""}, "Ok_"),
    (PNG, {"hash": HASH.upper()}, "Ok_"),
    (None, {"text": " "}, "Error: can't send this message"),
    (PNG, {"text": "Текст".encode("cp1251")}, "Error: can't send this message"),
    (PNG, {"text": "[forbidden]"}, "Error: blocked text message"),
    (PNG, {"hash": "demo"}, "Error: authentication failure"),
    (PNG, {"hash": "", "pass": "demo"}, "Error: authentication failure"),
    (PNG, {"user": "other"}, "Error: authentication failure"),
    (PNG, {"phone": "9119876543"}, "Error: unsupported phone number"),
    (PNG, {"phone": "79000000507"}, "Error: phone blacklisted"),
]


@pytest.mark.parametrize(("picture", "given", "reply"), MMS)
async def test_mms_rules(sms2: Sms2Stage, picture: bytes | None, given: dict[str, Any], reply: str) -> None:
    seen = await mms(sms2, picture, **given)
    assert seen.startswith("Ok_") if reply == "Ok_" else seen == reply


async def test_mms_need_money_and_an_open_gate(sms2: Sms2Stage) -> None:
    await sms2.control(balance="1")
    assert await mms(sms2) == "Error: your credit is null"
    await sms2.control(switched_off=True)
    assert await mms(sms2) == "Error: service is switched off"


async def test_the_same_mms_again(sms2: Sms2Stage) -> None:
    await mms(sms2)
    await mms(sms2, PNG + b"another")
    assert (await sms2.books())["twice"] == 0
    await mms(sms2)
    assert (await sms2.books())["twice"] == 1
