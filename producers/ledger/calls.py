"""Calls to Redis as values, so that the synchronous and the asyncio library share every line but the wire.

A function of the ledger returns a `Call`: the command and how to read its reply; `store` carries it out. A
`Flow` is a generator that yields lists of calls and receives their replies: a whole producer method, written
once for both worlds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Flow = Generator[list["Call[Any]"], list[Any], T]


LUA = Path(__file__).parent / "lua"


class Script:
    """A Lua script with its digest."""

    def __init__(self, path: Path) -> None:
        self.source = path.read_text("utf-8")
        # Redis names scripts by SHA-1; nothing is protected by it.
        self.sha = hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()


@cache
def _script(directory: Path, name: str) -> Script:
    return Script(directory / f"{name}.lua")


class Call(Generic[T]):
    """One command and how to read its reply. Every call may be repeated without harm.

    Attributes:
        command: The command with its arguments.
        queue: Whether it goes to the database of the queues instead of the ledger's.
    """

    __slots__ = ("_parse", "_script", "command", "queue")

    def __init__(
        self,
        command: Sequence[Any],
        parse: Callable[[Any], T],
        *,
        lua: Script | None = None,
        queue: bool = False,
    ) -> None:
        self.command = command
        self.queue = queue
        self._parse = parse
        self._script = lua

    @classmethod
    def lua(
        cls,
        name: str,
        keys: Sequence[str],
        args: Sequence[Any],
        parse: Callable[[Any], T],
        *,
        queue: bool = False,
        directory: Path = LUA,
    ) -> Call[T]:
        """Make a call of the script ``name.lua`` in a directory."""
        lua = _script(directory, name)
        return cls(("EVALSHA", lua.sha, len(keys), *keys, *args), parse, lua=lua, queue=queue)

    @property
    def command_with_source(self) -> Sequence[Any]:
        """The command for a server that doesn't know the script yet."""
        if self._script is None:
            return self.command
        return ("EVAL", self._script.source, *self.command[2:])

    def parse(self, reply: Any) -> T:
        """Read the reply."""
        return self._parse(reply)
