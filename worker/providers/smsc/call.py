"""One request to the provider before it is written: a script and its parameters."""

from __future__ import annotations

import re
from typing import NamedTuple

SEND_PATH = "/sys/send.php"
STATUS_PATH = "/sys/status.php"
BALANCE_PATH = "/sys/balance.php"
GET_PATH = "/sys/get.php"
INFO_PATH = "/sys/info.php"
WAIT_CALL_PATH = "/sys/wait_call.php"
RECEIVE_PHONES_PATH = "/sys/receive_phones.php"
DOWNLOADS_PATH = "/sys/downloads.php"

#: The variant of `SEND_PATH` that takes a JSON object (SMSC protocol, hosts and transport).
JSON_SEND_PATH = "/rest/send/"

Parameters = list[tuple[str, str]]


#: What separates several ids or names.
_SEPARATORS = re.compile(r"[,;\s]")


class Call(NamedTuple):
    """A script and what goes with it, without the credentials.

    Attributes:
        path: The script.
        parameters: Names and values, each name once.
        files: Names and contents of files.
        raw: The text is bytes, written as the characters of the same numbers.
        reads: Nothing changes at the provider and nothing costs money, so that it may go by GET.
    """

    path: str
    parameters: Parameters
    files: tuple[tuple[str, bytes], ...] = ()
    raw: bool = False
    reads: bool = False

    def __repr__(self) -> str:
        return f"Call({self.path!r})"


class UnsendableError(ValueError):
    """A request can't be written as the provider would have to read it. ``reason`` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def single(name: str, reason: str = "bad_recipient") -> str:
    """Return an id or a name that the provider reads as one.

    Raises:
        UnsendableError: It is empty, or would be read as several: more than was asked for would be done.
    """
    if not name or _SEPARATORS.search(name):
        raise UnsendableError(reason)
    return name
