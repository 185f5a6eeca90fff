"""All settings, read in one place and passed in from there.

Sources, the first that has a name wins: the environment, then a file ``.env`` in the working directory.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from producers.errors import SettingsError, UsageError

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
PROVIDERS = ("smsc", "sms2")
POLICIES = ("hold", "probe")

#: Recipients of one request. SMSC documents no limit on phones, on the size of `list` or of a body. The CPU
#: time of a recipient falls by 2.6 from 100 to 500 (0.42 to 0.16 CPU-seconds per 100,000) and hardly beyond,
#: while everything that goes wrong with a request goes wrong for all of its recipients. 500 phones are 6 KB;
#: 500 personal texts of 70 Cyrillic letters 225 KB, below the 1 MB that common web servers accept.
DEFAULT_BATCH_SIZE = 500
#: Pairs of message id and phone in one mass request for their status. SMSC allows one such request a minute
#: and documents no limit on its size. After an outage the 14 requests that were in flight are in doubt, 7,000
#: recipients at 500 each: two requests. 5,000 pairs are 170 KB, below what common web servers accept.
DEFAULT_STATUS_PAIRS = 5_000
#: A batch's records travel through Redis as one value: 10,000 recipients are 200 KB, which still is quick.
MAX_BATCH_SIZE = 10_000


def checked_provider(name: str) -> str:
    """Return a provider's name.

    Raises:
        UsageError: There is no such provider.
    """
    if name not in PROVIDERS:
        raise UsageError(
            f"there is no provider {name[:20]!r}", hint=f"one of {', '.join(PROVIDERS)}", code="provider"
        )
    return name


@dataclass(frozen=True)
class SmscSettings:
    """Access to SMSC.ru for one account. ``repr`` shows no secret.

    Attributes:
        transport: ``form`` or ``json``: how sends go.
        read_method: ``POST`` or ``GET``: how questions go that change nothing.
        charset: ``utf-8``, ``windows-1251`` or ``koi8-r``, of requests and replies.
        mail_host: SMTP server that sends go to when no host can be reached by HTTP; empty: none.
        mail_port: Its port.
    """

    url: str = "https://smsc.ru"
    login: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    batch_size: int = DEFAULT_BATCH_SIZE
    status_pairs: int = DEFAULT_STATUS_PAIRS
    transport: str = "form"
    read_method: str = "POST"
    charset: str = "utf-8"
    mail_host: str = ""
    mail_port: int = 25

    @property
    def has_credentials(self) -> bool:
        """Whether there is enough to log in with."""
        return bool(self.api_key or (self.login and self.password))


@dataclass(frozen=True)
class Sms2Settings:
    """Access to SMS2.ru for one account. ``repr`` shows no secret."""

    url: str = "https://my.sms2.ru"
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def has_credentials(self) -> bool:
        """Whether there is enough to log in with."""
        return bool(self.user and self.password)


@dataclass(frozen=True)
class Settings:
    """Everything that can be configured.

    Attributes:
        redis_url: ``redis://``, ``rediss://`` or ``redis+sentinel://host:port,host:port/service/db``.
        account: Name of the default provider's account that environment variables describe; callbacks use it.
            The other provider's account has the provider's name.
        provider: Default provider.
        sender: Default sender ID; empty leaves the choice to the provider.
        metrics_host: Address of ``/metrics``; loopback unless set.
        metrics_port: Port of ``/metrics``.
        log_format: ``json``, ``console``, or empty: console on a terminal.
        provider_minute: Seconds that the provider's throttle windows last; below 60 only with a simulator.
        key_hours: Hours for which an idempotency key is remembered.
        in_doubt_bulk: What to do with bulk work in doubt at a provider that can't be asked: ``hold`` it for a
            person, or ``probe`` by sending once more, when the provider refuses duplicates.
        in_doubt_urgent: The same for urgent messages.
    """

    redis_url: str = "redis://127.0.0.1:6379/0"
    account: str = "default"
    provider: str = "smsc"
    sender: str = ""
    smsc: SmscSettings = field(default_factory=SmscSettings)
    sms2: Sms2Settings = field(default_factory=Sms2Settings)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 9191
    log_format: str = ""
    provider_minute: float = 60.0
    key_hours: float = 168.0
    in_doubt_bulk: str = "hold"
    in_doubt_urgent: str = "probe"

    def account_of(self, provider: str) -> str:
        """Return the name of the account at a provider: the default provider's is `account`."""
        return self.account if provider == self.provider else provider

    def batch_size_of(self, provider: str) -> int:
        """Return how many recipients go into one request: SMS2 takes one."""
        return self.smsc.batch_size if provider == "smsc" else 1

    def has_credentials_for(self, provider: str) -> bool:
        """Whether there is enough to log in to a provider with."""
        return self.smsc.has_credentials if provider == "smsc" else self.sms2.has_credentials

    @property
    def accounts(self) -> list[tuple[str, str]]:
        """The configured accounts: name and provider; the default one even without credentials."""
        return [
            (self.account_of(provider), provider)
            for provider in PROVIDERS
            if provider == self.provider or self.has_credentials_for(provider)
        ]

    @property
    def reaches_simulators_only(self) -> bool:
        """Whether all providers that may be asked are on loopback."""
        urls = [self.sms2.url] if self.sms2.has_credentials else []
        if self.smsc.has_credentials or not urls:
            urls.append(self.smsc.url)
        return all(urlsplit(url).hostname in LOOPBACK_HOSTS for url in urls)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, *, env_file: Path | None = None) -> Settings:
        """Read the settings.

        Args:
            environ: The environment; the process's own when None.
            env_file: A file of ``NAME=value`` lines; ``.env`` in the working directory when None.

        Raises:
            SettingsError: One or more values are wrong; the message names each of them.
        """
        return _Reader(_merged(os.environ if environ is None else environ, env_file)).settings()


def _merged(environ: Mapping[str, str], env_file: Path | None) -> dict[str, str]:
    path = Path(".env") if env_file is None else env_file
    merged: dict[str, str] = {}
    if path.is_file():
        from dotenv import dotenv_values

        merged = {name: value for name, value in dotenv_values(path).items() if value is not None}
    return merged | dict(environ)


class _Reader:
    """Collects every problem before it complains, so that one run shows all of them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.values.get(name, "").strip() or default

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        raw = self.text(name, str(default))
        try:
            value = float(raw)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            self.problems.append(f"{name}={raw!r}: expected a number from {low:g} to {high:g}")
            return default
        return value

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            self.problems.append(f"{name}={value!r}: expected one of {', '.join(filter(None, allowed))}")
            return default
        return value

    def http_url(self, name: str, default: str) -> str:
        value = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(value)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host, parts = None, urlsplit("")
        if parts.scheme not in {"http", "https"} or not host:
            self.problems.append(f"{name}: expected https://host or, for a simulator, http://127.0.0.1:port")
            return default
        if parts.username or parts.password or parts.query or parts.fragment:
            self.problems.append(f"{name}: credentials and parameters don't belong into the address")
        if parts.scheme == "http" and host not in LOOPBACK_HOSTS and not host.startswith("127."):
            self.problems.append(
                f"{name}: plain http would send the password in clear text; use https (http is for loopback)"
            )
        return value

    def redis_url(self) -> str:
        value = self.text("SMSQ_REDIS_URL", Settings.redis_url)
        if not value.startswith(("redis://", "rediss://", "redis+sentinel://")):
            # The value itself may hold a password: it isn't repeated.
            self.problems.append("SMSQ_REDIS_URL: expected redis://, rediss:// or redis+sentinel://")
        return value

    def mail(self) -> tuple[str, int]:
        host, _, port = self.text("SMSQ_SMSC_MAIL", "").partition(":")
        if (port and not (port.isdecimal() and 0 < int(port) < 65536)) or any(map(str.isspace, host)):
            self.problems.append("SMSQ_SMSC_MAIL: expected host or host:port of an SMTP server")
            return "", 25
        return host, int(port or 25)

    def settings(self) -> Settings:
        mail_host, mail_port = self.mail()
        settings = Settings(
            redis_url=self.redis_url(),
            provider=self.choice("SMSQ_PROVIDER", "smsc", PROVIDERS),
            sender=self.text("SMSQ_SENDER", ""),
            smsc=SmscSettings(
                url=self.http_url("SMSQ_SMSC_URL", SmscSettings.url),
                login=self.text("SMSQ_SMSC_LOGIN", ""),
                password=self.text("SMSQ_SMSC_PASSWORD", ""),
                api_key=self.text("SMSQ_SMSC_API_KEY", ""),
                batch_size=int(
                    self.number("SMSQ_SMSC_BATCH_SIZE", DEFAULT_BATCH_SIZE, low=1, high=MAX_BATCH_SIZE)
                ),
                status_pairs=int(
                    self.number("SMSQ_SMSC_STATUS_PAIRS", DEFAULT_STATUS_PAIRS, low=1, high=100_000)
                ),
                transport=self.choice("SMSQ_SMSC_TRANSPORT", "form", ("form", "json")),
                read_method=self.choice("SMSQ_SMSC_READ_METHOD", "POST", ("POST", "GET")),
                charset=self.choice("SMSQ_SMSC_CHARSET", "utf-8", ("utf-8", "windows-1251", "koi8-r")),
                mail_host=mail_host,
                mail_port=mail_port,
            ),
            sms2=Sms2Settings(
                url=self.http_url("SMSQ_SMS2_URL", Sms2Settings.url),
                user=self.text("SMSQ_SMS2_USER", ""),
                password=self.text("SMSQ_SMS2_PASSWORD", ""),
            ),
            metrics_host=self.text("SMSQ_METRICS_HOST", "127.0.0.1"),
            metrics_port=int(self.number("SMSQ_METRICS_PORT", 9191, low=0, high=65535)),
            log_format=self.choice("SMSQ_LOG_FORMAT", "", ("json", "console", "")),
            provider_minute=self.number("SMSQ_PROVIDER_MINUTE", 60.0, low=0.01, high=3600),
            key_hours=self.number("SMSQ_KEY_HOURS", 168.0, low=0.01, high=24 * 366),
            in_doubt_bulk=self.choice("SMSQ_IN_DOUBT_BULK", "hold", POLICIES),
            in_doubt_urgent=self.choice("SMSQ_IN_DOUBT_URGENT", "probe", POLICIES),
        )
        if self.text("SMSQ_CONFIG", ""):
            self.problems.append(
                "SMSQ_CONFIG: several accounts are not supported yet; use the SMSQ_SMSC_ names"
            )
        if bool(settings.sms2.user) != bool(settings.sms2.password):
            self.problems.append("SMSQ_SMS2_USER and SMSQ_SMS2_PASSWORD go together")
        if settings.smsc.login and not settings.smsc.password and not settings.smsc.api_key:
            self.problems.append("SMSQ_SMSC_LOGIN is set without SMSQ_SMSC_PASSWORD")
        if settings.provider_minute < 60 and not settings.reaches_simulators_only:
            self.problems.append(
                "SMSQ_PROVIDER_MINUTE below 60 would break the real provider's rules; it is for a simulator"
            )
        if self.problems:
            raise SettingsError(
                "; ".join(self.problems),
                hint="correct the environment or .env; docs/settings.md lists the names",
            )
        return settings
