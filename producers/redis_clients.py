"""Connections to Redis: one database for the ledger, the next one for Dramatiq's queues.

Dramatiq's maintenance runs ``KEYS`` over its database, which is why the queues have one of their own. No
client repeats a command by itself: redis-py would do so after a time-out, when the first one may have been
carried out. Whoever calls decides, and every ledger script may be called twice without harm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from producers.errors import SettingsError

#: Seconds. A write with `appendfsync always` on a busy disk may take long, a dead server shows at once.
SOCKET_TIMEOUT = 20.0
CONNECT_TIMEOUT = 5.0
#: Redis has 16 databases unless told otherwise.
DATABASES = 16


@dataclass(frozen=True)
class RedisAddress:
    """A parsed ``SMSQ_REDIS_URL``. ``repr`` shows no password."""

    host: str
    port: int
    db: int
    tls: bool
    username: str | None
    sentinels: tuple[tuple[str, int], ...] = ()
    service: str = ""
    password: str | None = None

    def __repr__(self) -> str:
        return f"RedisAddress({self.label})"

    @property
    def label(self) -> str:
        """Where the server is, fit for logs and errors."""
        if self.sentinels:
            return f"{self.service} through {len(self.sentinels)} sentinels, db {self.db}"
        return f"{self.host}:{self.port}, db {self.db}"

    @property
    def queue_db(self) -> int:
        """The database of the queues: the one after the ledger's."""
        return (self.db + 1) % DATABASES

    @property
    def queue_namespace(self) -> str:
        """Prefix of Dramatiq's keys; the braces keep all of them in one slot of a cluster."""
        return f"{{smsq}}q{self.db}"

    @classmethod
    def parse(cls, url: str) -> RedisAddress:
        """Read ``redis[s]://[user:password@]host[:port][/db]`` or ``redis+sentinel://…/service[/db]``.

        Raises:
            SettingsError: The address can't be read; its text is not repeated, it may hold a password.
        """
        try:
            parts = urlsplit(url)
            path = [part for part in parts.path.split("/") if part]
            sentinel = parts.scheme == "redis+sentinel"
            service = path.pop(0) if sentinel else ""
            query = parse_qs(parts.query)
            db = int(path[0]) if path else int(query.get("db", ["0"])[0])
            netloc = parts.netloc.rpartition("@")[2]
            hosts = tuple(_host_port(part, 26379 if sentinel else 6379) for part in netloc.split(","))
        except (ValueError, IndexError):
            raise SettingsError(
                "SMSQ_REDIS_URL can't be read",
                hint="redis://[user:password@]host:port/db or redis+sentinel://host:port,host:port/service/db",
            ) from None
        if not 0 <= db < DATABASES or (len(hosts) > 1 and not sentinel) or (sentinel and not service):
            raise SettingsError(
                "SMSQ_REDIS_URL names no usable database",
                hint=f"a database number from 0 to {DATABASES - 1}; several hosts only with redis+sentinel",
            )
        return cls(
            host=hosts[0][0],
            port=hosts[0][1],
            db=db,
            tls=parts.scheme == "rediss",
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            sentinels=hosts if sentinel else (),
            service=service,
        )


def _host_port(text: str, default: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    return parts.hostname or "127.0.0.1", parts.port or default


def _options(address: RedisAddress, db: int) -> dict[str, Any]:
    options: dict[str, Any] = {
        "db": db,
        "username": address.username,
        "password": address.password,
        "socket_timeout": SOCKET_TIMEOUT,
        "socket_connect_timeout": CONNECT_TIMEOUT,
        "health_check_interval": 15,
    }
    if address.tls:
        options["ssl"] = True
    return options


def connect(address: RedisAddress, *, queue: bool = False) -> redis.Redis:
    """Make a synchronous client for the ledger, or for the queues. Nothing is sent yet."""
    options = _options(address, address.queue_db if queue else address.db)
    options["retry"] = Retry(NoBackoff(), 0)
    if address.sentinels:
        sentinel: Any = redis.Sentinel(list(address.sentinels), socket_timeout=CONNECT_TIMEOUT)  # type: ignore[no-untyped-call]
        client: redis.Redis = sentinel.master_for(address.service, **options)
        return client
    return redis.Redis(host=address.host, port=address.port, **options)


def connect_async(address: RedisAddress, *, queue: bool = False) -> redis.asyncio.Redis:
    """Make an asyncio client for the ledger, or for the queues. Nothing is sent yet."""
    from redis.asyncio.retry import Retry as AsyncRetry

    options = _options(address, address.queue_db if queue else address.db)
    options["retry"] = AsyncRetry(NoBackoff(), 0)
    if address.sentinels:
        sentinel: Any = redis.asyncio.Sentinel(list(address.sentinels), socket_timeout=CONNECT_TIMEOUT)  # type: ignore[no-untyped-call]
        client: redis.asyncio.Redis = sentinel.master_for(address.service, **options)
        return client
    return redis.asyncio.Redis(host=address.host, port=address.port, **options)
