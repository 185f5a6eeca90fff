"""What ``smsq doctor`` wants of the Redis server: reachable, new enough, durable, never forgetful.

A check never raises: what it can't find out is a finding too.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from producers.errors import Unavailable
from producers.ledger.calls import Call
from producers.ledger.store import Store
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from worker.cli.finding import FAILED, OK, WARNING, Finding

#: Seconds between this machine's clock and the server's that do no harm: the ledger uses the server's alone.
_CLOCK = 2.0
#: The oldest Redis with everything that the ledger's scripts use, and that still gets corrections.
_OLDEST = 7
#: Part of maxmemory in use from which it is time to do something.
_NEARLY_FULL = 0.8


def check_redis(settings: Settings) -> list[Finding]:
    """Look at the server; the finding named ``redis`` has failed when it can't be reached."""
    address = RedisAddress.parse(settings.redis_url)
    with closing(Store(address)) as store:
        try:
            before = time.time()
            seconds, microseconds = store.run(Call(("TIME",), _moment))
            after = time.time()
            info = store.run(Call(("INFO",), _info))
        except Unavailable as error:
            return [Finding("redis", FAILED, f"{error.message} at {address.label}", error.hint)]
        return [
            _version(info, address),
            _queue_database(store),
            *_durability(store),
            *_memory(store, info),
            _clock(seconds + microseconds / 1e6, before, after),
        ]


def _version(info: Mapping[str, str], address: RedisAddress) -> Finding:
    kind = "Valkey" if info.get("server_name") == "valkey" or "valkey_version" in info else "Redis"
    version = info.get("valkey_version") or info.get("redis_version", "")
    where = f"{kind} {version} at {address.label}"
    if info.get("role", "master") != "master":
        return Finding("redis", FAILED, f"{where} is a replica", "point SMSQ_REDIS_URL at the primary server")
    major = re.match(r"\d+", version)
    if major is None or int(major[0]) < _OLDEST:
        return Finding("redis", FAILED, f"{where} is too old", f"Redis {_OLDEST} or Valkey is needed")
    return Finding("redis", OK, where)


def _queue_database(store: Store) -> Finding:
    number = store.address.queue_db
    try:
        store.run(Call(("PING",), bool, queue=True))
    except Unavailable as error:
        return Finding(
            "databases",
            FAILED,
            f"database {number}, for the queues, can't be used: {error.message}",
            "the server needs two databases side by side; a cluster has only one",
        )
    return Finding("databases", OK, f"{store.address.db} for the ledger, {number} for the queues")


def _durability(store: Store) -> Iterator[Finding]:
    name = "durability"
    try:
        config = store.run(Call(("CONFIG", "GET", "append*"), _pairs))
    except Unavailable:
        yield Finding(
            name,
            WARNING,
            "the server doesn't tell its configuration",
            "make sure that it has appendonly yes and appendfsync always",
        )
        return
    fsync = config.get("appendfsync", "")
    if config.get("appendonly") != "yes":
        yield Finding(
            name,
            FAILED,
            "appendonly is off: after a crash of the server messages are lost or sent twice",
            "set appendonly yes and appendfsync always, as smsq redis does",
        )
    elif fsync == "always":
        yield Finding(name, OK, "every write is on the disk before it is acknowledged")
    else:
        yield Finding(
            name,
            WARNING if fsync == "everysec" else FAILED,
            f"appendfsync is {fsync}: what the last moments before a power cut had written may be sent twice",
            "set appendfsync always: it costs about a fifth of the speed",
        )


def _memory(store: Store, info: Mapping[str, str]) -> Iterator[Finding]:
    name = "memory"
    try:
        policy = store.run(Call(("CONFIG", "GET", "maxmemory-policy"), _pairs)).get("maxmemory-policy", "")
    except Unavailable:
        policy = info.get("maxmemory_policy", "")
    used, limit = int(info.get("used_memory", "0")), int(info.get("maxmemory", "0"))
    megabytes = f"{used / 1e6:.0f} MB used"
    if policy != "noeviction":
        yield Finding(
            name,
            FAILED,
            f"maxmemory-policy is {policy or 'unknown'}: a full server would forget messages",
            "set maxmemory-policy noeviction",
        )
    elif limit and used > limit * _NEARLY_FULL:
        yield Finding(
            name,
            WARNING,
            f"{megabytes} of {limit / 1e6:.0f} MB: a full server takes nothing more",
            "raise maxmemory",
        )
    else:
        yield Finding(name, OK, f"{megabytes}, nothing is evicted")


def _clock(server: float, before: float, after: float) -> Finding:
    difference = max(0.0, before - server, server - after)
    if difference > _CLOCK:
        return Finding(
            "clock",
            WARNING,
            f"this machine's clock and the server's differ by {difference:.1f} s: times in reports are off",
            "synchronise both with NTP",
        )
    return Finding("clock", OK, "agrees with the server's")


def _pairs(reply: Any) -> dict[str, str]:
    # RESP2 gives a flat list, RESP3 a mapping.
    items = reply.items() if isinstance(reply, dict) else zip(reply[::2], reply[1::2], strict=True)
    return {_word(name): _word(value) for name, value in items}


def _info(reply: Any) -> dict[str, str]:
    if isinstance(reply, dict):
        return {_word(name): _word(value) for name, value in reply.items()}
    lines = (line.partition(":") for line in _word(reply).splitlines() if ":" in line)
    return {name: value for name, _, value in lines}


def _moment(reply: Any) -> tuple[int, int]:
    return int(reply[0]), int(reply[1])


def _word(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
