"""What these tests start: a server that answers literally, a session, and clients for both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from tests.worker.providers.smsc.servers import LiteralServer
from worker.providers.sms2 import Sms2Account, Sms2Client
from worker.providers.smsc import Timeouts, create_session

QUICK = Timeouts(total=5.0, read=5.0, connect=5.0, connect_step=0.0)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def server() -> AsyncIterator[LiteralServer]:
    async with LiteralServer() as started:
        started.charset = "windows-1251"
        yield started


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with create_session() as opened:
        yield opened


@pytest.fixture
def client(server: LiteralServer, session: aiohttp.ClientSession) -> Sms2Client:
    return Sms2Client(Sms2Account(server.url, "LOGIN", "p&w я"), session, timeouts=QUICK)


@pytest.fixture
def client_for(session: aiohttp.ClientSession) -> Callable[..., Sms2Client]:
    def build(url: str, timeouts: Timeouts = QUICK, **more: Any) -> Sms2Client:
        return Sms2Client(Sms2Account(url, "LOGIN", "PASSWORD"), session, timeouts=timeouts, **more)

    return build
