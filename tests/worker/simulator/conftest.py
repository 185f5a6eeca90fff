"""A simulator on a real socket, with a clock that stands still until a test moves it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from worker.simulator import SimulatorConfig, create_app

START = 1_700_000_000.0


@dataclass
class Clock:
    now: float = START

    def __call__(self) -> float:
        return self.now


@dataclass
class Stage:
    """One simulator and a client that knows the demo account."""

    client: TestClient[Any, Any]
    clock: Clock
    login: dict[str, str] = field(default_factory=lambda: {"login": "demo", "psw": "demo"})

    async def ask(self, script: str, /, *, method: str = "POST", **given: Any) -> ClientResponse:
        parameters = self.login | {name: str(value) for name, value in given.items()}
        place: dict[str, Any] = {"params": parameters} if method == "GET" else {"data": parameters}
        return await self.client.request(method, f"/sys/{script}.php", **place)

    async def text(self, script: str, /, **given: Any) -> str:
        return await (await self.ask(script, **{"charset": "utf-8"} | given)).text()

    async def send(self, phones: str = "79990000001", mes: str = "hello", **given: Any) -> Any:
        """Send with fmt 3 and give the JSON."""
        return json.loads(await self.text("send", fmt=3, phones=phones, mes=mes, **given))

    async def status(self, message_id: Any, phone: str, **given: Any) -> Any:
        return json.loads(await self.text("status", fmt=3, id=message_id, phone=phone, **given))

    async def books(self) -> Any:
        return await (await self.client.get("/_books")).json()

    async def control(self, **orders: Any) -> Any:
        response = await self.client.post("/_control", json=orders)
        assert response.status == 200, await response.text()
        return await response.json()


Play = Callable[..., Awaitable[Stage]]


@pytest.fixture
async def play() -> AsyncIterator[Play]:
    """Start simulators with given settings; by default 1000 roubles, 1.40 a segment and a fixed clock."""
    clients = []

    async def start(**settings: Any) -> Stage:
        clock = Clock()
        usual: dict[str, Any] = {"balance": Decimal(1000), "price": Decimal("1.4"), "clock": clock}
        config = SimulatorConfig(**usual | settings)
        client = TestClient(TestServer(create_app(config)))
        await client.start_server()
        clients.append(client)
        return Stage(client, clock)

    yield start
    for client in clients:
        await client.close()


@pytest.fixture
async def free(play: Play) -> Stage:
    """A simulator that throttles nothing."""
    return await play(throttle=False)
