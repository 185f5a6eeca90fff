"""``smsq doctor``."""

from __future__ import annotations

import time

import redis

from producers.ledger import keys
from tests.conftest import RedisServer
from tests.worker.cli.conftest import Shell, Stack

NAMES = ["settings", "redis", "databases", "durability", "memory", "clock", "workers", "account"]
NAMES += ["in doubt", "held", "provider"]


def found(checks: list[dict[str, str]]) -> dict[str, str]:
    return {check["name"]: check["status"] for check in checks}


def test_everything_is_well(shell: Shell) -> None:
    shell.inside("send", "79991234567", "--text", "for the doctor", "--wait")
    done = shell.smsq("doctor", "--json")
    assert (done.status, done.json["ok"]) == (0, True), done.out
    assert found(done.json["checks"]) == dict.fromkeys(NAMES, "ok")
    lines = shell.inside("doctor").out.splitlines()
    assert [line.split()[0] for line in lines] == ["ok"] * len(NAMES)


def test_all_wrong_settings_at_once(shell: Shell) -> None:
    done = shell.smsq("doctor", SMSQ_REDIS_URL="http://x", SMSQ_METRICS_PORT="x", SMSQ_SMSC_PASSWORD="")
    assert done.status == 2
    for name in ("SMSQ_REDIS_URL", "SMSQ_METRICS_PORT", "SMSQ_SMSC_PASSWORD"):
        assert name in done.out
    assert done.out.startswith("FAILED")


def test_no_credentials_doesn_t_hide_the_rest(shell: Shell) -> None:
    done = shell.inside("doctor", "--json", SMSQ_SMSC_LOGIN="", SMSQ_SMSC_PASSWORD="")
    assert (done.status, done.code) == (2, "settings")
    assert found(done.json["checks"])["redis"] == "ok"


def test_redis_away(shell: Shell) -> None:
    done = shell.inside("doctor", "--json", SMSQ_REDIS_URL="redis://127.0.0.1:1/0")
    assert (done.status, done.code) == (1, "unhealthy")
    assert found(done.json["checks"]) == {"settings": "ok", "redis": "failed", "provider": "warning"}
    assert "FAILED   redis" in shell.inside("doctor", SMSQ_REDIS_URL="redis://127.0.0.1:1/0").out


def test_no_worker(shell: Shell, stack: Stack) -> None:
    done = shell.inside("doctor", "--json", **stack.without_workers)
    assert found(done.json["checks"])["workers"] == "warning"
    assert done.status == 0


def test_a_server_that_forgets(shell: Shell, redis_server: RedisServer) -> None:
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
        client.config_set("appendfsync", "everysec")
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            done = shell.inside("doctor", "--json", SMSQ_REDIS_URL=redis_server.url)
            assert found(done.json["checks"])["durability"] == "warning"
            assert found(done.json["checks"])["memory"] == "failed"
            assert done.status == 1
            client.config_set("appendonly", "no")
            done = shell.inside("doctor", "--json", SMSQ_REDIS_URL=redis_server.url)
            assert found(done.json["checks"])["durability"] == "failed"
        finally:
            client.config_set("appendonly", "yes")
            client.config_set("appendfsync", "always")
            client.config_set("maxmemory-policy", "noeviction")


def test_what_is_stuck(shell: Shell, redis_server: RedisServer) -> None:
    with redis.Redis(port=redis_server.port) as client:
        client.flushall()
        client.zadd(keys.HELD, {"c1.0": 1, "c1.1": 2, "m2.0": 3})
        client.hset(
            keys.account("default"),
            mapping={"pause_until": int(time.time() * 1000) + 90_000, "pause_reason": "no_money"},
        )
    done = shell.inside("doctor", SMSQ_REDIS_URL=redis_server.url)
    assert done.status == 1
    assert "warning  held        3 batches" in done.out
    assert "c1, m2" in done.out
    assert "FAILED   account     default is paused for another" in done.out
    assert "no_money" in done.out
