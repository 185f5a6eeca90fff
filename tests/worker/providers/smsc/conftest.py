"""What these tests start: a server that answers literally, a session, and clients for both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from worker.providers.smsc import SmscAccount, SmscClient, Timeouts, create_session

from .servers import LiteralServer

QUICK = Timeouts(total=5.0, read=5.0, connect=5.0, connect_step=0.0)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def server() -> AsyncIterator[LiteralServer]:
    async with LiteralServer() as started:
        yield started


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with create_session() as opened:
        yield opened


@pytest.fixture
def account(server: LiteralServer) -> SmscAccount:
    return SmscAccount(server.url, login="LOGIN", password="p&w +я")


@pytest.fixture
def client(account: SmscAccount, session: aiohttp.ClientSession) -> SmscClient:
    return SmscClient(account, session, timeouts=QUICK)


@pytest.fixture
def client_for(session: aiohttp.ClientSession) -> Callable[..., SmscClient]:
    """Return a client of given hosts, the first of them the main one."""

    async def no_sleep(seconds: float) -> None:
        assert seconds < 1

    def build(*hosts: str, timeouts: Timeouts = QUICK, **more: Any) -> SmscClient:
        options: dict[str, Any] = {"session": session, "sleep": no_sleep} | more
        return SmscClient(
            SmscAccount(hosts[0], api_key="SECRET-KEY"), hosts=hosts, timeouts=timeouts, **options
        )

    return build
