"""`send.php`: every kind of message and every option, as literal requests; who they go to; voice codes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from producers.contract import Hold, InDoubt, RecipientResult, Refused, SendRequest, Taken
from producers.kinds import FIRST_ADDRESS, FileRef, Kind, SendOptions
from producers.states import RecipientState as S
from worker.providers.smsc import SmscClient, requests

from .calls import SEND, refused, taken
from .servers import LiteralServer

A, B = 79990000001, 79990000002
ID = "c1.1.1"
SENT = SEND | {"id": ID}
OK = b'{"id":"c1.1.1","cnt":1}'


def request(
    text: str = "Hi", *, phones: tuple[int, ...] = (A,), sender: str = "", **more: Any
) -> SendRequest:
    addresses = more.pop("addresses", ())
    texts = more.pop("texts", None)
    files = more.pop("files", ())
    return SendRequest(
        ID,
        phones,
        sender=sender,
        text=None if texts else text,
        texts=texts,
        addresses=addresses,
        files=files,
        options=SendOptions(**more),
    )


#: Every kind with the members that make it so (official library's table of formats; V-72, V-94, V-95).
KINDS = [
    (Kind.SMS, "Привет", {}),
    (Kind.FLASH, "Привет", {"flash": "1"}),
    (Kind.PUSH, "http://wap.ru\nWAP.RU", {"push": "1"}),
    (Kind.HLR, "", {"hlr": "1"}),
    (
        Kind.BINARY_HEX,
        "0605040B8423F0DC0601AE02056A0045C60C036D79736974652E72750001036D7973697465000101",
        {"bin": "2"},
    ),
    (Kind.PING, "", {"ping": "1"}),
    (Kind.MMS, "Привет", {"mms": "1"}),
    (Kind.EMAIL, "Привет", {"mail": "1"}),
    (Kind.CALL, "Привет", {"call": "1"}),
    (Kind.VIBER, "Привет", {"viber": "1"}),
    (Kind.SOCIAL, "Привет", {"soc": "1"}),
    (Kind.TELEGRAM, "Привет", {"tg": "1"}),
]


@pytest.mark.parametrize(("kind", "text", "members"), KINDS, ids=lambda value: str(value)[:12])
async def test_kind(
    kind: Kind, text: str, members: dict[str, str], client: SmscClient, server: LiteralServer
) -> None:
    server.body = OK
    assert await client.send(request(text, kind=kind)) == taken(ID, 1)
    assert server.asked == [("POST", "/sys/send.php", SENT | {"phones": str(A), "mes": text} | members)]


async def test_raw_bytes(client: SmscClient, server: LiteralServer) -> None:
    """Each byte as it is; unconfirmed, see `wire.RAW_CHARSET`."""
    server.charset, server.body = "latin-1", OK
    text = bytes(range(256)).decode("latin-1")
    assert await client.send(request(text, kind=Kind.BINARY)) == taken(ID, 1)
    _, _, form = server.asked[0]
    assert form["mes"] == text
    assert (form["bin"], form["charset"]) == ("1", "windows-1251")
    assert b"%00%01%02" in server.raw[0]
    assert await client.send(request("Ж", kind=Kind.BINARY)) == Hold(0, "unsendable_text")
    assert len(server.asked) == 1


def test_every_kind_has_a_row() -> None:
    assert {kind for kind, _, _ in KINDS} | {Kind.BINARY} == set(Kind)


#: Every option with the member that says it.
OPTIONS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"translit": 1}, {"translit": "1"}),
    ({"translit": 2}, {"translit": "2"}),
    ({"shorten_links": True}, {"tinyurl": "1"}),
    ({"time": "0101121000"}, {"time": "0101121000"}),
    ({"time": "01.01.27 10:00", "tz": 0}, {"time": "01.01.27 10:00", "tz": "0"}),
    ({"time": "10-18", "tz": -2}, {"time": "10-18", "tz": "-2"}),
    ({"time": "01893456000"}, {"time": "01893456000"}),
    ({"time": "+60"}, {"time": "+60"}),
    ({"period": "0.5", "freq": 5}, {"period": "0.5", "freq": "5"}),
    ({"valid": "01:00"}, {"valid": "01:00"}),
    ({"max_segments": 3}, {"maxsms": "3"}),
    ({"captcha": "аб12", "user_ip": "10.0.0.1"}, {"imgcode": "аб12", "userip": "10.0.0.1"}),
    ({"partner": "7"}, {"pp": "7"}),
    ({"kind": Kind.EMAIL, "subject": "Тема & co"}, {"mail": "1", "subj": "Тема & co"}),
    (
        {"kind": Kind.CALL, "voice": "w2,en", "call_timing": "25,600,3"},
        {"call": "1", "voice": "w2,en", "param": "25,600,3"},
    ),
    (
        {"kind": Kind.CALL, "file_url": "https://example.com/a.mp3?x=1&y=2"},
        {"call": "1", "fileurl": "https://example.com/a.mp3?x=1&y=2"},
    ),
    ({"kind": Kind.TELEGRAM, "bot": "@name_bot"}, {"tg": "1", "bot": "@name_bot"}),
]


@pytest.mark.parametrize(("options", "members"), OPTIONS, ids=lambda value: "-".join(map(str, value)))
async def test_option(
    options: dict[str, Any], members: dict[str, str], client: SmscClient, server: LiteralServer
) -> None:
    server.body = OK
    assert await client.send(request(**options)) == taken(ID, 1)
    assert server.asked == [("POST", "/sys/send.php", SENT | {"phones": str(A), "mes": "Hi"} | members)]


def test_every_option_has_a_row() -> None:
    said = {name for options, _ in OPTIONS for name in options} | {"files", "keep_plus"}
    assert said == set(SendOptions.__struct_fields__)


async def test_the_plus_in_a_time_is_escaped(client: SmscClient, server: LiteralServer) -> None:
    await client.send(request(time="+60"))
    assert b"&time=%2B60" in server.raw[0]


X, Y = FIRST_ADDRESS, FIRST_ADDRESS + 1

#: Who a message goes to; the phones as they go over the wire.
RECIPIENTS = [
    (request(keep_plus=True), {"phones": f"+{A}", "mes": "Hi"}),
    (
        request(texts=("a", "b"), phones=(A, B), keep_plus=True, kind=Kind.CALL, voice="m2"),
        {"list": f"+{A}:a\n+{B}:b", "call": "1", "voice": "m2"},
    ),
    (
        request(phones=(X, A), addresses=("dest@mysite.com",), kind=Kind.EMAIL, sender="source@mysite.com",
                subject="Confirmation"),
        {"sender": "source@mysite.com", "phones": f"dest@mysite.com,{A}", "mes": "Hi", "mail": "1",
         "subj": "Confirmation"},
    ),
    (
        request(phones=(Y, X), addresses=("a+b@c.ru", "#12345"), kind=Kind.TELEGRAM),
        {"phones": "#12345,a+b@c.ru", "mes": "Hi", "tg": "1"},
    ),
    (
        request(phones=(X, A, 84912345678), addresses=("G5",)),
        {"phones": f"G5,+{A},+84912345678", "mes": "Hi"},
    ),
    (
        request(texts=("a:1", "b\nc"), phones=(X, A), addresses=("x@y.ru",), kind=Kind.EMAIL, subject="s"),
        {"list": f"x@y.ru:a:1\n{A}:b\\nc", "mail": "1", "subj": "s"},
    ),
    (
        request(texts=("a", "b"), phones=(A, B), kind=Kind.MMS, subject="s", file_url="https://e.ru/x.jpg"),
        {"list": f"{A}:a\n{B}:b", "mms": "1", "subj": "s", "fileurl": "https://e.ru/x.jpg"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "members"), RECIPIENTS)
async def test_recipients(
    sent: SendRequest, members: dict[str, str], client: SmscClient, server: LiteralServer
) -> None:
    server.body = OK
    assert await client.send(sent) == taken(ID, 1)
    assert server.asked == [("POST", "/sys/send.php", SENT | members)]


@pytest.mark.parametrize(
    ("address", "texts"),
    [("a@b.ru,79991234567", None), ("a@b.ru;c", None), ("a b", None), ("", None), ("a:b@c.ru", ("x", "y"))],
)
async def test_an_address_that_would_be_several(
    address: str, texts: tuple[str, str] | None, client: SmscClient, server: LiteralServer
) -> None:
    sent = request(phones=(X, A), addresses=(address,), texts=texts, kind=Kind.EMAIL)
    assert await client.send(sent) == Hold(0, "bad_recipient")
    assert server.asked == []


async def test_rows_of_recipients_by_any_name(client: SmscClient, server: LiteralServer) -> None:
    server.body = (
        b'{"id":"c1.1.1","cnt":3,"phones":[{"phone":"Dest@MySite.com","status":"22","error":"7"},'
        b'{"phone":"79990000001","cost":"1"},{"phone":"79990000009","error":"7"},{"phone":"g5","cost":"2"}]}'
    )
    sent = request(phones=(A, X, Y), addresses=("dest@mysite.com", "G5"), kind=Kind.EMAIL)
    assert await client.send(sent) == taken(
        ID,
        3,
        exceptions={
            0: RecipientResult(S.TAKEN, cost=10_000),
            1: refused(22, 7),
            2: RecipientResult(S.TAKEN, cost=20_000),
        },
    )


#: The code of a voice call, in every format that the facts give (SMSC protocol, voice code; V-75).
CODES = [
    ('{"id":12,"cnt":1,"code":"0123","balance":"1.5"}', taken("12", 1, balance=15_000, voice_code="0123")),
    ('{"id":12,"cnt":1,"code":123456}', taken("12", 1, voice_code="123456")),
    ("OK - 1 SMS, ID - 12, CODE - 0123", taken("12", 1, voice_code="0123")),
    ("<result><id>12</id><cnt>1</cnt><code>0123</code></result>", taken("12", 1, voice_code="0123")),
    ('{"id":12,"cnt":1,"code":["x"]}', taken("12", 1)),
    ('{"error":"invalid number","error_code":7,"id":175}', Refused(7, "invalid_number", "175")),
    ("busy", InDoubt("unreadable_reply")),
]


@pytest.mark.parametrize(("reply", "outcome"), CODES)
async def test_voice_code(reply: str, outcome: object, client: SmscClient, server: LiteralServer) -> None:
    server.body = reply.encode()
    assert await client.send(request("code", kind=Kind.CALL)) == outcome
    assert server.asked == [("POST", "/sys/send.php", SENT | {"phones": str(A), "mes": "code", "call": "1"})]


FILES = {
    "files": (b"\x00\xff\r\n--x\r\n", b""),
}
REFS = (FileRef("a.wav", "d1", 9), FileRef('имя "1"\r\n.jpg', "d2", 0))


async def test_files(client: SmscClient, server: LiteralServer) -> None:
    server.body = OK
    sent = msgspec.structs.replace(
        request("Привет & +", phones=(A, B), kind=Kind.MMS, subject="Тема"),
        options=SendOptions(kind=Kind.MMS, subject="Тема", files=REFS),
        files=FILES["files"],
    )
    assert await client.send(sent) == taken(ID, 1)
    form = SENT | {"phones": f"{A},{B}", "mes": "Привет & +", "mms": "1", "subj": "Тема"}
    assert server.asked == [("POST", "/sys/send.php", form)]
    assert server.files == [
        ("file0", "a.wav", b"\x00\xff\r\n--x\r\n"),
        ("file1", "имя %221%22%0D%0A.jpg", b""),
    ]
    assert server.seen_headers[0]["Content-Type"].startswith("multipart/form-data; boundary=")


async def test_large_files_and_a_turn_that_is_over(client: SmscClient, server: LiteralServer) -> None:
    server.body = OK
    sent = SendRequest(
        ID,
        (A,),
        text="Hi",
        options=SendOptions(kind=Kind.MMS, files=(FileRef("a", "d", 3_000_000),)),
        files=(b"x" * 3_000_000,),
    )
    looks = iter([True, False])
    outcome = await client.send(sent, may_send=lambda: next(looks))
    assert (getattr(outcome, "reason", ""), server.asked) == ("too_late", [])
    assert isinstance(await client.send(sent, may_send=lambda: True), Taken)
    assert [len(content) for _, _, content in server.files] == [3_000_000]


async def test_files_whose_contents_are_missing(client: SmscClient, server: LiteralServer) -> None:
    sent = SendRequest(ID, (A,), text="Hi", options=SendOptions(kind=Kind.MMS, files=REFS))
    assert await client.send(sent) == Hold(0, "files_missing")
    assert server.asked == []


BASE = request(phones=(A, X), addresses=("a@b.ru",), kind=Kind.EMAIL, subject="s")


@pytest.mark.parametrize(
    "other",
    [
        request(phones=(A, X), addresses=("a@c.ru",), kind=Kind.EMAIL, subject="s"),
        request(phones=(A, X), addresses=("a@b.ru",), kind=Kind.EMAIL, subject="t"),
        request(phones=(A, X), addresses=("a@b.ru",), kind=Kind.SMS, subject="s"),
        msgspec.structs.replace(BASE, options=msgspec.structs.replace(BASE.options, files=REFS)),
        msgspec.structs.replace(
            BASE, options=msgspec.structs.replace(BASE.options, files=(FileRef("a.wav", "d3", 9), REFS[1]))
        ),
    ],
)
def test_not_identical(other: SendRequest) -> None:
    assert requests.fingerprint(other) != requests.fingerprint(BASE)
    half = msgspec.structs.replace(other, text="\ud800")
    assert requests.fingerprint(half) != requests.fingerprint(msgspec.structs.replace(BASE, text="\ud800"))


def test_identical_under_another_number() -> None:
    """What an address is called in the job isn't what the provider sees."""
    other = request(phones=(A, Y), addresses=("x@x.ru", "a@b.ru"), kind=Kind.EMAIL, subject="s")
    assert requests.fingerprint(other) == requests.fingerprint(BASE)


@pytest.mark.parametrize(
    ("addresses", "found"),
    [
        ((), True),
        (("a@b.ru",), True),
        (("G5",), False),
        (("@name",), False),
        (("#123",), False),
        (("a@b", "G1"), False),
    ],
)
def test_who_can_be_looked_up(addresses: tuple[str, ...], found: bool, client: SmscClient) -> None:
    phones = (A, *range(FIRST_ADDRESS, FIRST_ADDRESS + len(addresses)))
    assert client.finds(request(phones=phones, addresses=addresses)) is found
