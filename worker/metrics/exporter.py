"""Serves ``/metrics`` on one port for all worker processes, from what is in Redis."""

from __future__ import annotations

import errno
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from producers.errors import Unavailable
from producers.ledger import campaigns, keys
from producers.ledger.accounts import read_account
from producers.ledger.calls import Call
from producers.ledger.store import Store
from producers.ledger.totals import read_hash, split_total
from producers.states import BatchState, Lane
from worker.governor.rules import RULES
from worker.metrics import definitions
from worker.metrics.definitions import COUNTED, MEASURED, REQUEST_BUCKETS, REQUEST_SECONDS

log = structlog.get_logger()

#: Seconds between two tries to get the port, when another supervisor on this host has it.
PORT_RETRY = 15.0
#: Seconds for Redis to answer. Prometheus gives up a scrape after 10 by default, and a server that hangs is
#: to be seen as ``smsq_redis_up`` 0, not as a scrape that failed.
REDIS_TIMEOUT = 3.0
#: Campaigns whose recipients are added up at each scrape: one round trip, half a megabyte.
_CAMPAIGNS = 100
_MEASURED = {metric.name: metric for metric in MEASURED}
_ByName = Mapping[str, list[tuple[dict[str, str], int]]]


class LedgerCollector(Collector):
    """Reads everything from Redis at each scrape, over connections of its own.

    Args:
        store: The ledger.
        accounts: Configured accounts: name and provider.
    """

    def __init__(self, store: Store, accounts: Sequence[tuple[str, str]]) -> None:
        self._store = Store(store.address)
        for client in (self._store.ledger, self._store.queues):
            client.connection_pool.connection_kwargs |= {
                "socket_timeout": REDIS_TIMEOUT,
                "socket_connect_timeout": REDIS_TIMEOUT,
            }
        self._accounts = list(accounts)

    def close(self) -> None:
        """Close the connections."""
        self._store.close()

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not read Redis."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics; only ``smsq_redis_up`` 0 and the build while Redis is away."""
        yield _gauge("smsq_build_info", [((_version(),), 1)])
        try:
            families = [*self._counted(), *self._accounts_now(), *self._work_now()]
        except Unavailable:
            yield _gauge("smsq_redis_up", [((), 0)])
            return
        yield _gauge("smsq_redis_up", [((), 1)])
        yield from families

    def _counted(self) -> Iterator[Metric]:
        by_name: defaultdict[str, list[tuple[dict[str, str], int]]] = defaultdict(list)
        for name, value in self._store.run(read_hash(keys.TOTALS)).items():
            counted, labels = split_total(name)
            by_name[counted].append((labels, value))
        for metric in COUNTED:
            family = CounterMetricFamily(
                metric.name.removesuffix("_total"), metric.help, labels=metric.labels
            )
            values = dict.fromkeys(self._from_start(metric), 0)
            for labels, value in by_name[metric.name]:
                values[_key(metric, labels)] = value
            for key, value in values.items():
                family.add_metric(list(key), value / metric.divisor)
            yield family
        yield _histogram(by_name, self._from_start(REQUEST_SECONDS))

    def _from_start(self, metric: definitions.Metric) -> list[tuple[str, ...]]:
        if "account" not in metric.labels:
            return list(metric.from_start)
        return [(account, *others) for account, _ in self._accounts for others in metric.from_start]

    def _accounts_now(self) -> Iterator[Metric]:
        now = self._now()
        views = [self._store.run(read_account(name)) for name, _ in self._accounts]
        known = [view for view in views if view.balance is not None]
        yield _gauge("smsq_balance_roubles", [((view.name,), view.balance or 0) for view in known])
        yield _gauge(
            "smsq_balance_age_seconds",
            [((view.name,), _age(view.balance_at, time.time() * 1000)) for view in known],
        )
        yield _gauge(
            "smsq_account_paused",
            [((view.name, view.pause_reason), int(view.pause_until > now)) for view in views],
        )
        in_flight, limits = [], []
        for name, provider in self._accounts:
            groups = {rule.flight_group: rule.in_flight for (of, _), rule in RULES.items() if of == provider}
            for group, limit in groups.items():
                key = f"{keys.PREFIX}g:{name}:flight:{group}"
                count = self._store.run(Call(("ZCOUNT", key, int(now), "+inf"), int))
                in_flight.append(((name, group), count))
                limits.append(((name, group), limit))
        yield _gauge("smsq_requests_in_flight", in_flight)
        yield _gauge("smsq_requests_in_flight_limit", limits)

    def _work_now(self) -> Iterator[Metric]:
        now = self._now()
        batches = self._store.run(read_hash(keys.GAUGES))
        yield _gauge("smsq_batches", [((state.value,), batches.get(state.value, 0)) for state in BatchState])
        entries, timer, doubt, held = self._store.run_all(
            [
                Call(("ZCARD", keys.TIMER), int),
                *(_oldest(key) for key in (keys.TIMER, keys.IN_DOUBT, keys.HELD)),
            ]
        )
        yield _gauge("smsq_timer_entries", [((), entries)])
        yield _gauge("smsq_timer_overdue_seconds", [((), _age(timer, now))])
        yield _gauge("smsq_in_doubt_oldest_seconds", [((), _age(doubt, now))])
        yield _gauge("smsq_held_oldest_seconds", [((), _age(held, now))])
        yield _gauge("smsq_conservation_difference", [((), self._difference())])
        depths, ages = [], []
        for lane in Lane:
            queue = f"{self._store.address.queue_namespace}:{lane.value}"
            depth, first = self._store.run_all(
                [
                    Call(("LLEN", queue), int, queue=True),
                    Call(("LINDEX", queue, 0), lambda reply: reply, queue=True),
                ]
            )
            depths.append(((lane.value,), depth))
            ages.append(((lane.value,), self._wakeup_age(queue, first)))
        yield _gauge("smsq_lane_depth", depths)
        yield _gauge("smsq_lane_oldest_seconds", ages)

    def _difference(self) -> int:
        newest = self._store.run(campaigns.recent(_CAMPAIGNS))
        views = self._store.run_all([campaigns.read(campaign) for campaign in newest])
        return sum(abs(view.difference) for view in views if view is not None)

    def _now(self) -> float:
        """Return the server's time in ms: what is on the timer was put there by that clock, not by ours."""
        seconds, micro = self._store.run(Call(("TIME",), lambda reply: reply))
        return int(seconds) * 1000 + int(micro) / 1000

    def _wakeup_age(self, queue: str, first: bytes | None) -> float:
        if first is None:
            return 0.0
        body = self._store.run(Call(("HGET", f"{queue}.msgs", first), lambda reply: reply, queue=True))
        if body is None:
            return 0.0
        # Stamped by a producer's clock or a worker's, not by the server's.
        return _age(msgspec.json.decode(body)["message_timestamp"], time.time() * 1000)


def _oldest(key: str) -> Call[float | None]:
    def parse(reply: Any) -> float | None:
        # redis-py gives pairs, or a flat list, by protocol version.
        if not reply:
            return None
        first = reply[0]
        return float(first[1] if isinstance(first, (list, tuple)) else reply[1])

    return Call(("ZRANGE", key, 0, 0, "WITHSCORES"), parse)


def _age(moment: float | None, now: float) -> float:
    return 0.0 if moment is None else max(0.0, (now - moment) / 1000)


def _key(metric: definitions.Metric, labels: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(labels.get(name, "") for name in metric.labels)


def _gauge(name: str, samples: Sequence[tuple[tuple[str, ...], float]]) -> Metric:
    metric = _MEASURED[name]
    family = GaugeMetricFamily(name, metric.help, labels=metric.labels)
    for labels, value in samples:
        family.add_metric(list(labels), value / metric.divisor)
    return family


def _histogram(by_name: _ByName, from_start: Iterable[tuple[str, ...]]) -> Metric:
    metric = REQUEST_SECONDS
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    sums = {_key(metric, labels): value for labels, value in by_name[f"{metric.name}_sum"]}
    counts: dict[tuple[str, ...], list[tuple[float, int]]] = {key: [] for key in from_start}
    for labels, value in by_name[f"{metric.name}_bucket"]:
        counts.setdefault(_key(metric, labels), []).append((float(labels["le"]), value))
    for key, found in counts.items():
        # Compared as numbers: what a former version counted under bounds of its own isn't lost.
        buckets = [
            (bound, float(sum(count for le, count in found if le <= float(bound))))
            for bound in [*map(str, REQUEST_BUCKETS), "+Inf"]
        ]
        family.add_metric(list(key), buckets, sums.get(key, 0) / metric.divisor)
    return family


def _version() -> str:
    try:
        return version("smsq")
    except PackageNotFoundError:
        return "unknown"


def serve_metrics(
    store: Store,
    accounts: Sequence[tuple[str, str]],
    host: str,
    port: int,
    stop: threading.Event,
    *,
    on_ready: Callable[[int], None] | None = None,
) -> None:
    """Serve ``/metrics`` until ``stop`` is set; waits for the port when another process has it.

    Args:
        store: The ledger; only its address is used.
        accounts: Configured accounts: name and provider.
        host: Address to listen on.
        port: Port; 0 for any free one.
        stop: Ends it.
        on_ready: Called with the port when it listens.
    """
    registry = CollectorRegistry()
    collector = LedgerCollector(store, accounts)
    registry.register(collector)
    try:
        _serve(registry, host, port, stop, on_ready or (lambda _: None))
    finally:
        collector.close()


def _serve(
    registry: CollectorRegistry, host: str, port: int, stop: threading.Event, on_ready: Callable[[int], None]
) -> None:
    said = ""
    while not stop.is_set():
        try:
            server, thread = start_http_server(port, addr=host, registry=registry)
        except OSError as error:
            reason = "port_taken" if error.errno == errno.EADDRINUSE else str(error.strerror or error)
            if reason != said:
                log.warning(
                    "metrics_cannot_listen", host=host, port=port, reason=reason, retry_seconds=PORT_RETRY
                )
            said = reason
            stop.wait(PORT_RETRY)
            continue
        log.info("metrics_ready", host=host, port=server.server_port)
        on_ready(server.server_port)
        stop.wait()
        server.shutdown()
        server.server_close()
        thread.join()
