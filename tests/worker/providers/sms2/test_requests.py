"""What is refused before anything is asked, and what the client says of itself."""

from __future__ import annotations

from typing import Any

import aiohttp
import msgspec
import pytest

from producers.contract import Hold, Refused, SendRequest
from producers.kinds import FIRST_ADDRESS, FileRef, Kind, SendOptions
from producers.questions import AskBalance, AskHistory, AskPrice, AskStatus, Question
from tests.worker.providers.smsc.servers import LiteralServer
from worker.providers.base import Provider, ProviderError
from worker.providers.sms2 import Sms2Account, Sms2Client

from .calls import PNG, A, B, request


def test_it_is_a_provider(session: aiohttp.ClientSession) -> None:
    provider: Provider = Sms2Client(Sms2Account(user="LOGIN", password="PASSWORD"), session)
    assert provider.name == "sms2"
    assert not provider.can_look_up
    assert not provider.finds(request())
    assert provider.message_id("c1.1", 2) == "c1.1.2"
    assert provider.endpoint(AskBalance()) == "balance"
    assert provider.question_fingerprint(AskBalance()) == "balance"


@pytest.mark.parametrize("phones", [(), (A, B)])
async def test_one_recipient_a_request(
    phones: tuple[int, ...], client: Sms2Client, server: LiteralServer
) -> None:
    asked = SendRequest("c1.1.1", phones, text="Hi")
    with pytest.raises(ValueError, match="one recipient"):
        await client.send(asked)
    with pytest.raises(ValueError, match="unpack"):
        client.fingerprint(asked)
    with pytest.raises(ValueError, match="one message id"):
        await client.status([("1", phone) for phone in phones])
    assert server.asked == []


@pytest.mark.parametrize(
    ("phone", "options", "reason"),
    [
        (380501234567, SendOptions(), "unsupported_number"),
        (7911987654, SendOptions(), "unsupported_number"),
        (FIRST_ADDRESS, SendOptions(kind=Kind.EMAIL), "unsupported_number"),
        (A, SendOptions(kind=Kind.CALL), "unsupported_option"),
        (A, SendOptions(kind=Kind.HLR), "unsupported_option"),
        (A, SendOptions(time="01.02.27 12:00"), "unsupported_option"),
        (A, SendOptions(translit=1), "unsupported_option"),
        (A, SendOptions(subject="x"), "unsupported_option"),
        (A, SendOptions(kind=Kind.MMS, valid="01:00"), "unsupported_option"),
        (A, SendOptions(kind=Kind.MMS), "bad_picture"),
    ],
)
async def test_refused_before_anything_is_asked(
    phone: int, options: SendOptions, reason: str, client: Sms2Client, server: LiteralServer
) -> None:
    asked = SendRequest("c1.1.1", (phone,), text="Hi", options=options, addresses=("a@example.com",))
    assert await client.send(asked) == Refused(0, reason)
    assert server.asked == []


MMS = SendRequest(
    "c1.1.1",
    (A,),
    text="я",
    options=SendOptions(kind=Kind.MMS, subject="s", files=(FileRef("a.png", "d", len(PNG)),)),
)


@pytest.mark.parametrize(
    ("files", "fits"),
    [
        ((PNG,), True),
        ((PNG + b"x" * (300 * 1024 - len(PNG) - 3),), True),
        ((PNG + b"x" * (300 * 1024 - len(PNG) - 2),), False),  # the texts take three bytes
        ((PNG, PNG), False),
        ((), False),
        ((b"",), False),
        ((b"\xff\xd8\xff\xe0JFIF",), False),
        ((b"GIF89a",), False),
    ],
)
async def test_pictures(
    files: tuple[bytes, ...], fits: bool, client: Sms2Client, server: LiteralServer
) -> None:
    server.charset = "utf-8"
    outcome = await client.send(msgspec.structs.replace(MMS, files=files))
    assert (outcome == Refused(0, "bad_picture")) is not fits
    assert len(server.asked) == fits
    if fits:
        assert server.files == [("picture", "picture.png", files[0])]


@pytest.mark.parametrize("kind", [Kind.SMS, Kind.MMS])
async def test_half_a_surrogate_pair(kind: Kind, client: Sms2Client, server: LiteralServer) -> None:
    asked = msgspec.structs.replace(MMS, text="\ud83d", files=(PNG,))
    if kind is Kind.SMS:
        asked = SendRequest("c1.1.1", (A,), text="\ud83d")
    assert await client.send(asked) == Hold(0, "unsendable_text")
    assert client.fingerprint(asked)
    assert server.asked == []


def test_fingerprints(client: Sms2Client) -> None:
    one = request("Hi")
    same = [one, msgspec.structs.replace(one, provider_id="c9.9.9"), request("Hi", kind=Kind.FLASH)]
    others = [request("Ho"), request("Hi", sender="Other"), msgspec.structs.replace(one, phones=(B,)), MMS]
    assert len({client.fingerprint(each) for each in same}) == 1
    assert len({client.fingerprint(each) for each in [one, *others]}) == 5
    assert client.fingerprint(SendRequest("", (A,), sender="Shop", texts=("Hi",))) == client.fingerprint(one)


@pytest.mark.parametrize("question", [AskPrice(), AskStatus(), AskHistory()])
async def test_questions_that_sms2_has_no_call_for(
    question: Question, client: Sms2Client, server: LiteralServer
) -> None:
    for ask in (client.endpoint, client.question_fingerprint):
        with pytest.raises(ProviderError, match=r"^unsupported$"):
            ask(question)
    with pytest.raises(ProviderError, match=r"^unsupported$"):
        await client.ask(question)
    with pytest.raises(ProviderError, match=r"^unsupported$"):
        async with client.download(id=1):
            pass
    assert server.asked == []


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"url": "http://my.sms2.ru"}, "https"),
        ({"url": "http://127.evil.ru"}, "https"),
        ({"url": "http://localhost.evil.ru"}, "https"),
        ({"url": "ftp://my.sms2.ru"}, "https"),
        ({"url": "my.sms2.ru"}, "https"),
        ({"url": "https://[::x"}, "URL"),
        ({"url": "https://user:SECRET@my.sms2.ru"}, "credentials"),
        ({"url": "https://my.sms2.ru?pass=SECRET"}, "credentials"),
        ({"user": ""}, "set user"),
        ({"password": ""}, "set user"),
        ({"password": "SECRET😀"}, "windows-1251"),
    ],
)
def test_accounts_that_cannot_be_used(members: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        Sms2Account(**({"user": "LOGIN", "password": "PASSWORD"} | members))
    assert "SECRET" not in repr(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "http://127.0.0.2", "http://localhost", "http://[::1]:80", "https://x.ru/p"]
)
def test_addresses_that_can_be_used(url: str) -> None:
    assert repr(Sms2Account(url, "LOGIN", "PASSWORD")) == f"Sms2Account(url='{url}')"
