"""Dramatiq's Redis broker with our connection settings and a bound for each lane."""

from __future__ import annotations

from collections.abc import Mapping

from dramatiq.broker import Consumer
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Middleware

from producers.redis_clients import RedisAddress, connect

#: Chance in a million that a fetch also looks for messages of dead workers. They are only wake-ups, which the
#: timer repeats anyway; this keeps dead workers' sets from piling up (the default would take six minutes).
MAINTENANCE_CHANCE = 20_000


class LaneBroker(RedisBroker):
    """Holds at most so many messages of a lane in one process at a time.

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

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """Consume a queue, but never hold more than the lane's share."""
        return super().consume(queue_name, min(prefetch, self._limits.get(queue_name, 1)), timeout)
