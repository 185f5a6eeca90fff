"""What becomes of a message after it was taken: computed when somebody asks, never scheduled.

The fate of a message follows from the seed, its id and its phone alone, so that a million messages cost
nothing until their status is asked for, and the same run gives the same results.
"""

import hashlib
import math
import struct
from dataclasses import dataclass
from typing import NamedTuple

WAITING, HANDED_OVER = -1, 0
NEVER = math.inf

_UNIT = 2.0**32


class Outcome(NamedTuple):
    """A final status, the error code that goes with it, and how often it happens.

    Attributes:
        status: final status code (SMSC protocol §5.7).
        err: delivery error code (SMSC protocol §5.8), 0 for none.
        share: part of all messages, 0 to 1.
    """

    status: int
    err: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCurve:
    """How messages fare. The provider publishes no figures: all of these are [assumed].

    Attributes:
        outcomes: final outcomes; what their shares leave over is delivered.
        operator_seconds: mean time from taken to handed over to the operator, exponentially distributed.
        handset_seconds: mean time from handed over to a final status, exponentially distributed.
        expiry_seconds: the same mean for a message that expires. Real ones take ``valid`` hours; nobody
            watches a sandbox for so long.
    """

    outcomes: tuple[Outcome, ...] = (
        Outcome(3, 6, 0.015),
        Outcome(20, 1, 0.01),
        Outcome(20, 13, 0.005),
        Outcome(23, 253, 0.003),
        Outcome(25, 248, 0.005),
    )
    operator_seconds: float = 1.0
    handset_seconds: float = 6.0
    expiry_seconds: float = 60.0


class Fate(NamedTuple):
    """The course of one message.

    Attributes:
        handed_over: seconds from the start until the operator has it.
        final: seconds from the start until the status is final.
        status: the final status.
        err: its error code.
    """

    handed_over: float
    final: float
    status: int
    err: int

    def at(self, elapsed: float, scale: float) -> tuple[int, int, float]:
        """Tell the state at a moment.

        Args:
            elapsed: seconds since the start.
            scale: stretches (above 1) or shortens (below 1) all times; 0 makes every message final at once.

        Returns:
            Status, error code, and the seconds from the start to the last change.
        """
        final = _stretch(self.final, scale)
        if elapsed >= final:
            return self.status, self.err, final
        handed_over = _stretch(self.handed_over, scale)
        if elapsed >= handed_over:
            return HANDED_OVER, 0, handed_over
        return WAITING, 0, 0.0


def draw_fate(curve: DeliveryCurve, seed: int, message_id: int | str, phone: str) -> Fate:
    """Draw the fate of one message; the same arguments give the same fate.

    Args:
        curve: the distribution.
        seed: the simulator's seed.
        message_id: the message's id.
        phone: the recipient.

    Returns:
        The fate.
    """
    digest = hashlib.blake2b(f"{seed}|{message_id}|{phone}".encode(), digest_size=12).digest()
    luck, to_operator, to_handset = (number / _UNIT for number in struct.unpack("<3I", digest))
    handed_over = -math.log1p(-to_operator) * curve.operator_seconds
    status, err = 1, 0
    for outcome in curve.outcomes:
        luck -= outcome.share
        if luck < 0:
            status, err = outcome.status, outcome.err
            break
    mean = curve.expiry_seconds if status == 3 else curve.handset_seconds
    return Fate(handed_over, handed_over - math.log1p(-to_handset) * mean, status, err)


def _stretch(seconds: float, scale: float) -> float:
    return seconds if seconds == NEVER else seconds * scale
