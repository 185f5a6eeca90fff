"""Nothing that is printed, logged or raised shows a login, a key, a text or a phone."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Literal

import aiohttp
import pytest
from structlog.testing import capture_logs

from producers.contract import Hold, SendRequest
from producers.kinds import FIRST_ADDRESS, FileRef, Kind, SendOptions
from producers.questions import AskOperator, AskPrice, AskStatus, Question, RentNumber
from worker.providers.base import ProviderError
from worker.providers.smsc import SmscAccount, SmscClient, Timeouts
from worker.providers.smsc.call import UnsendableError
from worker.providers.smsc.failures import HostDownError, MaybeSentError
from worker.providers.smsc.hosts import Hosts
from worker.providers.smsc.requests import BALANCE_PATH, send_call, status_call
from worker.providers.smsc.transport import Transport
from worker.providers.smsc.wire import Writer

from .servers import LiteralServer, RawServer, closed_port

REQUEST = SendRequest("c1.1.1", (79991234567,), sender="SENDER-NAME", text="TEXT-OF-THE-MESSAGE")
QUERIES = (("c1.1.1", REQUEST.phones[0]),)
HIDDEN = ("LOGIN", "PSW", "SECRET", "TEXT", "SENDER-NAME", "79991234567", "127.0.0.1")


def assert_clean(*things: object) -> None:
    for thing in things:
        shown = thing if isinstance(thing, str) else f"{thing!r} {thing!s}"
        assert not [word for word in HIDDEN if word in shown], shown


async def test_reprs(session: aiohttp.ClientSession) -> None:
    account = SmscAccount("https://smsc.ru", login="LOGIN", password="PSW", api_key="SECRET")
    client = SmscClient(account, session)
    assert repr(account) == "SmscAccount(url='https://smsc.ru')"
    assert repr(client) == "SmscClient(SmscAccount(url='https://smsc.ru'))"
    assert_clean(account, client, REQUEST)


@pytest.mark.parametrize(
    "reply", [b"", b"<html>PSW SECRET 79991234567</html>", b"SECRET", b'{"error":"SECRET"}']
)
async def test_what_the_provider_repeats(
    reply: bytes, client_for: Callable[..., SmscClient], server: LiteralServer
) -> None:
    server.body = reply.replace(b"SECRET", b"SECRET-KEY TEXT-OF-THE-MESSAGE 79991234567")
    client = client_for(server.url)
    with capture_logs() as logs:
        assert_clean(await client.send(REQUEST))
        with pytest.raises(ProviderError) as caught:
            await client.balance()
    assert_clean(caught.value, "".join(traceback.format_exception(caught.value)), logs)


async def test_network_failures(client_for: Callable[..., SmscClient]) -> None:
    async def act(_reader: object, _writer: object) -> None:
        """Close at once."""

    async with RawServer(act) as provider:
        for hosts in ((provider.url,), (f"http://127.0.0.1:{closed_port()}", provider.url)):
            with capture_logs() as logs:
                assert_clean(await client_for(*hosts).send(REQUEST))
                with pytest.raises(ProviderError) as caught:
                    await client_for(*hosts).status(QUERIES)
            assert_clean(caught.value, "".join(traceback.format_exception(caught.value)), *logs)


async def test_no_exception_of_aiohttps_is_kept(session: aiohttp.ClientSession) -> None:
    """Its exceptions carry the address, its tracebacks the request."""

    async def act(_reader: object, _writer: object) -> None:
        """Close at once."""

    async with RawServer(act) as provider:
        for url, expected in (
            (f"http://127.0.0.1:{closed_port()}", HostDownError),
            (provider.url, MaybeSentError),
        ):
            transport = Transport(session, Hosts([url]), timeouts=Timeouts(total=2.0))
            with pytest.raises(expected) as caught:
                await transport.post(BALANCE_PATH, b"psw=SECRET")
            assert caught.value.__cause__ is None
            assert caught.value.__context__ is None or not isinstance(
                caught.value.__context__, aiohttp.ClientError
            )
            assert_clean(caught.value)


MAIL = SendRequest(
    "c1.1.1",
    (FIRST_ADDRESS, FIRST_ADDRESS + 1, 79991234567),
    sender="SENDER-NAME",
    text="TEXT-OF-THE-MESSAGE",
    addresses=("SECRET@example.com", "SECRET-NAME"),
    options=SendOptions(
        kind=Kind.EMAIL,
        subject="TEXT-OF-THE-SUBJECT",
        file_url="https://example.com/SECRET",
        captcha="SECRET-WORD",
        files=(FileRef("SECRET.txt", "d", 6),),
    ),
    files=(b"SECRET",),
)


def test_what_is_under_way() -> None:
    account = SmscAccount(
        "https://smsc.ru", login="LOGIN", password="PSW", transport="json", read_method="GET"
    )
    writer, call = Writer(account), send_call(MAIL)
    read = status_call([("1", 79991234567)], level=2)
    assert_clean(account, MAIL, MAIL.options, writer, call, writer.write(call), read, writer.write(read))
    assert_clean(UnsendableError("bad_recipient"), ProviderError("bad_reply"))


async def test_what_the_provider_repeats_of_an_e_mail(
    client_for: Callable[..., SmscClient], server: LiteralServer
) -> None:
    said = (
        "SECRET@example.com SECRET-NAME TEXT-OF-THE-SUBJECT https://example.com/SECRET "
        "SECRET-WORD 79991234567"
    )
    server.body = f'{{"error":"{said}","error_code":77}}'.encode()
    outcome = await client_for(server.url).send(MAIL)
    assert isinstance(outcome, Hold)
    assert_clean(outcome)


@pytest.mark.parametrize("reply", ["SECRET 79991234567", '{"error":"SECRET 79991234567","error_code":77}'])
@pytest.mark.parametrize("read_method", ["POST", "GET"])
async def test_questions(
    reply: str, read_method: Literal["POST", "GET"], session: aiohttp.ClientSession, server: LiteralServer
) -> None:
    account = SmscAccount(server.url, login="LOGIN", password="PSW", read_method=read_method)
    client = SmscClient(account, session)
    server.body = reply.encode()
    questions: list[Question] = [
        AskStatus(messages=(("1", "79991234567"),)),
        AskOperator(phones=("79991234567",)),
        RentNumber(phone="79991234567"),
        AskPrice(recipients=("79991234567",), text="TEXT", sender="SENDER-NAME"),
    ]
    with capture_logs() as logs:
        for question in questions:
            with pytest.raises(ProviderError) as caught:
                await client.ask(question)
            assert_clean(question, caught.value, "".join(traceback.format_exception(caught.value)))
        with pytest.raises(ProviderError) as caught:
            async with client.download(id=8, may_send=lambda: False):
                pass
        assert_clean(caught.value, "".join(traceback.format_exception(caught.value)))
    assert_clean(logs)
