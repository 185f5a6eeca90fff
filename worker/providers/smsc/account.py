"""One account at SMSC: where it is and how to log in. Its `repr` shows no secret."""

from __future__ import annotations

from dataclasses import dataclass, field

from yarl import URL

DEFAULT_URL = "https://smsc.ru"


@dataclass(frozen=True, slots=True)
class SmscAccount:
    """Access to SMSC for one account.

    Attributes:
        url: Scheme and host, and a path if the provider is reached through one; `/sys/send.php` is added.
        login: The account's login, with ``password``.
        password: The account's password at the API, plain.
        api_key: A key instead of the two; it wins when all are set.

    Raises:
        ValueError: The address can't be used, or there is nothing to log in with.
    """

    url: str = DEFAULT_URL
    login: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.api_key and not (self.login and self.password):
            raise ValueError("SMSC account: set login and password, or an API key")
        base_url(self.url)


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
