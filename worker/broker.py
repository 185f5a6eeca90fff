"""Dramatiq's Redis broker with our connection settings and a bound for each lane."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from dramatiq.broker import Consumer
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.message import Message
from dramatiq.middleware import Middleware
from redis.exceptions import RedisError

from producers.redis_clients import RedisAddress, connect

#: Chance in a million that a fetch also looks for messages of dead workers. They are only wake-ups, which the
#: timer repeats anyway; this keeps dead workers' sets from piling up (the default would take six minutes).
MAINTENANCE_CHANCE = 20_000


class LaneConsumer(_RedisConsumer):
    """Gives back what it has fetched and never handed out: Dramatiq forgets it.

    These are wake-ups, which the timer repeats, but only after seconds: a graceful restart would make a
    campaign stand still for so long.
    """

    def close(self) -> None:
        """Put the fetched messages back on the queue."""
        fetched = [Message.decode(data) for data in self.message_cache if data is not None]
        self.message_cache = []
        with suppress(RedisError):
            self.requeue(fetched)  # type: ignore[no-untyped-call]
        super().close()


class LaneBroker(RedisBroker):
    """Holds at most so many messages of a lane in one process at a time.

    Its queues have no delay queues beside them: nothing is ever delayed there, and a consumer that looks into
    an empty queue ten times a second costs as much as one that works.

    Args:
        address: Where Redis is.
        middleware: The complete list; none is added.
        limits: Most messages by lane, from fetching to acknowledgement.
    """

    def __init__(
        self, address: RedisAddress, *, middleware: list[Middleware], limits: Mapping[str, int]
    ) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            client=connect(address, queue=True),
            middleware=middleware,
            namespace=address.queue_namespace,
            maintenance_chance=MAINTENANCE_CHANCE,
        )
        self._limits = dict(limits)

    @property
    def consumer_class(self) -> type[LaneConsumer]:
        """What reads a queue."""
        return LaneConsumer

    def declare_queue(self, queue_name: str) -> None:
        """Declare a queue without its delay queue."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """Consume a queue, but never hold more than the lane's share."""
        return super().consume(queue_name, min(prefetch, self._limits.get(queue_name, 1)), timeout)
