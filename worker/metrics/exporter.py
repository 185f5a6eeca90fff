"""Serves ``/metrics`` on one port for all worker processes, from what is in Redis."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec
import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from producers.errors import Unavailable
from producers.ledger import keys
from producers.ledger.accounts import read_account
from producers.ledger.calls import Call
from producers.ledger.store import Store
from producers.ledger.totals import read_hash, split_total
from producers.states import BatchState, Lane
from worker.governor.rules import RULES
from worker.metrics.definitions import COUNTED, MEASURED, REQUEST_BUCKETS, REQUEST_SECONDS

log = structlog.get_logger()

#: Seconds between two tries to get the port, when another supervisor on this host has it.
PORT_RETRY = 15.0
_HELP = {metric.name: metric for metric in MEASURED}


class LedgerCollector(Collector):
    """Reads everything from Redis at each scrape.

    Args:
        store: The ledger.
        accounts: Configured accounts: name and provider.
    """

    def __init__(self, store: Store, accounts: Sequence[tuple[str, str]]) -> None:
        self._store = store
        self._accounts = list(accounts)

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
            for labels, value in by_name[metric.name]:
                family.add_metric([labels.get(name, "") for name in metric.labels], value / metric.divisor)
            yield family
        yield _histogram(by_name)

    def _accounts_now(self) -> Iterator[Metric]:
        now = time.time() * 1000
        views = [self._store.run(read_account(name)) for name, _ in self._accounts]
        known = [view for view in views if view.balance is not None]
        yield _gauge("smsq_balance_roubles", [((view.name,), (view.balance or 0) / 10_000) for view in known])
        yield _gauge(
            "smsq_balance_age_seconds", [((view.name,), (now - view.balance_at) / 1000) for view in known]
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
        now = time.time() * 1000
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
            ages.append(((lane.value,), self._wakeup_age(queue, first, now)))
        yield _gauge("smsq_lane_depth", depths)
        yield _gauge("smsq_lane_oldest_seconds", ages)

    def _wakeup_age(self, queue: str, first: bytes | None, now: float) -> float:
        if first is None:
            return 0.0
        body = self._store.run(Call(("HGET", f"{queue}.msgs", first), lambda reply: reply, queue=True))
        if body is None:
            return 0.0
        return max(0.0, (now - float(msgspec.json.decode(body)["message_timestamp"])) / 1000)


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


def _gauge(name: str, samples: Sequence[tuple[tuple[str, ...], float]]) -> Metric:
    metric = _HELP[name]
    family = GaugeMetricFamily(name, metric.help, labels=metric.labels)
    for labels, value in samples:
        family.add_metric(list(labels), value)
    return family


def _histogram(by_name: Mapping[str, list[tuple[dict[str, str], int]]]) -> Metric:
    metric = REQUEST_SECONDS
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    sums = {
        tuple(labels[name] for name in metric.labels): value
        for labels, value in by_name[f"{metric.name}_sum"]
    }
    counts: defaultdict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for labels, value in by_name[f"{metric.name}_bucket"]:
        counts[tuple(labels[name] for name in metric.labels)][labels["le"]] = value
    for key, found in counts.items():
        running, buckets = 0, []
        for bound in [*map(str, REQUEST_BUCKETS), "+Inf"]:
            running += found.get(bound, 0)
            buckets.append((bound, float(running)))
        family.add_metric(list(key), buckets, sums.get(key, 0) / metric.divisor)
    return family


def _version() -> str:
    try:
        return version("smsq")
    except PackageNotFoundError:
        return "unknown"


def serve_metrics(
    store: Store, accounts: Sequence[tuple[str, str]], host: str, port: int, stop: threading.Event
) -> None:
    """Serve ``/metrics`` until ``stop`` is set; waits for the port when another process has it."""
    registry = CollectorRegistry()
    registry.register(LedgerCollector(store, accounts))
    warned = False
    while not stop.is_set():
        try:
            server, thread = start_http_server(port, addr=host, registry=registry)
        except OSError:
            if not warned:
                log.warning("metrics_port_taken", port=port, retry_seconds=PORT_RETRY)
            warned = True
            stop.wait(PORT_RETRY)
            continue
        log.info("metrics_ready", host=host, port=server.server_port)
        stop.wait()
        server.shutdown()
        server.server_close()
        thread.join()
