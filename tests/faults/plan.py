"""What a worker process of the fault tests is told: one JSON value in its environment."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

VARIABLE = "FAULTS_PLAN"


@dataclass(frozen=True)
class Plan:
    """How a process of the fault tests differs from one as shipped.

    Attributes:
        directory: Where deaths are marked and logs are written.
        minute: Seconds of the provider's minute.
        steps: Steps at which processes die; each process that starts takes the next one of them.
        at: A process dies when it reaches its step for the ``at``-th time.
        deaths: So many processes die, the first ones to start.
        stopped: Seconds for which a process is stopped at its step instead of dying there; 0: it dies.
        blind: The protection is off: what is in doubt is sent again.
        shipped: All times are as shipped.
        read_timeout: Seconds that a reply is waited for; 0: as shipped.
    """

    directory: str
    minute: float
    steps: tuple[str, ...] = ()
    at: int = 3
    deaths: int = 0
    stopped: float = 0.0
    blind: bool = False
    shipped: bool = False
    read_timeout: float = 0.0

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Plan:
        members = json.loads(text)
        return cls(**{**members, "steps": tuple(members["steps"])})
