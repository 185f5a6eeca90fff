"""Faults on demand: which there are, and how ``send:drop-reply=0.05,late=0.02:5`` is read."""

import enum
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from random import Random


class Phase(enum.Enum):
    """Where in a request's life a fault strikes."""

    BEFORE = "before"
    DELAY = "delay"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault.

    Attributes:
        name: its name in a specification.
        phase: BEFORE: the request has no effect. DELAY: it takes effect late. AFTER: it takes effect, and
            only the answer suffers.
        meaning: what the client sees.
        seconds: default duration of a kind that has one, else None.
    """

    name: str
    phase: Phase
    meaning: str
    seconds: float | None = None


FAULTS: dict[str, FaultKind] = {
    kind.name: kind
    for kind in (
        # Nothing was taken.
        FaultKind(
            "refuse",
            Phase.BEFORE,
            "not taken: the connection is reset, and for SECONDS new ones are refused",
            1.0,
        ),
        FaultKind("reset-before", Phase.BEFORE, "not taken: TCP reset instead of an answer"),
        FaultKind("drop-before", Phase.BEFORE, "not taken: the connection is closed without an answer"),
        FaultKind("http429-before", Phase.BEFORE, "not taken: HTTP 429 from the front end"),
        FaultKind("http500-before", Phase.BEFORE, "not taken: HTTP 500 from the front end"),
        FaultKind("http503-before", Phase.BEFORE, "not taken: HTTP 503 from the front end"),
        FaultKind("error2", Phase.BEFORE, "not taken: the provider's error 2 although the login is right"),
        FaultKind("error3", Phase.BEFORE, "not taken: the provider's error 3 although there is money"),
        FaultKind("error4", Phase.BEFORE, "not taken: the provider's error 4 although nobody is blocked"),
        FaultKind("error9", Phase.BEFORE, "not taken: the provider's error 9 although nothing was repeated"),
        # Taken, but later than a client may think.
        FaultKind("stall", Phase.DELAY, "waits SECONDS, and only then takes the request and answers", 5.0),
        # Taken.
        FaultKind("drop-reply", Phase.AFTER, "taken: the connection is closed without an answer"),
        FaultKind("reset", Phase.AFTER, "taken: TCP reset instead of the answer"),
        FaultKind("cut-body", Phase.AFTER, "taken: the connection is closed in the middle of the body"),
        FaultKind("http500-after", Phase.AFTER, "taken: HTTP 500 instead of the answer"),
        FaultKind("http504-after", Phase.AFTER, "taken: HTTP 504 instead of the answer"),
        FaultKind("late", Phase.AFTER, "taken at once, and answered after SECONDS", 5.0),
        FaultKind("garbled", Phase.AFTER, "taken: HTTP 200 with noise for a body"),
        FaultKind("empty", Phase.AFTER, "taken: HTTP 200 with an empty body"),
        FaultKind("html", Phase.AFTER, "taken: HTTP 200 with a web page for a body"),
        FaultKind("truncate", Phase.AFTER, "taken: HTTP 200 with the first half of the body, cleanly ended"),
    )
}


class FaultSpecError(ValueError):
    """A fault specification can't be read; the message says which part and why."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault to be injected.

    Attributes:
        kind: which.
        probability: per request, 0 to 1.
        seconds: duration, 0 for a kind that has none.
    """

    kind: FaultKind
    probability: float
    seconds: float


class FaultPlan:
    """Which faults strike which endpoint, and the dice.

    One number is drawn per request, so that the probabilities of an endpoint add up and at most one fault
    strikes.

    Args:
        spec: ``[ENDPOINT:]KIND=PROBABILITY[:SECONDS]``, parted by commas; empty for none. ENDPOINT is a
            script's name with or without ``.php`` or ``.cgi``; without it the fault strikes every endpoint
            that it can.
        endpoints: the scripts that exist.
        dice: where the numbers come from.
        immune: scripts, and the kinds of fault that can't strike them.

    Raises:
        FaultSpecError: the specification can't be read.
    """

    def __init__(
        self,
        spec: str,
        endpoints: Collection[str],
        dice: Random,
        immune: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.spec = spec
        self._dice = dice
        self._by_endpoint: dict[str, list[Fault]] = {endpoint: [] for endpoint in endpoints}
        for item in filter(None, map(str.strip, spec.split(","))):
            chosen, fault = _read_item(item, endpoints, immune or {})
            for endpoint in chosen:
                self._by_endpoint[endpoint].append(fault)
        for endpoint, faults in self._by_endpoint.items():
            total = sum(fault.probability for fault in faults)
            if total > 1 + 1e-9:
                raise FaultSpecError(
                    f"the probabilities for {endpoint} add up to {total:g}: at most 1 is possible"
                )

    def draw(self, endpoint: str) -> Fault | None:
        """Decide whether a fault strikes the request that has just come in.

        Args:
            endpoint: the script that was called.

        Returns:
            The fault, or None.
        """
        faults = self._by_endpoint.get(endpoint)
        if not faults:
            return None
        luck = self._dice.random()
        for fault in faults:
            luck -= fault.probability
            if luck < 0:
                return fault
        return None


def _read_item(
    item: str, endpoints: Collection[str], immune: Mapping[str, Collection[str]]
) -> tuple[list[str], Fault]:
    what, equals, how_often = item.partition("=")
    if not equals:
        raise FaultSpecError(f"{item!r}: expected KIND=PROBABILITY, for example drop-reply=0.05")
    where, colon, name = what.rpartition(":")
    chosen = (
        [endpoint for endpoint in endpoints if where in (endpoint, endpoint.rpartition(".")[0])]
        if colon
        else list(endpoints)
    )
    if not chosen:
        raise FaultSpecError(f"{item!r}: there is no endpoint {where!r}; there are {', '.join(endpoints)}")
    kind = FAULTS.get(name)
    if kind is None:
        raise FaultSpecError(f"{item!r}: there is no fault {name!r}; there are {', '.join(FAULTS)}")
    able = [endpoint for endpoint in chosen if name not in immune.get(endpoint, ())]
    if not able:
        raise FaultSpecError(f"{item!r}: {name} can't strike {where}, which has no such error")
    probability, colon, seconds = how_often.partition(":")
    if colon and kind.seconds is None:
        raise FaultSpecError(f"{item!r}: {name} takes no seconds")
    share = _read_number(item, probability)
    if share > 1:
        raise FaultSpecError(f"{item!r}: a probability is between 0 and 1")
    return able, Fault(kind, share, _read_number(item, seconds) if colon else kind.seconds or 0.0)


def _read_number(item: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise FaultSpecError(f"{item!r}: {text!r} is not a number") from None
    if not 0 <= number < math.inf:
        raise FaultSpecError(f"{item!r}: {text!r} must be 0 or more")
    return number
