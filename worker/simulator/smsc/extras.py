"""Parameters of ``send.php`` that few requests have: captcha, spreading over time, and what is only noted."""

import ipaddress
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from worker.simulator.calls import Call
from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.errors import RefusedError

RARE = frozenset({"imgcode", "userip", "period", "freq", "smsreq"})
"""Parameters that ``read_extras`` heeds."""

_NOTED_IN_ORDER = (
    "subj",
    "fileurl",
    "voice",
    "param",
    "bot",
    "bin",
    "tinyurl",
    "pp",
    "userip",
    "smsreq",
    "valid",
    "period",
    "freq",
)
NOTED = frozenset(_NOTED_IN_ORDER)
"""Parameters that ``describe`` notes."""

_DEFAULT_FREQ = 60


class Spread(NamedTuple):
    """How a mailing is spread over time (``period`` and ``freq``).

    Attributes:
        groups: into how many groups the recipients are divided.
        seconds: from one group to the next.
    """

    groups: int
    seconds: float

    def wait(self, position: int, count: int) -> float:
        """Tell how long the recipient at a position among ``count`` waits, in seconds."""
        return position * self.groups // count * self.seconds


def read_extras(given: Mapping[str, str], config: SimulatorConfig) -> Spread | None:
    """Check the rare parameters.

    Args:
        given: the request's parameters.
        config: the simulator's settings.

    Returns:
        How the mailing is spread, None if it isn't.

    Raises:
        RefusedError: error 1 for a wrong captcha, or one without ``userip``; for an empty one with
            ``userip``; for a ``userip`` that is no address, ``smsreq`` outside 10 to 999, ``period`` outside
            0.1 to 720 and ``freq`` outside 1 to 1440 [assumed, all of them].
    """
    _check_captcha(given, config.captcha)
    _check_range(given.get("smsreq", ""), 10, 999)
    period = _check_range(given.get("period", ""), 0.1, 720)
    freq = _check_range(given.get("freq", ""), 1, 1440) or _DEFAULT_FREQ
    if period is None:
        return None
    return Spread(max(1, math.ceil(period * 60 / freq)), freq * 60)


def describe(call: Call) -> dict[str, Any] | None:
    """Note what else a request said of its messages, for ``/_books/messages``.

    Args:
        call: the request.

    Returns:
        Names and values, with ``files`` as a list of parts; None if there is nothing to note.
    """
    given = call.parameters
    note: dict[str, Any] = {name: given[name] for name in _NOTED_IN_ORDER if given.get(name)}
    if call.uploads:
        note["files"] = [upload._asdict() for upload in call.uploads]
    return note or None


def _check_captcha(given: Mapping[str, str], expected: str) -> None:
    address, code = given.get("userip", ""), given.get("imgcode", "")
    if address:
        try:
            ipaddress.ip_address(address)
        except ValueError:
            raise RefusedError(1) from None
    # The provider's own library has no captcha at all: an empty one without an address says nothing.
    asked = bool(code) or ("imgcode" in given and bool(address))
    if asked and not (address and code == expected):
        raise RefusedError(1)


def _check_range(text: str, least: float, most: float) -> float | None:
    if text in ("", "0"):
        return None
    try:
        number = float(text)
    except ValueError:
        raise RefusedError(1) from None
    if not least <= number <= most:
        raise RefusedError(1)
    return number
