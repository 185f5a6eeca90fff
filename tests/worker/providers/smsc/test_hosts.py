"""Stand-in hosts: only for what was surely not sent, and remembered for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs
from yarl import URL

from producers.contract import NotSent, SendRequest, Taken
from worker.providers.smsc import SmscClient, Timeouts
from worker.providers.smsc.hosts import MEMORY, Hosts, env_proxy, with_backups

from .servers import LiteralServer, closed_port

REQUEST = SendRequest("c1.1.1", (79990000001,), text="Привет")
TAKEN = Taken("7", 1)


def nobody() -> str:
    return f"http://127.0.0.1:{closed_port()}"


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://smsc.ru", ["smsc.ru", "www2.smsc.ru", "www3.smsc.ru", "www4.smsc.ru", "www5.smsc.ru"]),
        ("https://m.smsc.ru/", ["m.smsc.ru", *[f"www{n}.m.smsc.ru" for n in (2, 3, 4, 5)]]),
        ("http://smsc.kz", ["smsc.kz", *[f"www{n}.smsc.kz" for n in (2, 3, 4, 5)]]),
        ("https://www2.smsc.ru", ["www2.smsc.ru"]),
        ("https://smsc.ru:8443", ["smsc.ru"]),
        ("https://notsmsc.ru", ["notsmsc.ru"]),
        ("https://gateway.example.com", ["gateway.example.com"]),
        ("http://localhost:8025", ["localhost"]),
        ("http://127.0.0.1:8025", ["127.0.0.1"]),
        ("http://[::1]:8025", ["::1"]),
        ("http://simulator", ["simulator"]),
    ],
)
def test_which_stand_ins(url: str, hosts: list[str]) -> None:
    addresses = [URL(address) for address in with_backups(url)]
    assert [address.host for address in addresses] == hosts
    assert {address.scheme for address in addresses} == {URL(url).scheme}


async def test_the_stand_in_is_asked_and_remembered(
    client_for: Callable[..., SmscClient], server: LiteralServer
) -> None:
    now = 1000.0
    client = client_for(nobody(), nobody(), server.url, clock=lambda: now)
    failed = [
        {
            "event": "smsc_host_failed",
            "host": label,
            "attempt": attempt,
            "reason": "connect_failed",
            "log_level": "warning",
        }
        for attempt, label in enumerate(("main", "backup1"), 1)
    ]

    async def events() -> list[Any]:
        with capture_logs() as logs:
            assert await client.send(REQUEST) == TAKEN
        return list(logs)

    assert await events() == failed
    assert await events() == []
    now += MEMORY - 0.1
    assert await events() == []
    now += 0.1
    assert await events() == failed
    assert len(server.asked) == 4


async def test_the_remembered_host_dies(client_for: Callable[..., SmscClient], server: LiteralServer) -> None:
    async with LiteralServer() as stand_in:
        stand_in.headers = {"Connection": "close"}  # else the second request is in doubt: it finds it kept
        hosts = Hosts([server.url, stand_in.url])
        main, backup = hosts.order()
        hosts.answered(backup)
        assert hosts.order() == (backup, main)
        hosts.answered(main)
        assert hosts.order() == (main, backup)

        client = client_for(nobody(), stand_in.url, server.url)
        assert await client.send(REQUEST) == TAKEN
    assert await client.send(REQUEST) == TAKEN
    assert (len(stand_in.asked), len(server.asked)) == (1, 1)


async def test_every_host_is_tried_once(client_for: Callable[..., SmscClient]) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    client = client_for(*[nobody() for _ in range(5)], sleep=sleep)
    assert await client.send(REQUEST) == NotSent("connect_failed", wait=5.0)
    assert len(waits) == 4
    assert max(waits) <= 0.1


async def test_the_search_ends_in_time(client_for: Callable[..., SmscClient], server: LiteralServer) -> None:
    client = client_for(nobody(), server.url, timeouts=Timeouts(search=0.0))
    assert await client.send(REQUEST) == NotSent("connect_failed", wait=5.0)
    assert server.asked == []


def test_connect_timeouts_are_the_official_librarys() -> None:
    assert [Timeouts().for_attempt(number).connect for number in range(1, 6)] == [4, 5, 6, 7, 8]
    assert Timeouts().longest_call == 61.0


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({}, "https://smsc.ru", None),
        ({"https_proxy": "http://10.0.0.1:3128"}, "https://smsc.ru", "http://10.0.0.1:3128"),
        ({"https_proxy": "10.0.0.1:3128"}, "https://smsc.ru", "http://10.0.0.1:3128"),
        ({"https_proxy": "http://10.0.0.1:3128"}, "http://127.0.0.1:8025", None),
        ({"https_proxy": "http://10.0.0.1:3128", "no_proxy": ".smsc.ru"}, "https://smsc.ru", None),
    ],
)
def test_proxy(
    environment: dict[str, str], url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert env_proxy(URL(url)) == (None if proxy is None else URL(proxy))


def test_a_proxy_that_can_not_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "socks5://user:PROXY-PASSWORD@10.0.0.1")
    with pytest.raises(ValueError, match="https_proxy") as caught:
        Hosts(["https://smsc.ru"])
    assert "PASSWORD" not in str(caught.value)
