"""Mail as the last resort: taken once, never sent again after doubt, and HTTP again as soon as it is back."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from producers import Producer, Settings
from producers.kinds import Kind, SendOptions
from producers.settings import SmscSettings
from producers.states import Lane
from tests.conftest import free_port, wait_until
from tests.worker.conftest import SimulatorProcess, Workers, environ_of
from worker.supervisor import Supervisor

PHONES = ["79991234567", "79991234568"]


class Postman:
    """An SMTP server in a thread; takes mails, or breaks off after their last byte, or refuses the sender."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.breaks_off = self.refuses = False
        self.loop = asyncio.new_event_loop()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._started()).result(10)

    def _started(self) -> asyncio.AbstractEventLoop:
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self.loop

    async def _listen(self) -> int:
        self.server = await self.loop.create_server(
            lambda: SMTP(self, enable_SMTPUTF8=False, hostname="send.test"), "127.0.0.1", 0
        )
        port: int = self.server.sockets[0].getsockname()[1]
        return port

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        return "451 try again later" if self.refuses else "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        found = BytesParser(policy=policy.default).parsebytes(envelope.original_content or b"")
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        if self.breaks_off:
            server.transport.abort()
        return "250 queued"

    def bodies(self) -> list[str]:
        return [str(mail.get_content()).rstrip("\r\n") for mail in self.mails]

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


class MailWorkers(Workers):
    """Workers that know an SMTP server."""

    def __init__(self, settings: Settings) -> None:
        smsc = settings.smsc
        environ = environ_of(settings) | {"SMSQ_SMSC_MAIL": f"{smsc.mail_host}:{smsc.mail_port}"}
        self.supervisor = Supervisor(list(Lane), 1, 24, environ)
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.supervisor.run, args=(self.stopping,))
        self.thread.start()


@pytest.fixture
def postman() -> Iterator[Postman]:
    running = Postman()
    yield running
    running.stop()


@pytest.fixture
def port() -> int:
    """Where the provider listens, when it does."""
    return free_port()


@pytest.fixture
def settings(redis_url: str, postman: Postman, port: int) -> Settings:
    return Settings(
        redis_url=redis_url,
        smsc=SmscSettings(
            url=f"http://127.0.0.1:{port}",
            login="demo",
            password="demo",
            mail_host="127.0.0.1",
            mail_port=postman.port,
        ),
        log_format="json",
        provider_minute=1.0,
    )


@pytest.fixture
def workers(settings: Settings) -> Iterator[MailWorkers]:
    running = MailWorkers(settings)
    yield running
    running.stop()


def test_taken_by_mail_once_and_then_by_http(
    sms: Producer, workers: MailWorkers, postman: Postman, port: int
) -> None:
    receipt = sms.send(PHONES, "Привет: мир", sender="Shop", urgent=True)
    found = receipt.outcome(timeout=30)["recipients"]
    assert {one["state"] for one in found} == {"taken"}
    assert {one["cost"] for one in found} == {None}
    [body] = postman.bodies()
    [provider_id] = {one["provider_id"] for one in found}
    assert body == f"demo:demo:{provider_id}:0:0,0,Shop,0:{','.join(PHONES)}:Привет: мир"
    assert provider_id.startswith(f"{receipt.id}.0.")
    # The provider is back: nobody writes mails any more.
    simulator = SimulatorProcess(port, "--minute", "1")
    try:
        second = sms.send("79991234569", "Привет", urgent=True).outcome(timeout=30)
        assert second["recipients"][0]["state"] == "taken"
        assert second["recipients"][0]["cost"] is not None
        assert simulator.takes() == {"79991234569": 1}
    finally:
        simulator.stop()
    assert len(postman.mails) == 1


def test_a_mail_that_may_be_out_is_held_and_never_sent_again(
    sms: Producer, workers: MailWorkers, postman: Postman, port: int
) -> None:
    postman.breaks_off = True
    receipt = sms.send(PHONES[0], "Привет", urgent=True)
    [found] = receipt.outcome(timeout=30)["recipients"]
    assert (found["state"], found["reason"]) == ("held", "smtp_disconnected")
    # Neither by mail nor by HTTP, though both work again and other messages go.
    postman.breaks_off = False
    assert sms.send(PHONES[1], "Привет", urgent=True).outcome(timeout=30)["recipients"][0]["state"] == "taken"
    simulator = SimulatorProcess(port, "--minute", "1")
    try:
        assert sms.send("79991234569", "Привет", urgent=True).outcome(timeout=30)
        assert simulator.takes() == {"79991234569": 1}
    finally:
        simulator.stop()
    assert len(postman.mails) == 2
    assert receipt.status()["recipients"][0]["state"] == "held"


def test_what_surely_was_not_mailed_goes_by_http(
    sms: Producer, workers: MailWorkers, postman: Postman, port: int
) -> None:
    """A mail that the server refuses, and a message for which a mail has no place."""
    postman.refuses = True
    call = SendOptions(kind=Kind.CALL, voice="m")
    refused = sms.send(PHONES[0], "Привет", urgent=True)
    unsayable = sms.send(PHONES[1], "Код", urgent=True, options=call)

    def reasons() -> list[str]:
        return [receipt.status()["recipients"][0]["reason"] for receipt in (refused, unsayable)]

    wait_until(lambda: reasons() == ["smtp_refused", "not_by_mail"], what="neither goes by mail")
    simulator = SimulatorProcess(port, "--minute", "1")
    try:
        for receipt in (refused, unsayable):
            assert receipt.outcome(timeout=30)["recipients"][0]["state"] == "taken"
        assert simulator.takes() == dict.fromkeys(PHONES, 1)
        assert simulator.books()["kinds"] == {"sms": 1, "call": 1}
    finally:
        simulator.stop()
    assert postman.mails == []


def test_neither_way_is_open(sms: Producer, settings: Settings, postman: Postman) -> None:
    """No mail server either: the message waits, and isn't lost."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = replace(settings, smsc=replace(settings.smsc, mail_port=nobody.getsockname()[1]))
        running = MailWorkers(away)
        try:
            receipt = sms.send(PHONES[0], "Привет", urgent=True)
            wait_until(
                lambda: receipt.status()["recipients"][0]["reason"] == "smtp_connect_failed",
                what="the mail server is away",
            )
            assert receipt.status()["recipients"][0]["state"] == "pending"
        finally:
            running.stop()
    assert postman.mails == []
