"""The provider's hosts: the main one and its documented stand-ins, and which of them answered last."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.request import getproxies, proxy_bypass

from yarl import URL

from worker.providers.smsc.account import base_url

#: Stand-ins in the official library's order: `www2.` to `www5.` before the domain (SMSC protocol, hosts).
BACKUP_PREFIXES = ("www2.", "www3.", "www4.", "www5.")

#: Only these have stand-ins: login and texts must not go to whoever answers for `www2.` of another name.
DOMAINS = ("smsc.ru", "smsc.kz", "smsc.ua", "smsc.tj", "smscentre.com")

#: Seconds for which a stand-in that answered is asked first; then the main host gets another chance.
MEMORY = 60.0


@dataclass(frozen=True, slots=True)
class Host:
    """One address of the provider; ``label`` is ``main`` or ``backup1`` and so on, for logs."""

    label: str
    base: URL
    proxy: URL | None = None

    def url(self, path: str, query: str = "") -> URL:
        """Return the address of a script; a query is taken as it is, encoded."""
        address = self.base.with_path(self.base.path.rstrip("/") + path)
        return URL(f"{address}?{query}", encoded=True) if query else address


class Hosts:
    """The hosts in the order in which a request should try them."""

    def __init__(self, urls: Sequence[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._hosts = tuple(
            Host(f"backup{number}" if number else "main", base, env_proxy(base))
            for number, base in enumerate(map(base_url, urls))
        )
        self._clock = clock
        self._first = 0
        self._until = 0.0

    def order(self) -> tuple[Host, ...]:
        """Return all hosts, the one to try first in front."""
        if self._first and self._clock() >= self._until:
            self._first = 0
        return self._hosts[self._first :] + self._hosts[: self._first]

    def answered(self, host: Host) -> None:
        """Remember a host that answered, so that the next request doesn't wait for a dead one first."""
        position = self._hosts.index(host)
        if position != self._first:
            self._first = position
            # Not prolonged by later answers: else the main host would never be asked again under load.
            self._until = self._clock() + MEMORY


def with_backups(url: str) -> tuple[str, ...]:
    """Return an address and those of the documented stand-ins, if it has any."""
    main = base_url(url)
    domain = main.host or ""
    own = any(domain == name or domain.endswith(f".{name}") for name in DOMAINS)
    if not own or not main.is_default_port() or domain.startswith("www"):
        return (url,)
    return (url, *[str(main.with_host(prefix + domain)) for prefix in BACKUP_PREFIXES])


def env_proxy(url: URL) -> URL | None:
    """Return the proxy that the environment names for an address (``https_proxy``, ``no_proxy``).

    Asked once a host: aiohttp's own ``trust_env`` asks in two threads at every request, which was measured to
    triple the CPU time of a small one (290 us), and sends what it finds in ``.netrc``.

    Raises:
        ValueError: The environment names something else than an http proxy.
    """
    # A simulator on this machine is never behind a proxy.
    if not url.host or url.host == "localhost" or url.host.startswith("127.") or proxy_bypass(url.host):
        return None
    named = getproxies().get(url.scheme)
    if not named:
        return None
    proxy = URL(named if "://" in named else f"http://{named}")
    if proxy.scheme not in {"http", "https"} or not proxy.host:
        # The value may hold a password: it isn't repeated.
        raise ValueError(f"{url.scheme}_proxy: expected http://host:port")
    return proxy
