"""What came in at one provider's door: requests, errors, faults, scripted replies, and the last requests."""

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

Ring = deque[Mapping[str, Any]]
"""The last requests, of all providers together, oldest first."""


class Traffic:
    """Counters of requests by endpoint.

    Args:
        ring: gets the requests' details.
    """

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._requests: Counter[str] = Counter()
        self._errors: dict[str, Counter[str]] = {}
        self._faults: Counter[str] = Counter()
        self._scripted: Counter[str] = Counter()
        self._simultaneous: dict[str, int] = {}

    def saw_request(self, endpoint: str, simultaneous: int) -> None:
        """Count a request to an endpoint with so many inside at once."""
        self._requests[endpoint] += 1
        if simultaneous > self._simultaneous.get(endpoint, 0):
            self._simultaneous[endpoint] = simultaneous

    def saw_error(self, endpoint: str, error: int | str) -> None:
        """Count an error that the rules led to (injected and scripted ones are not counted here)."""
        self._errors.setdefault(endpoint, Counter())[str(error)] += 1

    def saw_fault(self, name: str) -> None:
        """Count an injected fault."""
        self._faults[name] += 1

    def saw_script(self, endpoint: str) -> None:
        """Count a scripted reply."""
        self._scripted[endpoint] += 1

    def saw_details(self, entry: Mapping[str, Any]) -> None:
        """Put a request into the ring."""
        self._ring.append(entry)

    def summary(self) -> dict[str, Any]:
        """Give the counters as JSON-ready values."""
        return {
            "requests": dict(self._requests),
            "errors": {endpoint: dict(errors) for endpoint, errors in self._errors.items()},
            "faults": dict(self._faults),
            "scripted": dict(self._scripted),
            "simultaneous": dict(self._simultaneous),
        }
