"""sms.cgi: what is taken, and every error of the provider's table."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.worker.simulator.sms2.conftest import LOGIN, PHONE, SENT, Play2, Sms2Stage, multipart

CANNOT = "Error: can't send this message"


async def test_a_message_is_taken_and_paid_for(sms2: Sms2Stage) -> None:
    reply = await sms2.send("Привет")
    assert re.fullmatch(r"Message successfully sent! Message_ID=\w+", reply)
    assert await sms2.balance() == "Balance: 998.60; Overdraft: 0.00"
    found = await (await sms2.stage.client.get("/_books/sms2/messages?last=1")).json()
    assert found == [
        {
            "id": reply.removeprefix(SENT),
            "kind": "sms",
            "phones": [PHONE],
            "text": "Привет",
            "sender": "Shop24",
            "at": sms2.stage.clock.now,
            "picture": "",
        }
    ]
    by_id = f"/_books/sms2/messages?id={found[0]['id']}"
    assert await (await sms2.stage.client.get(by_id)).json() == found
    assert await (await sms2.stage.client.get("/_books/sms2/messages?id=no")).json() == []
    assert (await sms2.stage.client.get("/_books/sms2/messages?last=x")).status == 400


WAYS: list[dict[str, Any]] = [
    {},
    {"method": "GET"},
    {"enc": "utf-8", "codec": "utf-8"},
    {"enc": "UTF-8", "codec": "utf-8", "method": "GET"},
    {"enc": "windows-1251"},
    {"user": None, "login": "demo"},
    {"flash": 0},
]


@pytest.mark.parametrize("way", WAYS)
async def test_ways_to_say_the_same(sms2: Sms2Stage, way: dict[str, Any]) -> None:
    await sms2.sent("Съешь ещё этих булок, 5 шт. №1 — «вкусно»", **way)
    [found] = await (await sms2.stage.client.get("/_books/sms2/messages")).json()
    assert (found["text"], found["kind"]) == ("Съешь ещё этих булок, 5 шт. №1 — «вкусно»", "sms")


async def test_a_multipart_body_as_from_php(sms2: Sms2Stage) -> None:
    fields: dict[str, str | bytes] = {**LOGIN, "phone": PHONE, "from": "Shop24"}
    body, headers = multipart({**fields, "message": "Привет".encode("cp1251")})
    reply = await (await sms2.stage.client.post("/sms.cgi", data=body, headers=headers)).text()
    assert reply.startswith(SENT)
    [found] = await (await sms2.stage.client.get("/_books/sms2/messages")).json()
    assert found["text"] == "Привет"


async def test_a_flash_message(sms2: Sms2Stage) -> None:
    await sms2.sent(flash=1)
    assert (await sms2.books())["kinds"] == {"flash": 1}


async def test_ids_are_never_the_same(sms2: Sms2Stage) -> None:
    ids = {await sms2.sent(f"text {number}") for number in range(50)}
    assert len(ids) == 50
    assert all(re.fullmatch(r"\w{8}", one) for one in ids)


TEXTS: list[tuple[Any, bool]] = [
    ("a" * 268, True),
    ("a" * 269, False),
    ("я" * 268, True),
    ("я" * 269, False),
    ("", False),
    (" \n", False),
    (None, False),
    ("Ваш код: abc", True),
    ("sms-рассылка", True),
    ("Cкидка", False),  # the first letter is Latin
    ("новинкa", False),  # the last one is
    ("код1abc", False),
    ("код_abc", True),
    ("мы wе", False),
]


@pytest.mark.parametrize(("text", "taken"), TEXTS)
async def test_texts(sms2: Sms2Stage, text: Any, taken: bool) -> None:
    reply = await sms2.send(text)
    assert (reply.startswith(SENT), reply == CANNOT) == (taken, not taken)


@pytest.mark.parametrize(
    ("text", "enc"),
    [
        (b"\x98", None),  # a gap in windows-1251
        ("Привет".encode("cp1251"), "utf-8"),
        ("Привет 😀".encode(), "utf-8"),
        ("Zażółć".encode(), "utf-8"),
    ],
)
async def test_what_windows_1251_lacks_can_t_be_sent(sms2: Sms2Stage, text: bytes, enc: str | None) -> None:
    assert await sms2.send(text, enc=enc) == CANNOT


@pytest.mark.parametrize(
    ("sender", "taken"),
    [
        ("abc", True),
        ("ab", False),
        ("abcdefghijk", True),
        ("abcdefghijkl", False),
        ("24shop", True),
        ("7900", False),
        ("my-shop", False),
        ("my shop", False),
        ("Шоп24", False),
        ("", False),
        (None, False),
    ],
)
async def test_senders(sms2: Sms2Stage, sender: Any, taken: bool) -> None:
    reply = await sms2.send(sender=sender)
    assert (reply.startswith(SENT), reply == CANNOT) == (taken, not taken)


async def test_only_registered_senders_if_there_is_a_list(play2: Play2) -> None:
    sms2 = await play2(sms2_senders=("Shop24",))
    assert await sms2.send(sender="Shop25") == "Error: unsupported sender"
    assert await sms2.send(sender="shop24") == "Error: unsupported sender"
    await sms2.sent()


@pytest.mark.parametrize(
    "phone",
    ["", "9119876543", "+79119876543", "89119876543", "7911987654", "791198765432", "7911987654x", "٧" * 11],
)
async def test_numbers_in_another_form(sms2: Sms2Stage, phone: str) -> None:
    reply = await sms2.send(phone=phone, enc="utf-8", codec="utf-8")
    assert reply == "Error: unsupported phone number"


MAGIC = [
    ("79000000501", "Error: authentication failure"),
    ("79000000502", CANNOT),
    ("79000000503", "Error: your credit is null"),
    ("79000000504", "Error: direction is closed"),
    ("79000000505", "Error: unsupported phone number"),
    ("79000000506", "Error: unsupported sender"),
    ("79000000507", "Error: phone blacklisted"),
    ("79000000508", "Error: blocked text message"),
    ("79000000509", "Error: message duplication"),
    ("79000000510", "Error: service is switched off"),
    ("79000000511", "Error: internal failure, code 17"),
]


@pytest.mark.parametrize(("phone", "error"), MAGIC)
async def test_magic_numbers(sms2: Sms2Stage, phone: str, error: str) -> None:
    assert await sms2.send(phone=phone) == error
    books = await sms2.books()
    assert (books["messages"], books["balance"]) == (0, "1000")
    assert books["errors"] == {"sms.cgi": {error: 1}}


async def test_forbidden_words(sms2: Sms2Stage) -> None:
    assert await sms2.send("a [forbidden] word") == "Error: blocked text message"


WRONG_LOGINS: list[dict[str, Any]] = [
    {"user": "demo2"},
    {"pass": "wrong"},
    {"user": None},
    {"pass": None},
    {"pass": "fe01ce2a7fbac8fafaed7c982a04e229"},  # the MD5 is for MMS only
    {"user": "other", "login": "demo"},
]


@pytest.mark.parametrize("login", WRONG_LOGINS)
@pytest.mark.parametrize("script", ["sms.cgi", "sms_status2.cgi", "api_call.cgi", "get_credit_info.cgi"])
async def test_wrong_credentials(sms2: Sms2Stage, script: str, login: dict[str, Any]) -> None:
    assert await sms2.text(script, **login) == "Error: authentication failure"


MONEY = [
    # balance, overdraft, messages taken
    ("2.8", "0", 2),
    ("2.79", "0", 1),
    ("0", "-2.8", 2),
    ("0", "-2.7", 1),
    ("10", "8.6", 1),
    ("0", "0", 0),
]


@pytest.mark.parametrize(("balance", "overdraft", "taken"), MONEY)
async def test_the_balance_never_falls_below_the_overdraft(
    play2: Play2, balance: str, overdraft: str, taken: int
) -> None:
    sms2 = await play2(sms2_balance=Decimal(balance), sms2_overdraft=Decimal(overdraft))
    replies = [await sms2.send(f"text {number}") for number in range(3)]
    assert [reply.startswith(SENT) for reply in replies] == [number < taken for number in range(3)]
    assert set(replies[taken:]) == {"Error: your credit is null"}


@pytest.mark.parametrize(("per_segment", "cost"), [(False, "2"), (True, "8")])
async def test_price(play2: Play2, per_segment: bool, cost: str) -> None:
    sms2 = await play2(sms2_price=Decimal(2), sms2_per_segment=per_segment)
    await sms2.sent("я" * 268)
    assert (await sms2.books())["cost"] == cost


async def test_the_gate_can_be_switched_off(sms2: Sms2Stage) -> None:
    await sms2.control(switched_off=True)
    assert await sms2.send() == "Error: service is switched off"
    assert await sms2.call("start_multicast") == "Error: service is switched off"
    assert (await sms2.balance()).startswith("Balance: 1000.00")
    assert await sms2.status("x") == "Error: no such message"
    await sms2.control(switched_off=False)
    await sms2.sent()


ORDER: list[tuple[dict[str, Any], bool, str]] = [
    # Each request is wrong in all the ways of the lines below it too: the first check wins.
    (
        {"message": "", "sender": "Other", "phone": "1", "pass": "wrong"},
        True,
        "Error: authentication failure",
    ),
    ({"message": "", "sender": "Other", "phone": "1"}, True, "Error: service is switched off"),
    ({"message": "", "sender": "Other", "phone": "1"}, False, CANNOT),
    ({"message": "[forbidden]", "sender": "Other", "phone": "1"}, False, "Error: unsupported sender"),
    ({"message": "[forbidden]", "phone": "1"}, False, "Error: unsupported phone number"),
    ({"message": "[forbidden]"}, False, "Error: blocked text message"),
    ({"message": "again"}, False, "Error: message duplication"),
    ({"message": "other"}, False, "Error: your credit is null"),
]


@pytest.mark.parametrize(("given", "switched_off", "error"), ORDER)
async def test_the_order_of_the_checks(
    play2: Play2, given: dict[str, Any], switched_off: bool, error: str
) -> None:
    sms2 = await play2(sms2_senders=("Shop24",), sms2_balance=Decimal("1.4"))
    await sms2.sent("again")
    await sms2.control(switched_off=switched_off)
    assert await sms2.send(**given) == error
