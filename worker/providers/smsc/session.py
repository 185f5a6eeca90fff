"""Time-outs, and the session that all clients of a process share."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp

from worker.providers.smsc.failures import trace_config

#: Connections of one process to one host. SMSC refuses the fifteenth simultaneous request of a login; the
#: governor keeps to that for all processes, this is a second line for one account.
CONNECTIONS_PER_HOST = 14

#: Seconds for which an idle connection is kept. Web servers close theirs after 5 s and more; a request
#: written onto a connection at the moment when it is closed is in doubt, which costs more than a handshake.
KEEP_ALIVE = 4.0


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds.

    Attributes:
        total: One attempt as a whole.
        read: Between two pieces of a reply, so also from the request to the reply's first byte. Below
            ``total``, so that the two are told apart.
        connect: Name look-up, TCP and TLS of a call's first attempt, as in the official library.
        connect_step: What each further attempt gets more: 4, 5, 6, 7, 8 s.
        search: After this no further host is tried.
    """

    total: float = 30.0
    read: float = 25.0
    connect: float = 4.0
    connect_step: float = 1.0
    search: float = 30.0

    @property
    def longest_call(self) -> float:
        """The longest that a call can last: a lease on a batch being sent must last longer.

        The second more is the event loop's: it rounds long time-outs up.
        """
        return self.search + self.total + 1.0

    def for_attempt(self, number: int, *, endless: bool = False) -> aiohttp.ClientTimeout:
        """Return the limits of an attempt, counted from 1; ``endless``: as a whole it may last any time."""
        connect = self.connect + self.connect_step * (number - 1)
        return aiohttp.ClientTimeout(
            total=None if endless else self.total, connect=connect, sock_connect=connect, sock_read=self.read
        )


def create_session(
    *, connections_per_host: int = CONNECTIONS_PER_HOST, connections: int = 100, gets: bool = False
) -> aiohttp.ClientSession:
    """Return a session for a process's whole life; to be called on the event loop, and closed there.

    TLS certificates are verified, cookies are dropped, and proxies are each host's own matter.

    Args:
        connections_per_host: Simultaneous connections to one host; more when several accounts share it.
        connections: Simultaneous connections altogether.
        gets: Some account reads by GET: its last look before the first byte takes more watching.
    """
    connector = aiohttp.TCPConnector(
        limit=connections,
        limit_per_host=connections_per_host,
        keepalive_timeout=KEEP_ALIVE,
        ttl_dns_cache=60,
    )
    return aiohttp.ClientSession(
        connector=connector,
        timeout=Timeouts().for_attempt(1),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        trace_configs=[trace_config(gets=gets)],
    )
