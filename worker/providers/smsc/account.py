"""One account at SMSC: where it is and how to log in. Its `repr` shows no secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from yarl import URL

DEFAULT_URL = "https://smsc.ru"

Charset = Literal["utf-8", "windows-1251", "koi8-r"]


@dataclass(frozen=True, slots=True)
class SmscAccount:
    """Access to SMSC for one account.

    Attributes:
        url: Scheme and host, and a path if the provider is reached through one; `/sys/send.php` is added.
        login: The account's login, with ``password``.
        password: The account's password at the API, plain.
        api_key: A key instead of the two; it wins when all are set.
        transport: Sends go as a form, or as a JSON object; those with files and raw bytes as a form always.
        read_method: How questions go that change nothing; with GET, login and phones stand in the address,
            and the session is to be made for it (``create_session(gets=True)``).
        mail_host: SMTP server for sends when no host can be reached by HTTP; empty: none.
        mail_port: Its port.
        charset: Of requests and replies; JSON objects are in UTF-8 whatever it is.

    Raises:
        ValueError: The address can't be used, there is nothing to log in with, or the charset has not all
            letters of login, password or key.
    """

    url: str = DEFAULT_URL
    login: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    transport: Literal["form", "json"] = field(default="form", repr=False)
    read_method: Literal["POST", "GET"] = field(default="POST", repr=False)
    charset: Charset = field(default="utf-8", repr=False)
    mail_host: str = field(default="", repr=False)
    mail_port: int = field(default=25, repr=False)

    def __post_init__(self) -> None:
        if not self.api_key and not (self.login and self.password):
            raise ValueError("SMSC account: set login and password, or an API key")
        base_url(self.url)
        if self.charset not in {"utf-8", "windows-1251", "koi8-r"}:
            raise ValueError("SMSC account: charset is utf-8, windows-1251 or koi8-r")
        if self.transport not in {"form", "json"} or self.read_method not in {"POST", "GET"}:
            raise ValueError("SMSC account: transport is form or json, read_method POST or GET")
        try:
            f"{self.login}{self.password}{self.api_key}".encode(self.charset)
        except UnicodeEncodeError:
            raise ValueError("SMSC account: login, password or key can't be written in the charset") from None


def base_url(text: str) -> URL:
    """Return the address of an SMSC host, without a slash at its end.

    Raises:
        ValueError: It isn't plain http or https, or carries credentials, which would end up in logs.
    """
    try:
        url = URL(text.rstrip("/"))
    except ValueError:
        raise ValueError("SMSC address: not a URL") from None
    if url.scheme not in {"http", "https"} or not url.raw_host:
        raise ValueError("SMSC address: expected https://host")
    if url.raw_user or url.raw_password or url.raw_query_string or url.raw_fragment:
        raise ValueError("SMSC address: credentials and parameters don't belong into it")
    return url
