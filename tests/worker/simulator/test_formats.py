"""Charsets in both directions, body forms, content types."""

import json
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import FormData
from yarl import URL

from tests.worker.simulator.conftest import Play, Stage

CODECS = {"windows-1251": "cp1251", "utf-8": "utf-8", "koi8-r": "koi8-r"}
TYPES = {0: "text/plain", 1: "text/plain", 2: "text/xml", 3: "application/json"}
TEXT = "Привет: 50% скидки + подарок & чай = да"


def percent(text: str, codec: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode(codec))


def request_in(charset: str, way: str) -> dict[str, Any]:
    """Build a request with the same text in a way of sending it."""
    fields = {"login": "demo", "psw": "demo", "phones": "79990000001", "id": "7", "charset": charset}
    codec = CODECS[charset]
    query = "&".join(f"{name}={value}" for name, value in fields.items()) + "&mes=" + percent(TEXT, codec)
    if way == "GET":
        return {"method": "GET", "path": f"/sys/send.php?{query}"}
    if way == "urlencoded":
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return {"method": "POST", "path": "/sys/send.php", "data": query.encode(), "headers": headers}
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), value)
        for name, value in [
            *((name, value.encode()) for name, value in fields.items()),
            ("mes", TEXT.encode(codec)),
        ]
    ]
    headers = {"Content-Type": 'multipart/form-data; boundary="edge"'}
    return {
        "method": "POST",
        "path": "/sys/send.php",
        "data": b"".join(parts) + b"--edge--\r\n",
        "headers": headers,
    }


@pytest.mark.parametrize("way", ["GET", "urlencoded", "multipart"])
@pytest.mark.parametrize("charset", CODECS)
async def test_text_arrives(free: Stage, charset: Any, way: Any) -> None:
    request = request_in(charset, way)
    path = str(free.client.make_url("/")).rstrip("/") + request.pop("path")
    response = await free.client.session.request(url=URL(path, encoded=True), **request)
    assert await response.text() == "OK - 1 SMS, ID - 7"
    assert (await free.status(7, "79990000001", all=1))["message"] == TEXT


@pytest.mark.parametrize("charset", CODECS)
@pytest.mark.parametrize("fmt", TYPES)
async def test_reply_is_in_the_charset(free: Stage, fmt: Any, charset: Any) -> None:
    await free.send(mes="Привет", id=7)
    response = await free.ask("status", id=7, phone="79990000001", all=1, fmt=fmt, charset=charset)
    assert response.headers["Content-Type"] == f"{TYPES[fmt]}; charset={charset}"
    assert "Ожидает отправки".encode(CODECS[charset]) in await response.read()


async def test_default_charset_is_windows_1251_for_json_too(free: Stage) -> None:
    data = b"login=demo&psw=demo&phones=79990000001&id=7&mes=%CF%F0%E8%E2%E5%F2"
    await free.client.post(
        "/sys/send.php", data=data, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    response = await free.ask("status", id=7, phone="79990000001", all=1, fmt=3)
    record = json.loads((await response.read()).decode("cp1251"))
    assert (record["message"], record["status_name"]) == ("Привет", "Ожидает отправки")


@pytest.mark.parametrize(("fmt", "charset"), [("9", "windows-1251"), ("x", "klingon"), ("", "")])
async def test_unknown_format_and_charset(free: Stage, fmt: Any, charset: Any) -> None:
    response = await free.ask("balance", fmt=fmt, charset=charset)
    assert response.headers["Content-Type"] == "text/plain; charset=windows-1251"
    assert await response.text() == "1000.00"


async def test_broken_escapes_are_left_alone(free: Stage) -> None:
    data = b"login=demo&psw=demo&phones=79990000001&id=7&mes=100%+%zz=a%2Bb%"
    await free.client.post(
        "/sys/send.php", data=data, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (await free.status(7, "79990000001", all=1))["message"] == "100% %zz=a+b%"


async def test_body_wins_over_query(free: Stage) -> None:
    response = await free.client.post(
        "/sys/send.php?login=demo&psw=demo&id=1", data={"id": "2", "phones": "79990000001", "mes": "x"}
    )
    assert await response.text() == "OK - 1 SMS, ID - 2"


async def test_file_parts(free: Stage) -> None:
    form = FormData({"login": "demo", "psw": "demo", "phones": "79990000001", "mms": "1", "subj": "photo"})
    form.add_field("file0", b"\x89PNG\r\n\r\n--not a boundary", filename="a.png")
    response = await free.client.post("/sys/send.php", data=form)
    assert await response.text() == "OK - 1 SMS, ID - 1"
    (request,) = await (await free.client.get("/_books/requests")).json()
    assert request["files"] == ["file0"]


REST = [
    (
        {"phones": "79990000001", "mes": "Привет", "cost": 3},
        {"id": 1, "cnt": 1, "cost": "1.4", "balance": "998.6"},
    ),
    ({"phones": ["79990000001", 79990000002], "mes": "x", "fmt": 1}, {"id": 1, "cnt": 2}),
    ({"phones": "79990000001", "mes": "x", "flash": True, "id": None}, {"id": 1, "cnt": 1}),
    ({"phones": "111", "mes": "x"}, {"error": "invalid number", "error_code": 7, "id": 1}),
    ({"phones": "79990000001", "mes": {"a": 1}}, {"error": "parameters error", "error_code": 1}),
]


@pytest.mark.parametrize(("members", "reply"), REST)
async def test_json_body(free: Stage, members: Any, reply: Any) -> None:
    response = await free.client.post("/rest/send/", json={"login": "demo", "psw": "demo"} | members)
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert await response.json() == reply


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"login=demo"])
async def test_body_that_is_no_json_object(free: Stage, body: Any) -> None:
    response = await free.client.post("/rest/send/", data=body)
    assert await response.json() == {"error": "parameters error", "error_code": 1}


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_broken_multipart(free: Stage, kind: Any) -> None:
    response = await free.client.post("/sys/send.php", data=b"--x\r\nnothing", headers={"Content-Type": kind})
    assert await response.text() == "ERROR = 1 (parameters error)"


async def test_ten_thousand_long_texts(play: Play) -> None:
    stage = await play(balance=Decimal(1_000_000))
    lines = "\n".join(f"{79000100000 + number}:{'я' * 990}{number}" for number in range(10_000))
    reply = await stage.send("", "", list=lines)
    assert reply == {"id": 1, "cnt": 150_000}
