"""``/metrics`` over HTTP, read with prometheus_client's own parser."""

from __future__ import annotations

import http.client
import queue
import threading
from collections.abc import Iterator

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from producers.ledger.store import Store
from producers.redis_clients import RedisAddress
from tests.conftest import RedisServer
from worker.metrics.exporter import serve_metrics


class MetricsServer:
    """The exporter as ``smsq worker`` runs it: in a thread."""

    def __init__(self, redis_url: str, port: int = 0) -> None:
        self.store = Store(RedisAddress.parse(redis_url))
        self.stopping = threading.Event()
        self.ports: queue.Queue[int] = queue.Queue()
        self.thread = threading.Thread(
            target=serve_metrics,
            args=(self.store, [("default", "smsc")], "127.0.0.1", port, self.stopping),
            kwargs={"on_ready": self.ports.put},
        )
        self.thread.start()

    def wait_ready(self) -> int:
        self.port = self.ports.get(timeout=10)
        return self.port

    def text(self, accept: str = "text/plain") -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/metrics", headers={"Accept": accept})
        reply = connection.getresponse()
        page = reply.read().decode()
        connection.close()
        assert reply.status == 200, page
        return page

    def families(self) -> dict[str, Metric]:
        return {family.name: family for family in text_string_to_metric_families(self.text())}

    def series(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        """All series of one scrape by name and labels."""
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in self.families().values()
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        """The sum of the series of that name that have these labels."""
        wanted = set(labels.items())
        found = [value for (of, has), value in self.series().items() if of == name and wanted <= set(has)]
        assert found, f"no series {name}{labels}"
        return sum(found)

    def by(self, name: str, label: str) -> dict[str, float]:
        """The values of a metric by one label, without those that are 0."""
        values: dict[str, float] = {}
        for (of, has), value in self.series().items():
            if of == name and value:
                key = dict(has)[label]
                values[key] = values.get(key, 0.0) + value
        return values

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(10)
        self.store.close()
        assert not self.thread.is_alive()


@pytest.fixture(scope="package")
def exporter(redis_server: RedisServer) -> Iterator[MetricsServer]:
    """One exporter for all tests: it keeps nothing between two scrapes."""
    server = MetricsServer(redis_server.url)
    server.wait_ready()
    yield server
    server.stop()


@pytest.fixture
def metrics(redis_url: str, exporter: MetricsServer) -> MetricsServer:
    """The exporter of the test's ledger, which is empty."""
    return exporter
