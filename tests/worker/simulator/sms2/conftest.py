"""SMS2's side of a simulator on a real socket, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import ClientResponse
from yarl import URL

from tests.worker.simulator.conftest import Play, Stage

LOGIN = {"user": "demo", "pass": "demo"}
PHONE = "79119876543"
SENT = "Message successfully sent! Message_ID="


def multipart(fields: dict[str, str | bytes], picture: bytes | None = None) -> tuple[bytes, dict[str, str]]:
    """Make a multipart body as PHP's curl does, and its headers."""
    parts = [(f'name="{name}"', value) for name, value in fields.items()]
    if picture is not None:
        parts.append(('name="picture"; filename="a.png"\r\nContent-Type: image/png', picture))
    body = b"".join(
        b"--mark\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n"
        % (head.encode(), value if isinstance(value, bytes) else value.encode())
        for head, value in parts
    )
    return body + b"--mark--\r\n", {"Content-Type": "multipart/form-data; boundary=mark"}


@dataclass
class Sms2Stage:
    """A simulator, and a client that knows the demo account at SMS2."""

    stage: Stage

    async def ask(
        self, script: str, /, *, method: str = "POST", codec: str = "cp1251", **given: Any
    ) -> ClientResponse:
        """Call a script; ``sender`` stands for ``from``, and None leaves a parameter out."""
        parameters = LOGIN | {"from" if name == "sender" else name: one for name, one in given.items()}
        form = "&".join(
            f"{name}={quote(one if isinstance(one, bytes) else str(one).encode(codec))}"
            for name, one in parameters.items()
            if one is not None
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if method == "GET":
            return await self.stage.client.get(URL(f"/{script}?{form}", encoded=True))
        return await self.stage.client.post(f"/{script}", data=form.encode(), headers=headers)

    async def text(self, script: str, /, **given: Any) -> str:
        response = await self.ask(script, **given)
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/plain; charset=windows-1251"
        return (await response.read()).decode("cp1251")

    async def send(self, message: Any = "hello", phone: str = PHONE, **given: Any) -> str:
        usual = {"phone": phone, "message": message, "sender": "Shop24"}
        return await self.text("sms.cgi", **usual | given)

    async def sent(self, *args: Any, **given: Any) -> str:
        """Send, and give the id."""
        reply = await self.send(*args, **given)
        assert reply.startswith(SENT), reply
        return reply.removeprefix(SENT)

    async def status(self, message_id: str) -> str:
        return await self.text("sms_status2.cgi", mess_id=message_id)

    async def call(self, function: str | None, **given: Any) -> str:
        return await self.text("api_call.cgi", function=function, **given)

    async def balance(self) -> str:
        return await self.text("get_credit_info.cgi")

    async def books(self) -> Any:
        return (await self.stage.books())["sms2"]

    async def control(self, **orders: Any) -> None:
        await self.stage.control(sms2=orders)

    async def recipients(self) -> list[tuple[str, ...]]:
        text = await (await self.stage.client.get("/_books/sms2/recipients")).text()
        return [tuple(line.split("\t")) for line in text.splitlines()]


Play2 = Callable[..., Awaitable[Sms2Stage]]


@pytest.fixture
def play2(play: Play) -> Play2:
    async def start(**settings: Any) -> Sms2Stage:
        return Sms2Stage(await play(**settings))

    return start


@pytest.fixture
async def sms2(play2: Play2) -> Sms2Stage:
    """A simulator with the usual settings: 1000 roubles, 1.40 a message."""
    return await play2()
