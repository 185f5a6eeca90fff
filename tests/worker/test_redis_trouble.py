"""Redis full, and Redis failing over under Sentinel."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from producers import Producer, Settings, Unavailable
from tests.conftest import RedisServer, free_port, wait_until
from tests.worker.conftest import SimulatorProcess, Workers
from worker.embedded import server_binary


def rows(count: int) -> list[dict[str, str]]:
    return [{"phone": str(79_991_000_000 + n)} for n in range(count)]


def test_a_full_server_stops_the_work_and_loses_nothing(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    simulator.order(latency_ms=200)
    campaign = sms.campaign("spring", rows(30_000), "Привет")
    wait_until(lambda: simulator.books()["messages"] > 2_000, what="the campaign runs")
    sms.store.ledger.config_set("maxmemory", "1mb")
    with pytest.raises(Unavailable) as caught:
        sms.send("79997654321", "x")
    assert caught.value.code == "redis_full"
    # Requests under way end, and what was paid for is written down although the server is full.
    wait_until(
        lambda: int(sms.store.ledger.hget("{smsq}:gauges", "sending") or 0) == 0,
        what="what was under way has ended",
    )
    assert campaign.progress()["recipients"]["taken"] == simulator.books()["messages"] < 30_000
    assert campaign.progress()["recipients"]["in_doubt"] == 0
    sms.store.ledger.config_set("maxmemory", "0")
    simulator.order(latency_ms=0)
    wait_until(lambda: campaign.progress()["state"] in {"sent", "settled"}, seconds=60, what="it goes on")
    books = simulator.books()
    assert (books["messages"], books["twice"]) == (30_000, 0)
    assert sms.send("79997654321", "x").outcome(20)["recipients"][0]["state"] == "taken"


class Sentinels:
    """A master, a replica and three sentinels on loopback."""

    def __init__(self, directory: Path) -> None:
        self.master = RedisServer(directory / "master")
        self.master.start()
        self.replica = RedisServer(directory / "replica")
        self.replica.start()
        client = redis.Redis(port=self.replica.port)
        client.replicaof("127.0.0.1", self.master.port)
        wait_until(
            lambda: client.info("replication")["master_link_status"] == "up", what="the replica follows"
        )
        client.close()
        self.ports = [free_port() for _ in range(3)]
        self.processes = []
        for port in self.ports:
            home = directory / str(port)
            home.mkdir()
            config = home / "sentinel.conf"
            config.write_text(
                f"port {port}\nbind 127.0.0.1\ndir {home}\n"
                f"sentinel monitor main 127.0.0.1 {self.master.port} 2\n"
                "sentinel down-after-milliseconds main 1000\n"
                "sentinel failover-timeout main 5000\n"
            )
            self.processes.append(
                subprocess.Popen(
                    [server_binary(), str(config), "--sentinel"],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        wait_until(lambda: all(self.knows_others(port) for port in self.ports), what="the sentinels agree")

    @property
    def url(self) -> str:
        return "redis+sentinel://" + ",".join(f"127.0.0.1:{port}" for port in self.ports) + "/main/0"

    @staticmethod
    def knows_others(port: int) -> bool:
        with contextlib.suppress(redis.RedisError):
            client = redis.Redis(port=port, socket_timeout=2)
            try:
                state = client.sentinel_master("main")
                return int(state["num-other-sentinels"]) == 2 and int(state["num-slaves"]) == 1
            finally:
                client.close()
        return False

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
            process.wait(10)
        self.master.stop()
        self.replica.stop()


@pytest.fixture
def sentinels(tmp_path: Path) -> Iterator[Sentinels]:
    running = Sentinels(tmp_path)
    yield running
    running.stop()


def test_a_fail_over_is_survived(
    sentinels: Sentinels, settings: Settings, simulator: SimulatorProcess
) -> None:
    """A replica may lose the last writes; here it follows closely, and what it lost would be in doubt."""
    own = replace(settings, redis_url=sentinels.url)
    simulator.order(latency_ms=100)
    workers = Workers(own, processes=2)
    try:
        with Producer(own) as sms:
            campaign = sms.campaign("spring", rows(30_000), "Привет")
            wait_until(lambda: simulator.books()["messages"] > 3_000, what="the campaign runs")
            sentinels.master.kill()

            def decided() -> bool:
                with contextlib.suppress(Unavailable):
                    return bool(campaign.progress()["state"] in {"sent", "settled"})
                return False

            wait_until(decided, seconds=90, what="the replica took over and the campaign is sent")
            counts = campaign.progress()["recipients"]
            assert counts["total"] == 30_000
            assert sum(counts[state] for state in counts if state != "total") == 30_000
            books = simulator.books()
            assert (books["recipients"], books["twice"]) == (30_000, 0)
    finally:
        workers.stop()
