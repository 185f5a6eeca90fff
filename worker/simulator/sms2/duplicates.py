"""What was taken lately, so that the same message to the same number is refused."""

from collections import deque


class Duplicates:
    """Remembers pairs of phone and text.

    The same text is the same message, whoever is its sender and whether it is a flash message or not; only
    what was taken counts; and a refused duplicate doesn't prolong the time [all assumed].

    Args:
        seconds: how long a message counts; 0 or less for not at all.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._known: set[tuple[str, str]] = set()
        self._order: deque[tuple[float, tuple[str, str]]] = deque()

    def holds(self, phone: str, text: str, now: float) -> bool:
        """Tell whether this message was taken lately."""
        while self._order and now - self._order[0][0] >= self._seconds:
            self._known.discard(self._order.popleft()[1])
        return (phone, text) in self._known

    def add(self, phone: str, text: str, now: float) -> None:
        """Remember a message that was taken and that ``holds`` has just denied."""
        if self._seconds > 0:
            self._known.add((phone, text))
            self._order.append((now, (phone, text)))

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()
        self._order.clear()
