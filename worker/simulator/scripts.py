"""Literal replies that were ordered beforehand, a queue for each endpoint."""

import base64
import binascii
from collections import deque
from collections.abc import Collection
from typing import Any

from worker.simulator.calls import Reply

_CODECS = {"windows-1251": "cp1251", "utf-8": "utf-8", "koi8-r": "koi8-r"}
_MEMBERS = {"endpoint", "status", "headers", "body", "body_base64", "charset"}


class ScriptError(ValueError):
    """An ordered reply can't be read; the message says why."""


class Scripts:
    """The queues.

    Args:
        endpoints: the scripts that exist.
    """

    def __init__(self, endpoints: Collection[str]) -> None:
        self._queues: dict[str, deque[Reply]] = {endpoint: deque() for endpoint in endpoints}

    def read(self, entries: Any) -> list[tuple[str, Reply]]:
        """Read a list of entries from JSON without queueing them.

        Args:
            entries: objects with ``endpoint``, ``body`` (text) or ``body_base64``, and if wanted ``status``
                (200), ``headers`` and ``charset`` (utf-8) to encode the text with. The Content-Type is
                application/octet-stream unless ``headers`` has one.

        Returns:
            Endpoints and their replies.

        Raises:
            ScriptError: an entry is wrong.
        """
        if not isinstance(entries, list):
            raise ScriptError("script: expected a list of objects")
        return [self._read_entry(number, entry) for number, entry in enumerate(entries)]

    def order(self, replies: list[tuple[str, Reply]]) -> None:
        """Queue replies."""
        for endpoint, reply in replies:
            self._queues[endpoint].append(reply)

    def next(self, endpoint: str) -> Reply | None:
        """Take the next reply ordered for an endpoint, if there is one."""
        queue = self._queues.get(endpoint)
        return queue.popleft() if queue else None

    def pending(self) -> dict[str, int]:
        """Tell how many replies wait for each endpoint."""
        return {endpoint: len(queue) for endpoint, queue in self._queues.items() if queue}

    def clear(self) -> None:
        """Forget all ordered replies."""
        for queue in self._queues.values():
            queue.clear()

    def _read_entry(self, number: int, entry: Any) -> tuple[str, Reply]:
        where = f"script[{number}]"
        if not isinstance(entry, dict):
            raise ScriptError(f"{where}: expected an object")
        if unknown := set(entry) - _MEMBERS:
            raise ScriptError(f"{where}: unknown member {min(unknown)!r}")
        endpoint = entry.get("endpoint")
        if endpoint not in self._queues:
            raise ScriptError(
                f"{where}: there is no endpoint {endpoint!r}; there are {', '.join(self._queues)}"
            )
        status, headers = entry.get("status", 200), entry.get("headers", {})
        if not isinstance(status, int) or not 200 <= status <= 599:
            raise ScriptError(f"{where}: status must be between 200 and 599")
        if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
            raise ScriptError(f"{where}: headers must be an object of strings")
        return endpoint, Reply(_read_body(where, entry), "", status, headers=headers)


def _read_body(where: str, entry: dict[str, Any]) -> bytes:
    encoded, text = entry.get("body_base64"), entry.get("body", "")
    try:
        if encoded is not None:
            return base64.b64decode(encoded, validate=True)
        return str(text).encode(_CODECS[entry.get("charset", "utf-8")])
    except KeyError:
        raise ScriptError(f"{where}: charset must be one of {', '.join(_CODECS)}") from None
    except (binascii.Error, TypeError):
        raise ScriptError(f"{where}: body_base64 is not base64") from None
    except UnicodeEncodeError as error:
        raise ScriptError(f"{where}: the body has characters that {error.encoding} lacks") from None
