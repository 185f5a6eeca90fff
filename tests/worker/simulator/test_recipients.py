"""send.php: whom a send is for, in ``phones`` and in ``list``."""

from typing import Any

import pytest

from tests.worker.simulator.conftest import Stage

PHONE = "79990000001"


async def test_bad_numbers_are_rejected_one_by_one(free: Stage) -> None:
    phones = "79990000001,123,79000000222,79000000225,77010000001"
    reply = await free.send(phones, op=1, cost=3, id=5)
    assert reply == {
        "id": 5,
        "cnt": 2,
        "cost": "2.8",
        "balance": "997.2",
        "phones": [
            {"phone": "79990000001", "mccmnc": "25001", "cost": "1.4"},
            {"phone": "77010000001", "mccmnc": "40101", "cost": "1.4"},
            {"phone": "123", "mccmnc": "", "status": "22", "error": "249"},
            {"phone": "79000000222", "mccmnc": "", "status": "22", "error": "249"},
            {"phone": "79000000225", "mccmnc": "", "status": "25", "error": "248"},
        ],
    }
    record = await free.status("5,5", "123,79000000225", all=1)
    assert [(one["status"], one["err"], one["cost"]) for one in record] == [
        (22, 249, "0.00"),
        (25, 248, "0.00"),
    ]
    books = await free.books()
    assert (books["messages"], books["rejected"], books["recipients"]) == (2, 3, 2)


async def test_err_lists_bad_numbers_only(free: Stage) -> None:
    reply = await free.send("79990000001,123", err=1)
    assert reply["phones"] == [{"phone": "123", "mccmnc": "", "status": "22", "error": "249"}]


async def test_list_in_xml(free: Stage) -> None:
    reply = await free.text("send", phones=PHONE, mes="hello", op=1, fmt=2, cost=1)
    item = f"<item><phone>{PHONE}</phone><mccmnc>25001</mccmnc><cost>1.4</cost></item>"
    assert reply == f"<result><cost>1.4</cost><cnt>1</cnt><phones>{item}</phones></result>"


NUMBERS = [
    ("+79990000001", "79990000001"),
    ("89990000001", "79990000001"),
    ("9990000001", "79990000001"),
    ("7 (999) 000-00-01", "79990000001"),
    ("+89990000001", "89990000001"),
    (" 79990000001 , ", "79990000001"),
    ("380500000001", "380500000001"),
]


@pytest.mark.parametrize(("given", "taken"), NUMBERS)
async def test_numbers_are_corrected(free: Stage, given: Any, taken: Any) -> None:
    await free.send(given, id=9)
    assert (await free.status(9, taken))["status"] == -1


LISTS = [
    # list, further parameters, [(phone, text)]; V-96, V-97
    ("79999999999:text1\n78888888888:text2", {}, [("79999999999", "text1"), ("78888888888", "text2")]),
    ("+79999999999:test", {}, [("79999999999", "test")]),
    ("79999999999,78888888888:both", {}, [("79999999999", "both"), ("78888888888", "both")]),
    ("79999999999:Ваш пароль: 123", {}, [("79999999999", "Ваш пароль: 123")]),
    (r"79999999999:one\ntwo", {}, [("79999999999", "one\ntwo")]),
    ("79999999999:one\r\n\r\n78888888888:two\n", {}, [("79999999999", "one"), ("78888888888", "two")]),
    ("Shop|79999999999:a|b", {}, [("79999999999", "a|b")]),
    ("Shop,2|79999999999:text", {}, [("79999999999", "text")]),
    (
        "79999999999:one\ntwo\nthree: 3\n78888888888:four",
        {"nl": 1},
        [("79999999999", "one\ntwo\nthree: 3"), ("78888888888", "four")],
    ),
]


@pytest.mark.parametrize(("lines", "further", "expected"), LISTS)
async def test_list(free: Stage, lines: Any, further: Any, expected: Any) -> None:
    # The provider's own library sends empty phones and mes along.
    reply = await free.send("", "", list=lines, id=3, **further)
    assert reply == {"id": 3, "cnt": len(expected)}
    for phone, text in expected:
        assert (await free.status(3, phone, all=1))["message"] == text


async def test_list_has_a_price_for_each_text(free: Stage) -> None:
    lines = "79990000001:hello\n79990000002:" + "я" * 71 + "\n123:bad"
    reply = await free.send("", "", list=lines, op=1, cost=1)
    assert reply["cnt"] == 3
    assert reply["cost"] == "4.2"
    assert [one.get("cost") for one in reply["phones"]] == ["1.4", "2.8", None]


async def test_list_has_a_sender_for_each_line(free: Stage) -> None:
    await free.send("", "", list="Shop|79990000001:a\n79990000002:b", sender="Other", id=4)
    assert (await free.status(4, "79990000001", all=1))["sender_id"] == "Shop"
    assert (await free.status(4, "79990000002", all=1))["sender_id"] == "Other"


async def test_list_line_without_a_colon(free: Stage) -> None:
    assert (await free.send("", "", list="79990000001:a\n79990000002"))["error_code"] == 1
    assert (await free.send("", "", list="79990000001:"))["error_code"] == 1


async def test_forbidden_line_of_a_list(free: Stage) -> None:
    lines = "79990000001:fine\n79990000002:[forbidden]"
    reply = await free.send("", "", list=lines, err=1)
    assert reply["cnt"] == 1
    assert reply["phones"] == [{"phone": "79990000002", "mccmnc": "", "status": "23", "error": "253"}]
    assert (await free.send("", "", list="79990000002:[forbidden]"))["error_code"] == 6
