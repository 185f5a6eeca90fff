"""Form bodies, message ids and fingerprints. What the bodies of the usual requests say is in the table."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.contract import Hold, SendRequest
from producers.settings import DEFAULT_BATCH_SIZE
from worker.providers.base import Provider
from worker.providers.smsc import SmscAccount, SmscClient, requests

from .servers import LiteralServer

A, B = 79990000001, 79990000002
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def sent(request: SendRequest) -> dict[str, str]:
    body = requests.send_body(request)
    assert body.isascii()
    return dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))


@given(texts, texts)
def test_any_text_arrives(text: str, sender: str) -> None:
    form = sent(SendRequest("c1.1.1", (A,), sender=sender, text=text))
    assert form["mes"] == text
    assert form.get("sender", "") == sender


@given(st.lists(texts, min_size=2, max_size=5))
def test_any_personal_text_arrives(personal: list[str]) -> None:
    phones = tuple(A + number for number in range(len(personal)))
    form = sent(SendRequest("c1.1.1", phones, texts=tuple(personal)))
    lines = form["list"].split("\n")
    assert [line.partition(":")[0] for line in lines] == [str(phone) for phone in phones]
    expected = [text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n") for text in personal]
    assert [line.partition(":")[2] for line in lines] == expected
    assert "mes" not in form


def test_odd_letters_on_the_wire() -> None:
    """Space, plus, ampersand and the like, literally: a decoder that errs would err twice."""
    body = requests.send_body(SendRequest("c1.1.1", (A,), text="a b+c&d=e%f\nЖ😀"))
    assert body.endswith("&mes=a+b%2Bc%26d%3De%25f%0A%D0%96%F0%9F%98%80")
    body = requests.send_body(SendRequest("c1.1.1", (1, 2), texts=(" +", "&\n")))
    assert body.endswith("&list=%2b%31%3a%20%2b%0a%2b%32%3a%26%5c%6e")


def test_a_whole_batch_fits_an_ordinary_web_server() -> None:
    phones = tuple(A + number for number in range(DEFAULT_BATCH_SIZE))
    personal = SendRequest("c1.1.1", phones, texts=("Ж" * 70,) * DEFAULT_BATCH_SIZE)
    assert len(requests.send_body(personal)) < 1_000_000


@pytest.mark.parametrize(
    ("batch", "attempt", "result"),
    [("c0123456789abcdef.12", 1, "c0123456789abcdef.12.1"), ("a" * 37, 10, "a" * 37 + ".10")],
)
def test_message_id(batch: str, attempt: int, result: str) -> None:
    assert requests.message_id(batch, attempt) == result


@pytest.mark.parametrize(
    ("batch", "attempt"), [("a" * 38, 10), ("ж1", 1), ("a b", 1), ("a,b", 1), ("a\n", 1)]
)
def test_no_message_id(batch: str, attempt: int) -> None:
    with pytest.raises(ValueError, match="message id"):
        requests.message_id(batch, attempt)


BASE = SendRequest("c1.1.1", (A, B), sender="Shop", text="Hi")
PERSONAL = SendRequest("c1.1.1", (A, B), texts=("a\nb", "c"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BASE, msgspec.structs.replace(BASE, provider_id="c9.9.9")),
        (SendRequest("1", (A,), text="Hi"), SendRequest("2", (A,), texts=("Hi",))),
        (PERSONAL, SendRequest("2", (A, B), texts=("a\\nb", "c"))),
    ],
)
def test_identical(one: SendRequest, other: SendRequest) -> None:
    assert requests.fingerprint(one) == requests.fingerprint(other)


@pytest.mark.parametrize(
    "change",
    [
        {"phones": (A,)},
        {"phones": (B, A)},
        {"sender": "Shop2"},
        {"sender": ""},
        {"text": "Hi!"},
        {"text": None, "texts": ("Hi", "Hi")},
    ],
)
def test_not_identical(change: dict[str, Any]) -> None:
    other = msgspec.structs.replace(BASE, **change)
    assert requests.fingerprint(other) != requests.fingerprint(BASE)


def test_the_frame_of_texts_counts() -> None:
    one, other = (SendRequest("1", (A, B), texts=pair) for pair in (("ab", "c"), ("a", "bc")))
    assert requests.fingerprint(one) != requests.fingerprint(other)


@pytest.mark.parametrize(
    "where", [{"text": "\ud800"}, {"texts": ("a", "\ud800")}, {"text": "a", "sender": "\udfff"}]
)
async def test_half_a_surrogate_pair(
    where: dict[str, Any], client: SmscClient, server: LiteralServer
) -> None:
    request = SendRequest("c1.1.1", (A, B), **where)
    assert len(client.fingerprint(request)) == 32
    assert await client.send(request) == Hold(0, "unsendable_text")
    assert server.asked == []


async def test_api_key(server: LiteralServer, session: aiohttp.ClientSession) -> None:
    client = SmscClient(SmscAccount(server.url, login="LOGIN", api_key="k&y"), session)
    server.body = b"1.5"
    await client.balance()
    assert server.asked[0][2] == {"apikey": "k&y", "fmt": "3", "charset": "utf-8", "cur": "1"}


async def test_headers_and_a_path_before_the_scripts(
    server: LiteralServer, session: aiohttp.ClientSession
) -> None:
    client = SmscClient(SmscAccount(f"{server.url}/smsc/", login="LOGIN", password="p"), session)
    await client.send(SendRequest("c1.1.1", (A,), text="Hi"))
    assert server.asked[0][:2] == ("POST", "/smsc/sys/send.php")
    headers = server.seen_headers[0]
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["Accept-Encoding"] == "identity"
    assert "Cookie" not in headers


async def test_cookies_are_dropped(server: LiteralServer, client: SmscClient) -> None:
    server.headers = {"Set-Cookie": "a=b"}
    for _ in range(2):
        await client.send(SendRequest("c1.1.1", (A,), text="Hi"))
    assert "Cookie" not in server.seen_headers[1]


async def test_no_status_asked(client: SmscClient, server: LiteralServer) -> None:
    assert await client.status([]) == []
    assert server.asked == []


async def test_what_the_worker_expects(client: SmscClient) -> None:
    provider: Provider = client
    assert provider.name == "smsc"
    assert provider.message_id("c1.1", 2) == "c1.1.2"
    assert provider.fingerprint(BASE) == requests.fingerprint(BASE)


@pytest.mark.parametrize(
    "options",
    [
        {"login": "", "password": ""},
        {"login": "a"},
        {"password": "a"},
        {"api_key": "a", "url": "ftp://smsc.ru"},
        {"api_key": "a", "url": "smsc.ru"},
        {"api_key": "a", "url": "https://"},
        {"api_key": "a", "url": "https://login:SECRET@smsc.ru"},
        {"api_key": "a", "url": "https://smsc.ru/?psw=SECRET"},
        {"api_key": "a", "url": "https://smsc.ru:port"},
        {"api_key": "a", "charset": "latin-1"},
        {"api_key": "a", "transport": "xml"},
        {"api_key": "a", "read_method": "PUT"},
        {"api_key": "SECRET\u4e2d", "charset": "windows-1251"},
    ],
)
def test_no_account(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="SMSC") as caught:
        SmscAccount(**options)
    assert "SECRET" not in str(caught.value)
