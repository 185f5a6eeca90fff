"""Carrying calls out: `Store` for synchronous callers, `AsyncStore` for asyncio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import redis
import redis.asyncio
from redis.exceptions import NoScriptError

from producers.errors import Unavailable
from producers.ledger.calls import Call, Flow
from producers.redis_clients import RedisAddress, connect, connect_async

T = TypeVar("T")


@contextmanager
def _our_errors() -> Iterator[None]:
    """Turn Redis' errors into ours: texts that say what to do and hold no argument of the command."""
    try:
        yield
    except redis.exceptions.OutOfMemoryError:
        raise Unavailable(
            "Redis is full (maxmemory reached); nothing was written",
            hint="free memory or raise maxmemory, then repeat",
            code="redis_full",
        ) from None
    except redis.exceptions.AuthenticationError:
        raise Unavailable(
            "Redis refuses the user name or password", hint="check SMSQ_REDIS_URL", code="redis_auth"
        ) from None
    except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError, OSError) as error:
        raise Unavailable(
            f"Redis can't be reached ({type(error).__name__})",
            hint="start it (smsq redis) or check SMSQ_REDIS_URL; repeat a send only with the same key",
        ) from None
    except redis.exceptions.RedisError as error:
        # The first word of Redis' error texts is their class (READONLY, MISCONF, LOADING).
        word = str(error).split(" ", 1)[0][:40]
        raise Unavailable(f"Redis refuses the command ({type(error).__name__}, {word})") from None


def _command(client: Any) -> Callable[..., Any]:
    # redis-py's own annotation is missing here.
    return client.execute_command  # type: ignore[no-any-return]


def _checked(replies: Sequence[Any]) -> list[Any]:
    for reply in replies:
        if isinstance(reply, Exception):
            raise reply
    return list(replies)


class Store:
    """The ledger's and the queues' database, for synchronous callers. May be shared by threads."""

    def __init__(self, address: RedisAddress) -> None:
        self.address = address
        self.ledger = connect(address)
        self.queues = connect(address, queue=True)

    def _client(self, call: Call[Any]) -> redis.Redis:
        return self.queues if call.queue else self.ledger

    def run(self, call: Call[T]) -> T:
        """Carry out one call.

        Raises:
            Unavailable: Redis can't be reached, is full or refuses.
        """
        client = self._client(call)
        with _our_errors():
            try:
                reply = _command(client)(*call.command)
            except NoScriptError:
                reply = _command(client)(*call.command_with_source)
        return call.parse(reply)

    def run_all(self, calls: Sequence[Call[Any]]) -> list[Any]:
        """Carry out several calls to one database in one round trip; each is atomic, together they are not.

        Raises:
            Unavailable: Redis can't be reached, is full or refuses one of them.
        """
        if len(calls) == 1:
            return [self.run(calls[0])]
        if not calls:
            return []
        client = self._client(calls[0])
        with _our_errors():
            pipeline = client.pipeline(transaction=False)
            for call in calls:
                _command(pipeline)(*call.command)
            replies = pipeline.execute(raise_on_error=False)
            for index, reply in enumerate(replies):
                if isinstance(reply, NoScriptError):
                    replies[index] = _command(client)(*calls[index].command_with_source)
            replies = _checked(replies)
        return [call.parse(reply) for call, reply in zip(calls, replies, strict=True)]

    def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end; an `Unavailable` of one of its steps is raised inside it."""
        try:
            calls = next(flow)
            while True:
                try:
                    replies = self.run_all(calls)
                except Unavailable as error:
                    calls = flow.throw(error)
                else:
                    calls = flow.send(replies)
        except StopIteration as stop:
            return cast("T", stop.value)

    def close(self) -> None:
        """Close the connections."""
        self.ledger.close()
        self.queues.close()


class AsyncStore:
    """The ledger's and the queues' database, for asyncio. Belongs to one event loop."""

    def __init__(self, address: RedisAddress) -> None:
        self.address = address
        self.ledger = connect_async(address)
        self.queues = connect_async(address, queue=True)

    def _client(self, call: Call[Any]) -> redis.asyncio.Redis:
        return self.queues if call.queue else self.ledger

    async def run(self, call: Call[T]) -> T:
        """Carry out one call.

        Raises:
            Unavailable: Redis can't be reached, is full or refuses.
        """
        client = self._client(call)
        with _our_errors():
            try:
                reply = await _command(client)(*call.command)
            except NoScriptError:
                reply = await _command(client)(*call.command_with_source)
        return call.parse(reply)

    async def run_all(self, calls: Sequence[Call[Any]]) -> list[Any]:
        """Carry out several calls to one database in one round trip; each is atomic, together they are not.

        Raises:
            Unavailable: Redis can't be reached, is full or refuses one of them.
        """
        if len(calls) == 1:
            return [await self.run(calls[0])]
        if not calls:
            return []
        client = self._client(calls[0])
        with _our_errors():
            pipeline = client.pipeline(transaction=False)
            for call in calls:
                _command(pipeline)(*call.command)
            replies = await pipeline.execute(raise_on_error=False)
            for index, reply in enumerate(replies):
                if isinstance(reply, NoScriptError):
                    replies[index] = await _command(client)(*calls[index].command_with_source)
            replies = _checked(replies)
        return [call.parse(reply) for call, reply in zip(calls, replies, strict=True)]

    async def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end; an `Unavailable` of one of its steps is raised inside it."""
        try:
            calls = next(flow)
            while True:
                try:
                    replies = await self.run_all(calls)
                except Unavailable as error:
                    calls = flow.throw(error)
                else:
                    calls = flow.send(replies)
        except StopIteration as stop:
            return cast("T", stop.value)

    async def close(self) -> None:
        """Close the connections."""
        await self.ledger.aclose()
        await self.queues.aclose()
