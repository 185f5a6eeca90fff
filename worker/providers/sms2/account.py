"""One account at SMS2: where it is and how to log in. Its `repr` shows no secret."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from yarl import URL

DEFAULT_URL = "https://my.sms2.ru"

#: Of forms and replies (SMS2 protocol; [bitrix] for the replies).
CHARSET = "windows-1251"


@dataclass(frozen=True, slots=True)
class Sms2Account:
    """Access to SMS2 for one account.

    Attributes:
        url: Scheme and host, and a path if the provider is reached through one; `/sms.cgi` is added.
        user: The account's login.
        password: Its password, plain.

    Raises:
        ValueError: The address can't be used, there is nothing to log in with, or windows-1251 has not all
            letters of it.
    """

    url: str = DEFAULT_URL
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.user or not self.password:
            raise ValueError("SMS2 account: set user and password")
        try:
            f"{self.user}{self.password}".encode(CHARSET)
        except UnicodeEncodeError:
            raise ValueError("SMS2 account: user or password can't be written in windows-1251") from None
        _check_address(self.url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be passed on, should the provider ever repeat it."""
        return (self.password, self.user)


def _check_address(text: str) -> None:
    try:
        url = URL(text)
    except ValueError:
        raise ValueError("SMS2 address: not a URL") from None
    if url.scheme not in {"http", "https"} or not url.raw_host:
        raise ValueError("SMS2 address: expected https://host")
    if url.raw_user or url.raw_password or url.raw_query_string or url.raw_fragment:
        raise ValueError("SMS2 address: credentials and parameters don't belong into it")
    if url.scheme == "http" and not _is_loopback(url.host or ""):
        raise ValueError("SMS2 address: plain http would send the password in clear text; use https")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
