"""Counters live in Redis: they survive the death of every process, and never count twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from producers import Producer, Settings
from tests.conftest import RedisServer, wait_until
from tests.worker.conftest import SimulatorProcess, Workers
from tests.worker.metrics.conftest import MetricsServer
from tests.worker.metrics.test_figures import TAKEN, rows, sent


@pytest.fixture
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A server that a test may kill."""
    server = RedisServer(tmp_path_factory.mktemp("own"))
    server.start()
    yield server
    server.stop()


def serve(server: RedisServer) -> MetricsServer:
    metrics = MetricsServer(server.url)
    metrics.wait_ready()
    return metrics


def agree(metrics: MetricsServer, sms: Producer, name: str) -> bool:
    """Whether the counters are what the campaign's recipients add up to, each counted once."""
    counts = sms.find_campaign(name).progress()["recipients"]
    series = metrics.by("smsq_recipients_total", "outcome")
    return series.get("taken", 0) == sum(counts[state] for state in TAKEN) and series.keys() <= {
        "taken",
        *(state for state in counts if counts[state]),
    }


def test_counters_go_on_after_everything_was_killed(
    own_server: RedisServer, settings: Settings, simulator: SimulatorProcess
) -> None:
    own = replace(settings, redis_url=own_server.url)
    simulator.order(latency_ms=60)
    metrics, workers = serve(own_server), Workers(own, processes=2)
    try:
        with Producer(own) as sms:
            sms.campaign("spring", rows(40_000), "Привет")
            wait_until(lambda: simulator.books()["messages"] > 4_000, what="the campaign runs")
            workers.kill_one()
            sms.find_campaign("spring").pause()
            workers.stop()
            wait_until(lambda: agree(metrics, sms, "spring"), what="the counters agree after the kill")
            before = metrics.series()
            metrics.stop()
        own_server.kill()
        own_server.start()
        metrics, workers = serve(own_server), Workers(own, processes=2)
        with Producer(own) as sms:
            after = metrics.series()
            for key, value in before.items():
                if key[0].endswith(("_total", "_count", "_bucket", "_sum")):
                    assert after[key] >= value, key
            taken = metrics.value("smsq_recipients_total", outcome="taken")
            assert 0 < taken < 40_000
            for n in range(5):
                receipt = sms.send(str(79_881_000_000 + n), "Код", urgent=True)
                assert receipt.outcome(timeout=20)["recipients"][0]["state"] in TAKEN
            assert metrics.value("smsq_recipients_total", lane="urgent", outcome="taken") == 5
            assert metrics.value("smsq_recipients_total", lane="bulk", outcome="taken") == taken
            # What the killed worker had sent is in the books, but not counted before it is known for sure.
            books = simulator.books()
            assert metrics.value("smsq_recipients_total", outcome="taken") <= books["messages"]
            assert metrics.value("smsq_provider_requests_total") <= books["requests"]["send.php"]
            assert metrics.value("smsq_provider_requests_total") == metrics.value(
                "smsq_provider_request_seconds_count"
            )
    finally:
        workers.stop()
        metrics.stop()


def test_a_campaign_that_is_sent_over_a_restart_is_counted_once(
    sms: Producer, settings: Settings, simulator: SimulatorProcess, metrics: MetricsServer
) -> None:
    simulator.order(latency_ms=60)
    queue = f"{sms.store.address.queue_namespace}:bulk.msgs"
    workers = Workers(settings, processes=2)
    try:
        campaign = sms.campaign("spring", rows(30_000), "Привет")
        wait_until(lambda: simulator.books()["messages"] > 3_000, what="the campaign runs")
        campaign.pause()
        wait_until(lambda: sms.store.queues.hlen(queue) == 0, what="all wake-ups are acknowledged")
    finally:
        workers.stop()
    assert 0 < metrics.value("smsq_recipients_total", outcome="taken") < 30_000
    campaign.resume()
    workers = Workers(settings, processes=2)
    try:
        wait_until(lambda: sent(campaign), what="the campaign is sent")
    finally:
        workers.stop()
    books = simulator.books()
    assert metrics.by("smsq_recipients_total", "outcome") == {"taken": 30_000}
    assert metrics.value("smsq_segments_total") == books["segments"] == 30_000
    assert metrics.value("smsq_provider_requests_total") == books["requests"]["send.php"] == 60
    assert metrics.by("smsq_batches", "state") == {"taken": 60}


def test_while_redis_is_away_the_exporter_says_so_and_comes_back_by_itself(
    own_server: RedisServer, settings: Settings
) -> None:
    metrics = serve(own_server)
    try:
        with Producer(replace(settings, redis_url=own_server.url)) as sms:
            sms.send("79991000001", "Привет")
        assert metrics.value("smsq_redis_up") == 1
        own_server.kill()
        names = {name for name, _ in metrics.series()}
        assert names == {"smsq_redis_up", "smsq_build_info"}
        assert metrics.value("smsq_redis_up") == 0
        own_server.start()
        wait_until(lambda: metrics.value("smsq_redis_up") == 1, what="it is back")
        assert metrics.value("smsq_batches", state="queued") == 1
    finally:
        metrics.stop()


def test_a_server_that_hangs_is_told_before_prometheus_loses_patience(
    own_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.metrics.exporter.REDIS_TIMEOUT", 0.5)
    metrics = serve(own_server)
    assert own_server.process is not None
    try:
        assert metrics.value("smsq_redis_up") == 1
        own_server.process.send_signal(signal.SIGSTOP)
        assert metrics.value("smsq_redis_up") == 0
        own_server.process.send_signal(signal.SIGCONT)
        wait_until(lambda: metrics.value("smsq_redis_up") == 1, what="it goes on")
    finally:
        own_server.process.send_signal(signal.SIGCONT)
        metrics.stop()
