"""Sends by mail: what the mail says, and what comes of each thing that an SMTP server may do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from producers.contract import Hold, InDoubt, NotSent, SendOutcome, SendRequest, Taken
from producers.kinds import FIRST_ADDRESS, FileRef, Kind, SendOptions
from worker.providers.smsc import SmscAccount
from worker.providers.smsc.mail import send_by_mail

from .servers import RawServer, closed_port

A, B = 79990000001, 79990000002
ACCOUNT = SmscAccount("https://smsc.ru", login="LOGIN", password="PSW")
REQUEST = SendRequest("c1.1.1", (A,), text="Привет: мир")


class Postman:
    """Takes mails, or answers as it is told."""

    def __init__(self, **answers: str) -> None:
        self._answers = answers
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return self._answers.get("mail", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        found = BytesParser(policy=policy.default).parsebytes(content)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        self.envelopes.append(envelope)
        return self._answers.get("data", "250 queued")

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, enable_SMTPUTF8=False, hostname="send.test"), "127.0.0.1", 0
        )
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()


async def send(request: SendRequest, port: int, **more: Any) -> SendOutcome:
    account = more.pop("account", ACCOUNT)
    return await send_by_mail(account, request, host="127.0.0.1", port=port, **more)


def request(text: str = "Hi", **more: Any) -> SendRequest:
    phones, texts = more.pop("phones", (A,)), more.pop("texts", None)
    sender, addresses = more.pop("sender", ""), more.pop("addresses", ())
    options = SendOptions(**more)
    return SendRequest(
        "c1.1.1",
        phones,
        sender=sender,
        text=None if texts else text,
        texts=texts,
        options=options,
        addresses=addresses,
    )


KEY = SmscAccount("https://m.smsc.ru", api_key="KEY")

#: What stands in the mail (SMSC protocol, SMTP; V-71 with the members that were added since).
BODIES = [
    (ACCOUNT, request("text", time="0101121000"), "LOGIN:PSW:c1.1.1:0101121000:0,0,,0:79990000001:text"),
    (ACCOUNT, REQUEST, "LOGIN:PSW:c1.1.1:0:0,0,,0:79990000001:Привет: мир"),
    (KEY, request("a\n.b\nc", phones=(A, B)), ":KEY:c1.1.1:0:0,0,,0:79990000001,79990000002:a\n.b\nc"),
    (
        ACCOUNT,
        request(texts=("a:b", "c\nd"), phones=(A, B), sender="Shop", tz=-2, time="+5", translit=2),
        "LOGIN:PSW:c1.1.1:+5,-2:2,0,Shop,0::79990000001:a:b\n79990000002:c\\nd",
    ),
    (ACCOUNT, request("", kind=Kind.HLR), "LOGIN:PSW:c1.1.1:0:0,3,,0:79990000001:"),
    (ACCOUNT, request("code", kind=Kind.CALL), "LOGIN:PSW:c1.1.1:0:0,9,,0:79990000001:code"),
    (ACCOUNT, request(kind=Kind.TELEGRAM, keep_plus=True), "LOGIN:PSW:c1.1.1:0:0,13,,0:+79990000001:Hi"),
    (
        ACCOUNT,
        request(phones=(FIRST_ADDRESS,), addresses=("a@b.ru",), kind=Kind.EMAIL, sender="c@d.ru"),
        "LOGIN:PSW:c1.1.1:0:0,8,c@d.ru,0:a@b.ru:Hi",
    ),
    (ACCOUNT, request("Ж" * 1000), f"LOGIN:PSW:c1.1.1:0:0,0,,0:79990000001:{'Ж' * 1000}"),
]


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-r"])
@pytest.mark.parametrize(("account", "sent", "body"), BODIES)
async def test_the_mail(account: SmscAccount, sent: SendRequest, body: str, charset: Any) -> None:
    account = SmscAccount(
        account.url, login=account.login, password=account.password, api_key=account.api_key, charset=charset
    )
    postman = Postman()
    async with postman.listening() as port:
        assert await send(sent, port, account=account) == Taken("c1.1.1")
    [mail], [envelope] = postman.mails, postman.envelopes
    domain = "m.smsc.ru" if account.api_key else "smsc.ru"
    assert (envelope.mail_from, envelope.rcpt_tos) == (f"api@{domain}", [f"send@send.{domain}"])
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == charset
    content = mail.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert content.decode(charset).replace("\r\n", "\n").removesuffix("\n") == body


async def test_short_lines_go_as_they_are() -> None:
    """As the official library sends them; only what no mail server would take is encoded."""
    postman = Postman()
    async with postman.listening() as port:
        await send(REQUEST, port)
        await send(request("Ж" * 500), port)
    assert [mail["Content-Transfer-Encoding"] for mail in postman.mails] == ["8bit", "base64"]


UNSAYABLE: list[tuple[SendRequest, str]] = [
    (request("\ud800"), "unsendable_text"),
    (request("x" * 110_000), "mail_too_large"),
    (request("\0", kind=Kind.BINARY), "not_by_mail"),
    (request(shorten_links=True), "not_by_mail"),
    (request(valid="01:00"), "not_by_mail"),
    (request(kind=Kind.EMAIL, subject="s"), "not_by_mail"),
    (request(kind=Kind.MMS, files=(FileRef("a", "d", 1),)), "not_by_mail"),
    (request(time="01.01.27 10:00"), "not_by_mail"),
    (request(sender="a,b"), "not_by_mail"),
    (request(phones=(FIRST_ADDRESS,), addresses=("a,b@c.ru",)), "bad_recipient"),
]


@pytest.mark.parametrize(("sent", "reason"), UNSAYABLE)
async def test_what_no_mail_can_say(sent: SendRequest, reason: str) -> None:
    postman = Postman()
    async with postman.listening() as port:
        assert await send(sent, port) == Hold(0, reason)
    assert postman.mails == []


async def test_a_password_with_a_colon() -> None:
    account = SmscAccount("https://smsc.ru", login="LOGIN", password="P:SW")
    assert await send(REQUEST, closed_port(), account=account) == Hold(0, "not_by_mail")


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"mail": "550 no"}, NotSent("smtp_refused", wait=5.0)),
        ({"mail": "451 later"}, NotSent("smtp_refused", wait=5.0)),
        ({"rcpt": "550 LOGIN:PSW"}, NotSent("smtp_refused", wait=5.0)),
        ({"data": "554 no"}, InDoubt("smtp_554")),
        ({"data": "451 later"}, InDoubt("smtp_451")),
        ({"data": "251 nearly"}, InDoubt("smtp_251")),
        ({"data": "250 OK"}, Taken("c1.1.1")),
    ],
)
async def test_what_the_server_says(answers: dict[str, str], outcome: SendOutcome) -> None:
    postman = Postman(**answers)
    async with postman.listening() as port:
        assert await send(REQUEST, port) == outcome


async def test_nobody_there() -> None:
    assert await send(REQUEST, closed_port()) == NotSent("smtp_connect_failed", wait=5.0)


async def test_no_tls_where_it_is_wanted() -> None:
    postman = Postman()
    async with postman.listening() as port:
        assert await send(REQUEST, port, start_tls=True) == NotSent("smtp_connect_failed", wait=5.0)
    assert postman.mails == []


async def test_a_turn_that_is_over() -> None:
    postman = Postman()
    async with postman.listening() as port:
        assert await send(REQUEST, port, may_send=lambda: False) == NotSent("too_late", wait=1.0)
        assert postman.mails == []
        assert await send(REQUEST, port, may_send=lambda: True) == Taken("c1.1.1")


#: What the server says to each line in turn before it closes or waits; the last line is the mail's end.
_UP_TO_DATA = ("220 hi", "250 send.test", "250 OK", "250 OK")
TALKS: list[tuple[tuple[str, ...], str, SendOutcome]] = [
    (("554 go away",), "close", NotSent("smtp_refused", wait=5.0)),
    ((), "close", NotSent("smtp_connect_failed", wait=5.0)),
    ((), "wait", NotSent("smtp_connect_failed", wait=5.0)),
    (("220 hi", "250 send.test", "250 OK"), "close", NotSent("smtp_connect_failed", wait=5.0)),
    (("220 hi", "250 send.test", "250 OK"), "wait", NotSent("smtp_connect_failed", wait=5.0)),
    (_UP_TO_DATA, "close", InDoubt("smtp_disconnected")),
    (_UP_TO_DATA, "wait", InDoubt("smtp_timeout")),
    ((*_UP_TO_DATA, "354 go on"), "close", InDoubt("smtp_disconnected")),
    ((*_UP_TO_DATA, "354 go on"), "wait", InDoubt("smtp_timeout")),
    ((*_UP_TO_DATA, "354 go on", "250 OK"), "wait", Taken("c1.1.1")),
]


def talker(lines: tuple[str, ...], ends: str) -> Callable[[Any, Any], Any]:
    async def act(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number, line in enumerate(lines):
            if number:
                await reader.readuntil(b".\r\n" if lines[number - 1].startswith("354") else b"\r\n")
            writer.write(f"{line}\r\n".encode())
            await writer.drain()
        if ends == "wait":
            await asyncio.Event().wait()
        if lines and not lines[-1].startswith("554"):
            await reader.readuntil(b".\r\n" if lines[-1].startswith("354") else b"\r\n")

    return act


@pytest.mark.parametrize(("lines", "ends", "outcome"), TALKS)
async def test_where_it_breaks_off(lines: tuple[str, ...], ends: str, outcome: SendOutcome) -> None:
    async with RawServer(talker(lines, ends)) as provider:
        port = int(provider.url.rpartition(":")[2])
        assert await send(REQUEST, port, timeout=0.5 if ends == "wait" else 10.0) == outcome
