"""api_call.cgi: bases of phones."""

import json
from typing import Any

import pytest

from tests.worker.simulator.sms2.conftest import PHONE, Play2, Sms2Stage
from worker.simulator import PhoneBase

A, B, C = "79110000001", "79110000002", "79110000003"
BASES = (PhoneBase("Друзья", (A, B)), PhoneBase("empty"), PhoneBase("vip", (C,), protected=True))


@pytest.fixture
async def sms2(play2: Play2) -> Sms2Stage:
    return await play2(sms2_bases=BASES)


async def test_list_of_bases(sms2: Sms2Stage) -> None:
    text = await sms2.call("list_of_bases")
    assert text.startswith('[{"base_name": "Друзья", "id": "1001", "phones_total": "2"}, {')
    assert json.loads(text) == [
        {"base_name": "Друзья", "id": "1001", "phones_total": "2"},
        {"base_name": "empty", "id": "1002", "phones_total": "0"},
        {"base_name": "vip", "id": "1003", "phones_total": "1"},
    ]


async def test_no_bases(play2: Play2) -> None:
    assert await (await play2()).call("list_of_bases") == "[]"


CALLS: list[tuple[str | None, dict[str, Any], str]] = [
    ("add_phone_to_base", {"base": "empty", "phone": A}, "Success"),
    ("add_phone_to_base", {"base": "Друзья", "phone": A}, "Error: can't add phone number"),
    ("add_phone_to_base", {"base": "none", "phone": A}, "Error: wrong base"),
    ("add_phone_to_base", {"base": "EMPTY", "phone": A}, "Error: wrong base"),
    ("add_phone_to_base", {"phone": A}, "Error: wrong base"),
    ("add_phone_to_base", {"base": "vip", "phone": A}, "Error: base is protected"),
    ("add_phone_to_base", {"base": "empty", "phone": "9110000001"}, "Error: wrong phone number"),
    ("add_phone_to_base", {"base": "empty", "phone": "79000000505"}, "Error: wrong phone number"),
    ("add_phone_to_base", {"base": "empty"}, "Error: wrong phone number"),
    ("is_phone_in_base", {"base": "Друзья", "phone": A}, "Yes"),
    ("is_phone_in_base", {"base": "Друзья", "phone": C}, "No"),
    ("is_phone_in_base", {"base": "none", "phone": C}, "Error: wrong base"),
    ("is_phone_in_base", {"base": "Друзья", "phone": "x"}, "Error: wrong phone number"),
    ("is_phone_in_base", {"base": "vip", "phone": C}, "Error: base is protected"),
    ("get_base", {"base": "Друзья"}, f"{A}\n{B}"),
    ("get_base", {"base": "empty"}, "No phones in base"),
    ("get_base", {"base": "none"}, "Error: wrong base"),
    ("get_base", {"base": "vip"}, "Error: base is protected"),
    ("remove_phone_from_base", {"base": "Друзья", "phone": A}, "Success"),
    ("remove_phone_from_base", {"base": "Друзья", "phone": C}, "Error: can't remove phone number"),
    ("remove_phone_from_base", {"base": "Друзья", "phone": ""}, "Error: wrong phone number"),
    ("remove_phone_from_base", {"base": "none", "phone": A}, "Error: wrong base"),
    ("remove_phone_from_base", {"base": "vip", "phone": C}, "Error: base is protected"),
    ("add_phone_to_base_batch", {"base": "none", "phones": A}, "Error: wrong base"),
    ("add_phone_to_base_batch", {"base": "vip", "phones": A}, "Error: base is protected"),
    ("add_phone_to_base_batch", {"base": "empty", "phones": " \r\n"}, "Error: wrong phone number"),
    ("create_base", {"base": "new"}, "Error: wrong function"),
    ("", {}, "Error: wrong function"),
    (None, {}, "Error: wrong function"),
]


@pytest.mark.parametrize(("function", "given", "reply"), CALLS)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_calls(
    sms2: Sms2Stage, function: str | None, given: dict[str, Any], reply: str, method: str
) -> None:
    assert await sms2.call(function, method=method, **given) == reply


async def test_a_name_in_utf8(sms2: Sms2Stage) -> None:
    assert await sms2.call("get_base", base="Друзья", enc="utf-8", codec="utf-8") == f"{A}\n{B}"


BATCHES = [
    (f"{C}\n{PHONE}", '{"success"=>2, "errors"=>[]}', [A, B, C, PHONE]),
    (f"{C}\r\n\r\n {PHONE} \r\n", '{"success"=>2, "errors"=>[]}', [A, B, C, PHONE]),
    (f"{C}\n{A}\n1728376\n{C}", f'{{"success"=>1, "errors"=>["{A}", "1728376", "{C}"]}}', [A, B, C]),
    ('79000000505\na"b\\', r'{"success"=>0, "errors"=>["79000000505", "a\"b\\"]}', [A, B]),
]


@pytest.mark.parametrize(("phones", "reply", "after"), BATCHES)
async def test_batches(sms2: Sms2Stage, phones: str, reply: str, after: list[str]) -> None:
    assert await sms2.call("add_phone_to_base_batch", base="Друзья", phones=phones) == reply
    assert (await sms2.call("get_base", base="Друзья")).split("\n") == after


async def test_what_was_added_and_removed_is_so(sms2: Sms2Stage) -> None:
    await sms2.call("add_phone_to_base", base="empty", phone=C)
    assert await sms2.call("is_phone_in_base", base="empty", phone=C) == "Yes"
    await sms2.call("remove_phone_from_base", base="empty", phone=C)
    assert await sms2.call("get_base", base="empty") == "No phones in base"


async def test_control_creates_bases(sms2: Sms2Stage) -> None:
    await sms2.control(
        bases=[{"name": "new", "phones": [A]}, {"name": "empty", "phones": [B, C], "protected": True}]
    )
    assert await sms2.call("get_base", base="new") == A
    assert await sms2.call("get_base", base="empty") == "Error: base is protected"
    listed = json.loads(await sms2.call("list_of_bases"))
    assert [(one["id"], one["phones_total"]) for one in listed] == [
        ("1001", "2"),
        ("1002", "2"),
        ("1003", "1"),
        ("1004", "1"),
    ]
