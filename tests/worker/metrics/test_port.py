"""The port: told when it was free to choose, waited for when another process has it."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import structlog

from tests.conftest import free_port, wait_until
from tests.worker.metrics.conftest import MetricsServer


def test_a_port_that_is_taken_is_taken_over_when_it_comes_free(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.metrics.exporter.PORT_RETRY", 0.05)
    port = free_port()
    with structlog.testing.capture_logs() as logged:
        first = MetricsServer(redis_url, port)
        assert first.wait_ready() == port
        second = MetricsServer(redis_url, port)
        try:
            wait_until(
                lambda: events(logged, "metrics_cannot_listen"), what="the second one says that it waits"
            )
            first.stop()
            assert second.wait_ready() == port
            assert second.value("smsq_redis_up") == 1
        finally:
            second.stop()
    # Said once, however often it was tried.
    assert [event["reason"] for event in events(logged, "metrics_cannot_listen")] == ["port_taken"]
    assert [event["port"] for event in events(logged, "metrics_ready")] == [port, port]


def events(logged: list[Any], name: str) -> list[Any]:
    return [event for event in logged if event["event"] == name]


def test_one_that_waits_for_a_port_stops_at_once(redis_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        waiting = MetricsServer(redis_url, taken.getsockname()[1])
        waiting.stop()


def test_the_port_is_free_again_after_the_stop(redis_url: str) -> None:
    port = free_port()
    for _ in range(2):
        server = MetricsServer(redis_url, port)
        server.wait_ready()
        assert server.value("smsq_redis_up") == 1
        server.stop()
