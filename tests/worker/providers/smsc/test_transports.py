"""JSON objects, GET, and other charsets: the account's switches."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from producers.answers import Operator, Operators, Price
from producers.contract import Hold, SendRequest
from producers.kinds import FileRef, Kind, SendOptions
from producers.questions import AskBalance, AskOperator, AskPrice, AskWaitCall, Question
from worker.providers.base import ProviderError
from worker.providers.smsc import SmscAccount, SmscClient, create_session

from .calls import taken
from .servers import LiteralServer, closed_port

A, B = 79990000001, 79990000002
OK = b'{"id":"c1.1.1","cnt":1}'


@pytest.fixture
def build(server: LiteralServer, session: aiohttp.ClientSession) -> Any:
    def client(**options: Any) -> SmscClient:
        options = {"login": "LOGIN", "password": "p&w +я"} | options
        return SmscClient(SmscAccount(options.pop("url", server.url), **options), session)

    return client


async def test_json(build: Any, server: LiteralServer) -> None:
    """`/rest/send/`: the same parameters as members of an object (V-30, V-39)."""
    server.body = b'{"id":348,"cnt":1,"cost":"4.1","balance":"137.45"}'
    request = SendRequest(
        "c1.1.1", (A, B), sender="Shop", text="Привет & +\n", options=SendOptions(flash := Kind.FLASH)
    )
    assert await build(transport="json").send(request) == taken("348", 1, 41_000, balance=1_374_500)
    members = {
        "login": "LOGIN",
        "psw": "p&w +я",
        "fmt": "3",
        "charset": "utf-8",
        "cost": "3",
        "op": "1",
        "id": "c1.1.1",
        "sender": "Shop",
        "phones": f"{A},{B}",
        "mes": "Привет & +\n",
        flash.value: "1",
    }
    assert server.asked == [("POST", "/rest/send/", members)]
    assert server.seen_headers[0]["Content-Type"].startswith("application/json")


async def test_json_list_price_and_half_a_surrogate(build: Any, server: LiteralServer) -> None:
    client = build(transport="json", charset="windows-1251")
    server.body = OK
    assert await client.send(SendRequest("c1.1.1", (A, B), texts=("😀", "b\nc"))) == taken("c1.1.1", 1)
    server.body = b'{"cost":"1.40","cnt":1}'
    assert await client.ask(AskPrice(recipients=(str(A),), text="😀")) == Price(14_000, 1)
    assert [(path, form.get("list"), form.get("mes")) for _, path, form in server.asked] == [
        ("/rest/send/", f"{A}:😀\n{B}:b\\nc", None),
        ("/rest/send/", None, "😀"),
    ]
    assert await client.send(SendRequest("c1.1.1", (A,), text="\ud800")) == Hold(0, "unsendable_text")
    assert len(server.asked) == 2


async def test_what_json_can_not_carry_goes_as_a_form(build: Any, server: LiteralServer) -> None:
    client = build(transport="json")
    server.body = OK
    options = SendOptions(kind=Kind.MMS, files=(FileRef("a", "d", 1),))
    assert await client.send(SendRequest("c1.1.1", (A,), text="x", options=options, files=(b"1",))) == taken(
        "c1.1.1", 1
    )
    raw = SendOptions(kind=Kind.BINARY)
    client = build(transport="json", password="p")
    assert await client.send(SendRequest("c1.1.1", (A,), text="\x00x", options=raw)) == taken("c1.1.1", 1)
    server.body = b"1.5"
    await client.balance()
    assert [path for _, path, _ in server.asked] == ["/sys/send.php", "/sys/send.php", "/sys/balance.php"]


async def test_get_for_what_only_reads(build: Any, server: LiteralServer) -> None:
    client = build(read_method="GET")
    server.body = b'{"country":"x","operator":"y"}'
    question = AskOperator(phones=(str(A), str(B)))
    with pytest.raises(ProviderError):
        await client.ask(question)
    server.body = b'{"status":1}'
    await client.status([("a b", A)])
    credentials = {"login": "LOGIN", "psw": "p&w +я", "fmt": "3", "charset": "utf-8"}
    assert server.asked == [
        ("GET", "/sys/info.php", credentials | {"get_operator": "1", "phone": f"{A},{B}"}),
        ("GET", "/sys/status.php", credentials | {"phone": str(A), "id": "a b"}),
    ]
    assert "Content-Type" not in server.seen_headers[0]


@pytest.mark.parametrize("question", [AskWaitCall(phone=str(A)), AskPrice(recipients=(str(A),), text="x")])
async def test_never_get_for_what_acts(question: Question, build: Any, server: LiteralServer) -> None:
    server.body = b'{"phone":"79010000001","cost":"1"}'
    await build(read_method="GET").ask(question)
    assert [method for method, _, _ in server.asked] == ["POST"]


async def test_get_sends_by_post_and_shows_no_address(build: Any, server: LiteralServer) -> None:
    server.body = OK
    assert await build(read_method="GET").send(SendRequest("c1.1.1", (A,), text="x")) == taken("c1.1.1", 1)
    assert [method for method, _, _ in server.asked] == ["POST"]
    client = build(read_method="GET", url=f"http://127.0.0.1:{closed_port()}")
    with capture_logs() as logs, pytest.raises(ProviderError) as caught:
        await client.ask(AskBalance())
    shown = f"{logs!r} {caught.value!r} {caught.value.__context__!r}"
    assert not [word for word in ("LOGIN", "p&w", "psw", "127.0.0.1") if word in shown]


@pytest.mark.parametrize("looks", [[False], [True, False]])
async def test_get_when_the_turn_is_over(looks: list[bool], server: LiteralServer) -> None:
    answers = iter(looks)
    account = SmscAccount(server.url, api_key="k", read_method="GET")
    async with create_session(gets=True) as session:
        with pytest.raises(ProviderError) as caught:
            await SmscClient(account, session).ask(AskBalance(), may_send=lambda: next(answers))
    assert (caught.value.reason, caught.value.in_doubt, server.asked) == ("too_late", False, [])


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
async def test_charset(charset: str, build: Any, server: LiteralServer) -> None:
    server.charset = charset
    client = build(charset=charset)
    server.body = OK
    request = SendRequest("c1.1.1", (A, B), texts=("Привет", "Ёж"), sender="Лавка")
    assert await client.send(request) == taken("c1.1.1", 1)
    _, _, form = server.asked[0]
    assert (form["list"], form["sender"], form["charset"]) == (f"{A}:Привет\n{B}:Ёж", "Лавка", charset)
    assert form["psw"] == "p&w +я"

    server.body = '{"country":"Россия","operator":"МТС"}'.encode(charset)
    assert await client.ask(AskOperator(phones=(str(A),))) == Operators((Operator(str(A), "Россия", "МТС"),))

    server.body = '{"error":"нет","error_code":77}'.encode(charset)
    assert await client.send(request) == Hold(77, "unknown_error", "нет")

    options = SendOptions(kind=Kind.MMS, subject="Тема", files=(FileRef("имя", "d", 1),))
    server.body = OK
    await client.send(SendRequest("c1.1.1", (A,), text="Привет", options=options, files=(b"\xff",)))
    assert server.asked[-1][2]["subj"] == "Тема"


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
async def test_letters_that_the_charset_has_not(charset: str, build: Any, server: LiteralServer) -> None:
    client = build(charset=charset)
    for request in (
        SendRequest("c1.1.1", (A,), text="😀"),
        SendRequest("c1.1.1", (A, B), texts=("a", "😀")),
        SendRequest("c1.1.1", (A,), text="a", sender="😀"),
        SendRequest("c1.1.1", (A,), text="a", options=SendOptions(subject="😀")),
    ):
        assert await client.send(request) == Hold(0, "unsendable_text")
    with pytest.raises(ProviderError) as caught:
        await client.ask(AskPrice(recipients=(str(A),), text="😀"))
    assert (caught.value.reason, caught.value.in_doubt) == ("unsendable_text", False)
    assert server.asked == []
