"""send.php: literal replies in all formats, log-in, ids, money, kinds of message."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest

from tests.worker.simulator.conftest import Play, Stage

PHONE = "79990000001"

# cost, fmt, reply to one segment at 1.40 from a balance of 1000.
SUCCESSES = [
    (0, 0, "OK - 1 SMS, ID - 1"),  # V-01
    (1, 0, "1.4 (1 SMS)"),  # V-11
    (2, 0, "OK - 1 SMS, ID - 1, COST - 1.4"),
    (3, 0, "OK - 1 SMS, ID - 1, COST - 1.4, BALANCE - 998.6"),
    (0, 1, "1,1"),  # V-13
    (1, 1, "1.4,1"),  # V-16
    (2, 1, "1,1,1.4"),
    (3, 1, "1,1,1.4,998.6"),  # V-15
    (0, 2, "<result><id>1</id><cnt>1</cnt></result>"),
    (1, 2, "<result><cost>1.4</cost><cnt>1</cnt></result>"),
    (3, 2, "<result><id>1</id><cnt>1</cnt><cost>1.4</cost><balance>998.6</balance></result>"),
    (0, 3, '{"id":1,"cnt":1}'),  # V-20
    (1, 3, '{"cost":"1.4","cnt":1}'),  # V-25
    (2, 3, '{"id":1,"cnt":1,"cost":"1.4"}'),
    (3, 3, '{"id":1,"cnt":1,"cost":"1.4","balance":"998.6"}'),  # V-30
]


@pytest.mark.parametrize(("cost", "fmt", "reply"), SUCCESSES)
async def test_success(play: Play, cost: Any, fmt: Any, reply: Any) -> None:
    stage = await play()
    assert await stage.text("send", phones=PHONE, mes="hello", cost=cost, fmt=fmt) == reply


async def test_prices_can_be_left_out_of_text(play: Play) -> None:
    stage = await play(prices_in_text=False)
    assert await stage.text("send", phones=PHONE, mes="hello", cost=3) == "OK - 1 SMS, ID - 1"


# What is wrong, fmt, reply. V-04 to V-08, V-32 to V-39.
ERRORS = [
    ({"psw": "wrong"}, 0, "ERROR = 2 (authorise error)"),
    ({"psw": "wrong"}, 1, "0,-2"),
    ({"psw": "wrong"}, 2, "<result><error>authorise error</error><error_code>2</error_code></result>"),
    ({"psw": "wrong"}, 3, '{"error":"authorise error","error_code":2}'),
    ({"mes": ""}, 3, '{"error":"parameters error","error_code":1}'),
    ({"phones": ""}, 3, '{"error":"parameters error","error_code":1}'),
    ({"phones": "111"}, 0, "ERROR = 7 (invalid number), ID - 1"),
    ({"phones": "111"}, 1, "1,-7"),
    (
        {"phones": "111"},
        2,
        "<result><error>invalid number</error><error_code>7</error_code><id>1</id></result>",
    ),
    ({"phones": "111"}, 3, '{"error":"invalid number","error_code":7,"id":1}'),
    ({"phones": "111", "id": 541}, 0, "ERROR = 7 (invalid number), ID - 541"),
    ({"phones": "111", "cost": 1}, 0, "ERROR = 7 (invalid number)"),
    ({"mes": "it is [forbidden] here", "id": 542}, 0, "ERROR = 6 (message is denied), ID - 542"),
    ({"sender": "FORBIDDEN"}, 3, '{"error":"message is denied","error_code":6,"id":1}'),
    ({"sender": "much too long a name"}, 0, "ERROR = 6 (message is denied), ID - 1"),
    ({"phones": "79000000008", "id": 639}, 0, "ERROR = 8 (can't to deliver), ID - 639"),
    ({"mes": "x" * 1000 * 1, "phones": ",".join(str(79990000000 + i) for i in range(200))}, 1, "1,-3"),
    ({"time": "3113250000"}, 0, "ERROR = 5 (invalid date format)"),
    ({"tz": "Moscow"}, 1, "0,-5"),
    ({"cost": 4}, 1, "0,-1"),
    ({"translit": 3}, 1, "0,-1"),
    ({"valid": "25"}, 1, "0,-1"),
    ({"maxsms": "-1"}, 1, "0,-1"),
    ({"mes": "x" * 1001}, 1, "0,-1"),
    ({"mail": 1, "phones": "a@example.com"}, 1, "0,-1"),
]


@pytest.mark.parametrize(("wrong", "fmt", "reply"), ERRORS)
async def test_error(play: Play, wrong: Any, fmt: Any, reply: Any) -> None:
    stage = await play()
    assert await stage.text("send", **{"phones": PHONE, "mes": "hello", "fmt": fmt} | wrong) == reply
    books = await stage.books()
    assert (books["messages"], books["balance"], sum(books["errors"]["send.php"].values())) == (0, "1000", 1)


async def test_error_is_http_200(free: Stage) -> None:
    assert (await free.ask("send", psw="wrong")).status == 200


@pytest.mark.parametrize(
    "login",
    [
        {"login": "demo", "psw": "demo"},
        {"login": "demo", "psw": hashlib.md5(b"demo", usedforsecurity=False).hexdigest()},
        {"login": "demo", "psw": hashlib.sha1(b"demo", usedforsecurity=False).hexdigest()},
        {"apikey": "demo-key"},
        {"login": "", "psw": "demo-key"},
        {"login": "demo", "apikey": "demo-key"},
    ],
)
async def test_ways_to_log_in(free: Stage, login: Any) -> None:
    free.login = login
    assert await free.send() == {"id": 1, "cnt": 1}


@pytest.mark.parametrize(
    ("login", "code"),
    [
        ({}, 1),
        ({"login": "demo"}, 2),
        ({"login": "else", "psw": "demo"}, 2),
        ({"login": "demo", "psw": "DEMO"}, 2),
        ({"apikey": "demo"}, 2),
        ({"login": "demo", "psw": "demo", "apikey": "wrong"}, 2),
        ({"login": "demo", "psw": "demo-key"}, 2),
    ],
)
async def test_ways_to_stay_out(free: Stage, login: Any, code: Any) -> None:
    free.login = login
    assert (await free.send())["error_code"] == code


IDS = [
    ("", 1),
    ("0", 1),
    ("1", 1),
    ("2147483647", 2147483647),
    ("2147483648", None),
    ("order-7.a_B", "order-7.a_B"),
    ("x" * 40, "x" * 40),
    ("x" * 41, None),
    ("9" * 5000, None),
    ("с кириллицей", None),
    ("a b", None),
]


@pytest.mark.parametrize(("given", "answered"), IDS)
async def test_client_id(free: Stage, given: Any, answered: Any) -> None:
    reply = await free.send(id=given)
    if answered is None:
        assert reply == {"error": "parameters error", "error_code": 1}
    else:
        assert reply == {"id": answered, "cnt": 1}


async def test_ids_are_counted_up_and_may_repeat(free: Stage) -> None:
    replies = [await free.send(), await free.send(id=77), await free.send(id=77), await free.send()]
    assert [reply["id"] for reply in replies] == [1, 77, 77, 2]


MONEY = [
    # phones, text, segments, cost, balance
    (1, "hello", 1, "1.4", "998.6"),
    (3, "hello", 3, "4.2", "995.8"),
    (1, "Привет, это текст на русском", 1, "1.4", "998.6"),
    (2, "я" * 71, 4, "5.6", "994.4"),
    (10, "x" * 161, 20, "28", "972"),
]


@pytest.mark.parametrize(("count", "text", "segments", "cost", "balance"), MONEY)
async def test_money(free: Stage, count: Any, text: Any, segments: Any, cost: Any, balance: Any) -> None:
    phones = ";".join(str(79990000000 + number) for number in range(count))
    reply = await free.send(phones, text, cost=3)
    assert reply == {"id": 1, "cnt": segments, "cost": cost, "balance": balance}
    books = await free.books()
    assert books["messages"] == count
    assert (books["segments"], books["cost"], books["balance"]) == (segments, cost, balance)


async def test_price_is_asked_without_sending(free: Stage) -> None:
    assert await free.send(cost=1) == {"cost": "1.4", "cnt": 1}
    books = await free.books()
    assert (books["messages"], books["cost"], books["balance"]) == (0, "0", "1000")


async def test_no_money_takes_nothing_at_all(play: Play) -> None:
    stage = await play(balance=Decimal("2.79"))
    reply = await stage.send("79990000001,79990000002", id=275)
    assert reply == {"error": "no money", "error_code": 3, "id": 275}
    assert (await stage.books())["messages"] == 0
    assert (await stage.status(275, "79990000001"))["status"] == 24
    assert (await stage.send())["cnt"] == 1
    assert (await stage.books())["balance"] == "1.39"


async def test_credit_is_money(play: Play) -> None:
    stage = await play(balance=Decimal(0), credit=Decimal("1.4"))
    assert await stage.send(cost=3) == {"id": 1, "cnt": 1, "cost": "1.4", "balance": "-1.4"}
    assert (await stage.send("79990000002"))["error_code"] == 3


async def test_test_mode_costs_nothing(play: Play) -> None:
    stage = await play(test_mode=True)
    assert await stage.send(cost=3, op=1) == {
        "id": 1,
        "cnt": 1,
        "cost": "0",
        "balance": "1000",
        "phones": [{"phone": PHONE, "mccmnc": "25001"}],
    }
    record = await stage.status(1, PHONE)
    assert (record["status"], record["err"]) == (-1, 200)  # V-45
    assert list(record) == ["status", "last_date", "last_timestamp", "flag", "err"]


@pytest.mark.parametrize(("way", "segments"), [("0", 2), ("1", 1), ("2", 1)])
async def test_translit_makes_latin(free: Stage, way: Any, segments: Any) -> None:
    assert (await free.send(mes="а" * 100, translit=way))["cnt"] == segments


async def test_translit_known_word(free: Stage) -> None:
    await free.send(mes="транслит", translit=2, id=1)
    await free.send(mes="транслит", translit=1, id=2)
    assert (await free.status(1, PHONE, all=1))["message"] == "mpaHc/Ium"
    assert (await free.status(2, PHONE, all=1))["message"] == "translit"


async def test_maxsms_cuts(free: Stage) -> None:
    assert await free.send(mes="я" * 500, maxsms=2, cost=3) == {
        "id": 1,
        "cnt": 2,
        "cost": "2.8",
        "balance": "997.2",
    }


@pytest.mark.parametrize(
    "kind",
    [
        {"hlr": 1, "mes": ""},
        {"ping": 1, "mes": ""},
        {"flash": 1},
        {"push": 1, "mes": "http://wap.ru\nWAP.RU"},  # V-94
        {
            "bin": 2,
            "mes": "0605040B8423F0DC0601AE02056A0045C60C036D79736974652E72750001036D7973697465000101",
        },  # V-72
        {"call": 1, "mes": "", "fileurl": "http://example.com/a.wav"},
        {"viber": 1},
        {"tg": 1, "phones": "@nickname"},
        {
            "mail": 1,
            "subj": "Confirmation",
            "sender": "source@example.com",
            "phones": "dest@example.com",
        },  # V-95
    ],
)
async def test_other_kinds_are_taken(free: Stage, kind: Any) -> None:
    assert await free.send(**kind) == {"id": 1, "cnt": 1}


async def test_voice_code(free: Stage) -> None:
    reply = await free.send(mes="code", call=1)  # V-75
    assert list(reply) == ["id", "cnt", "code"]
    assert reply["code"].isdigit()
    assert len(reply["code"]) == 6
    text = await free.text("send", phones=PHONE, mes="code", call=1, id=1)
    assert text == f"OK - 1 SMS, ID - 1, CODE - {reply['code']}"


async def test_official_library_request(play: Play) -> None:
    """V-19: what the provider's PHP library sends, by GET and in windows-1251."""
    stage = await play()
    query = (
        "apikey=demo-key&fmt=1&charset=windows-1251&cost=3&phones=79990000001"
        "&mes=%CF%F0%E8%E2%E5%F2&translit=0&id=0"
    )
    response = await stage.client.get("/sys/send.php?" + query)
    assert await response.text() == "1,1,1.4,998.6"
    (request,) = await (await stage.client.get("/_books/requests")).json()
    assert request["parameters"]["mes"] == "Привет"
    assert "apikey" not in json.dumps(request)


async def test_only_get_and_post(free: Stage) -> None:
    assert (await free.client.put("/sys/send.php")).status == 405
    assert (await free.client.get("/rest/send/")).status == 405
