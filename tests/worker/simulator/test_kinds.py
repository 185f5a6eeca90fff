"""send.php: every kind of message: what it must contain, whom it goes to, what the books note of it."""

import json
from typing import Any

import pytest
from aiohttp import FormData

from tests.worker.simulator.conftest import Play, Stage

PHONE = "79990000001"
HEX = "0605040B8423F0DC0601AE02056A0045C60C036D79736974652E72750001036D7973697465000101"  # V-72
MAIL: dict[str, Any] = {"mail": 1, "subj": "Hi", "sender": "shop@example.com", "phones": "a@example.com"}
FILE = {"fileurl": "https://example.com/a.wav"}


async def messages(stage: Stage, **query: Any) -> Any:
    return await (await stage.client.get("/_books/messages", params=query)).json()


# Parameters besides the defaults, name of the kind, number in statuses.
TAKEN = [
    ({}, "sms", 0),
    ({"flash": 1}, "flash", 1),
    ({"flash": 0, "call": ""}, "sms", 0),
    ({"bin": 1, "mes": "\0any"}, "bin", 2),
    ({"bin": 1, "mes": "\x03UDHtext"}, "bin", 2),
    ({"bin": 2, "mes": HEX}, "bin", 2),
    ({"bin": 2, "mes": "00FF"}, "bin", 2),
    ({"bin": 2, "mes": f"{HEX}\n~~~\npid: 5, dcs: F5"}, "bin", 2),
    ({"push": 1, "mes": "http://wap.ru\nWAP.RU"}, "push", 3),
    ({"hlr": 1, "mes": ""}, "hlr", 4),
    ({"ping": 1, "mes": ""}, "ping", 5),
    ({"mms": 1, "mes": "", "subj": "photo"} | FILE, "mms", 6),
    ({"mms": 1, "mes": "photo"} | FILE, "mms", 6),
    ({"mms": 1, "mes": "<file/upload/files/sms/1/a.png>", "subj": "x"}, "mms", 6),
    ({"call": 1}, "call", 7),
    ({"call": 1, "mes": ""} | FILE, "call", 7),
    ({"call": 1, "voice": "w4,en", "param": "25,60,3"}, "call", 7),
    (MAIL, "mail", 8),
    (MAIL | {"mes": "x" * 5000}, "mail", 8),
    (MAIL | {"sender": "Shop <shop@example.com>"}, "mail", 8),
    ({"viber": 1}, "viber", 10),
    ({"soc": 1}, "soc", 12),
    ({"tg": 1, "phones": "nickname"}, "tg", 12),
    ({"tg": 1, "phones": "#123456"}, "tg", 12),
    ({"tg": 1, "phones": PHONE, "bot": "@my_bot"}, "tg", 12),
    ({"whatsapp": 1}, "whatsapp", 12),
    ({"mes": "__CALL__hello"}, "call", 7),
    ({"mes": "__VIBER__ hello"}, "viber", 10),
    ({"mes": "__SOC__hello"}, "soc", 12),
    ({"mes": "__PING__"}, "ping", 5),
    ({"mes": "__HLR__"}, "hlr", 4),
    ({"mes": "__HLR__", "flash": 1}, "hlr", 4),
    ({"mes": "__OTHER__"}, "sms", 0),
]


@pytest.mark.parametrize(("given", "name", "number"), TAKEN)
async def test_taken(free: Stage, given: Any, name: Any, number: Any) -> None:
    reply = await free.send(**{"id": 5} | given)
    assert reply == {"id": 5, "cnt": 1}
    (message,) = await messages(free, id=5)
    assert message["kind"] == name
    (phone,) = message["phones"]
    assert (await free.status(5, phone, all=1))["type"] == number
    books = await free.books()
    assert books["kinds"] == {name: 1}
    assert books["hlr"] == (name == "hlr")


WRONG = [
    {"flash": 2},
    {"bin": 3},
    {"bin": 2, "mes": "ABC"},
    {"bin": 2, "mes": "hello!"},
    {"bin": 2, "mes": "0605"},
    {"bin": 1, "mes": "\x09short"},
    {"bin": 2, "mes": f"{HEX}\n~~~\npid 5"},
    {"push": 1, "mes": "http://wap.ru"},
    {"push": 1, "mes": "wap.ru\nTitle"},
    {"push": 1, "mes": "http://wap.ru\n "},
    {"mms": 1, "mes": "photo", "subj": "x"},
    {"mms": 1, "mes": "", "subj": ""} | FILE,
    {"call": 1, "mes": ""},
    {"call": 1, "mes": "", "fileurl": "example.com/a.wav"},
    {"call": 1, "voice": "x"},
    {"call": 1, "param": "25"},
    {"call": 1, "param": "25,5,3"},
    {"call": 1, "param": "25,60,0"},
    MAIL | {"subj": ""},
    MAIL | {"mes": ""},
    MAIL | {"sender": ""},
    MAIL | {"sender": "Shop"},
    {"viber": 1, "mes": ""},
    {"viber": 1, "mes": "x" * 1001},
    {"tg": 1, "bot": "my_bot"},
    {"mes": "__CALL__"},
]


@pytest.mark.parametrize("given", WRONG)
async def test_wrong(free: Stage, given: Any) -> None:
    assert await free.send(**given) == {"error": "parameters error", "error_code": 1}
    assert (await free.books())["messages"] == 0


# Kind, recipients, those taken, those rejected by themselves.
RECIPIENTS = [
    (MAIL, "a@example.com,b@example.com", ["a@example.com", "b@example.com"], []),
    (MAIL, f"a@example.com,{PHONE},b@", ["a@example.com"], [PHONE, "b@"]),
    ({"tg": 1}, f"@nick,89990000001,#77,{PHONE};5", ["@nick", PHONE, "#77", PHONE], ["5"]),
]


@pytest.mark.parametrize(("kind", "phones", "taken", "rejected"), RECIPIENTS)
async def test_recipients_of_a_kind(free: Stage, kind: Any, phones: Any, taken: Any, rejected: Any) -> None:
    reply = await free.send(**kind | {"phones": phones, "id": 5, "op": 1})
    described = [(one["phone"], one.get("status")) for one in reply["phones"]]
    assert described == [(phone, None) for phone in taken] + [(phone, "22") for phone in rejected]


async def test_only_bad_addresses(free: Stage) -> None:
    assert (await free.send(**MAIL | {"phones": PHONE}))["error_code"] == 7


async def test_what_is_noted(free: Stage) -> None:
    form = FormData(free.login | {"phones": PHONE, "mms": "1", "subj": "photo", "pp": "77", "id": "5"})
    form.add_field("anything", b"\x89PNG" + bytes(200), filename="a.png")
    form.add_field("anything", b"GIF", filename="b.gif")
    form.add_field("File1", b"", filename="")
    assert await (await free.client.post("/sys/send.php", data=form)).text() == "OK - 1 SMS, ID - 5"
    (message,) = await messages(free, id=5)
    assert message == {
        "id": 5,
        "kind": "mms",
        "phones": [PHONE],
        "texts": [""],
        "sender": "SMSC.RU",
        "start": free.clock.now,
        "comment": "",
        "refused": None,
        "note": {
            "subj": "photo",
            "pp": "77",
            "files": [
                {"part": "anything", "name": "a.png", "size": 204},
                {"part": "anything", "name": "b.gif", "size": 3},
                {"part": "File1", "name": "", "size": 0},
            ],
        },
    }


async def test_other_files_make_another_request(play: Play) -> None:
    stage = await play()
    replies = []
    for second in (b"one", b"two", b"one"):
        form = FormData(stage.login | {"phones": PHONE, "call": "1", "fmt": "3"})
        form.add_field("f", b"same", filename="a.wav")
        form.add_field("f", second, filename="b.wav")
        replies.append(json.loads(await (await stage.client.post("/sys/send.php", data=form)).text()))
    assert [reply.get("error_code") for reply in replies] == [None, None, 9]


async def test_messages_are_listed_last_first(free: Stage) -> None:
    for number in (1, 2, 2, 3):
        await free.send(mes=f"text {number}", id=number)
    assert [message["id"] for message in await messages(free)] == [3, 2, 2, 1]
    assert [message["id"] for message in await messages(free, last=1)] == [3]
    assert len(await messages(free, id=2)) == 2
    assert await messages(free, id="unknown") == []
    assert (await free.client.get("/_books/messages?last=x")).status == 400


async def test_prefixes_in_a_list(free: Stage) -> None:
    lines = "79990000001:__HLR__\n79990000002:__CALL__ call me\n79990000003:" + "я" * 71
    assert (await free.send("", "", list=lines, id=5))["cnt"] == 4
    assert (await free.books())["kinds"] == {"hlr": 1, "call": 1, "sms": 1}
    types = [
        (await free.status(5, phone, all=1))["type"]
        for phone in ("79990000001", "79990000002", "79990000003")
    ]
    assert types == [4, 7, 0]


VOICE_CODES = [
    (0, "OK - 1 SMS, ID - 5, CODE - {}"),
    (1, "5,1"),
    (2, "<result><id>5</id><cnt>1</cnt><code>{}</code></result>"),
]


@pytest.mark.parametrize(("fmt", "reply"), VOICE_CODES)
async def test_voice_code_in_other_formats(free: Stage, fmt: Any, reply: Any) -> None:
    code = (await free.send(call=1, mes="code", id=5))["code"]
    assert await free.text("send", phones=PHONE, call=1, mes="code", id=5, fmt=fmt) == reply.format(code)
    assert (await free.send(mes="__CALL__code", id=5))["code"] == code
    assert "code" not in await free.send(call=1, mes="code", cost=1)
    assert "code" not in await free.send(mes="code")
