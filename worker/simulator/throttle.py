"""The limits a provider enforces: how often, how many at once, and who is locked out."""

from collections import Counter, deque
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class SlidingWindow:
    """Lets ``limit`` events with the same key pass in any ``seconds``.

    A refused event is not remembered [assumed]: asking again too early doesn't put the moment off at which
    the next one passes. An event that is exactly ``seconds`` old no longer counts [assumed].

    Args:
        limit: events allowed in a window.
        seconds: how long an event counts.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._times: dict[Hashable, deque[float]] = {}
        self._order: deque[tuple[float, Hashable]] = deque()

    def admit(self, key: Hashable, now: float) -> bool:
        """Record one event, unless the window is full.

        Args:
            key: what makes two events alike.
            now: seconds; must not go backwards.

        Returns:
            False when the event is one too many.
        """
        self._forget(now)
        times = self._times.get(key)
        if times is None:
            times = self._times[key] = deque()
        elif len(times) >= self._limit:
            return False
        times.append(now)
        self._order.append((now, key))
        return True

    def clear(self) -> None:
        """Forget everything."""
        self._times.clear()
        self._order.clear()

    def _forget(self, now: float) -> None:
        while self._order and now - self._order[0][0] >= self._seconds:
            key = self._order.popleft()[1]
            times = self._times[key]
            times.popleft()
            if not times:
                del self._times[key]


class Presence:
    """Counts who is inside at this moment, by key."""

    def __init__(self) -> None:
        self._inside: Counter[str] = Counter()

    @contextmanager
    def enter(self, key: str) -> Iterator[int]:
        """Stay inside for the length of a ``with`` block.

        Args:
            key: which room is entered.

        Yields:
            How many are inside now, this one included.
        """
        self._inside[key] += 1
        try:
            yield self._inside[key]
        finally:
            self._inside[key] -= 1
            if not self._inside[key]:
                del self._inside[key]


class LockOut:
    """Shuts out an address that failed ``limit`` times within ``window`` seconds, for ``penalty`` seconds.

    Args:
        limit: failures that are one too many.
        window: seconds within which they must fall.
        penalty: seconds of the lock-out.
        in_a_row: a success in between starts the count again.
    """

    def __init__(self, limit: int, window: float, penalty: float, *, in_a_row: bool) -> None:
        self._limit = limit
        self._window = window
        self._penalty = penalty
        self._in_a_row = in_a_row
        self._failures: dict[str, deque[float]] = {}
        self._until: dict[str, float] = {}

    def is_out(self, address: str, now: float) -> bool:
        """Tell whether the address is shut out at ``now`` (seconds)."""
        until = self._until.get(address)
        if until is None:
            return False
        if now >= until:
            del self._until[address]
            return False
        return True

    def failed(self, address: str, now: float) -> None:
        """Record a failure of the address at ``now`` (seconds)."""
        failures = self._failures.setdefault(address, deque(maxlen=self._limit))
        failures.append(now)
        if len(failures) == self._limit and now - failures[0] < self._window:
            self._until[address] = now + self._penalty
            failures.clear()

    def succeeded(self, address: str) -> None:
        """Record a success of the address."""
        if self._in_a_row:
            self._failures.pop(address, None)

    def clear(self) -> None:
        """Forget all failures and let everybody in again."""
        self._failures.clear()
        self._until.clear()
