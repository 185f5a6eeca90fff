"""The audit: does every recipient stand where the counters say, and is everything still on its way?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from producers.ledger import keys
from producers.ledger.calls import Call
from producers.ledger.records import ROW_BYTES

_BAR = b"|"


@dataclass(frozen=True)
class Audit:
    """What an audit of one campaign or message found.

    Attributes:
        id: The campaign or message.
        differences: Counter, what was recorded, what the recipients' records add up to.
        repaired: Batches (or the campaign itself) that nothing would have woken; they are on the timer again.
        missing: Batches that should be there and aren't: Redis has lost them.
    """

    id: str
    differences: tuple[tuple[str, int, int], ...]
    repaired: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether every recipient is accounted for."""
        return not self.differences and not self.missing


def audit(owner: str, *, parts: int = 0, now_ms: int = 0) -> Call[Audit]:
    """Audit one campaign, or one message of ``parts`` batches; see ``lua/audit.lua``.

    One step of about 60 ms for a million recipients, during which Redis does nothing else.
    """

    def parse(reply: list[Any]) -> Audit:
        first = reply.index(_BAR)
        second = reply.index(_BAR, first + 1)
        found = reply[:first]
        return Audit(
            id=owner,
            differences=tuple(
                (found[at].decode(), found[at + 1], found[at + 2]) for at in range(0, len(found), 3)
            ),
            repaired=tuple(item.decode() for item in reply[first + 1 : second]),
            missing=tuple(item.decode() for item in reply[second + 1 :]),
        )

    return Call.lua(
        "audit",
        [
            keys.campaign(owner),
            keys.open_batches(owner),
            keys.TIMER,
            keys.BATCH_PREFIX,
            keys.IN_DOUBT,
            keys.HELD,
        ],
        [owner, parts, ROW_BYTES, keys.doubts(""), now_ms],
        parse,
    )


def all_owners() -> tuple[Call[list[str]], Call[list[str]]]:
    """Return the calls for the ids of all campaigns and of all messages."""

    def names(reply: list[bytes]) -> list[str]:
        return [item.decode() for item in reply]

    return (
        Call(("ZRANGE", keys.CAMPAIGNS, 0, -1), names),
        Call(("ZRANGE", keys.MESSAGES, 0, -1), names),
    )
