"""What we decide on SMSC's codes, as data, and where each is documented.

What a code means in words is in `producers.meanings.smsc`.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from producers.contract import Hold, NotSent, Refused

#: The seconds that the waits in these tables were written for; see `decide`.
MINUTE = 60.0

#: How much of the provider's own error text goes into a `Hold`. Every recorded text is shorter.
DETAIL_LENGTH = 120

#: Error 0: an error reply from which no code could be read.
NO_CODE = 0


class SendError(NamedTuple):
    """One row: what is decided on an error reply to a send, and where the code is documented."""

    outcome: Refused | NotSent
    source: str


#: Error replies to a send. All of them say that nothing was sent and nothing was charged.
SEND_ERRORS: dict[int, SendError] = {
    1: SendError(
        Refused(1, "parameters_error"),
        "SMSC protocol, send error codes; recorded reply `parameters error`",
    ),
    # Five failed logins in half an hour ban our address for every account behind it: ten minutes between
    # two tries keep us at three.
    2: SendError(
        NotSent("auth", wait=600.0, code=2, pause_account=True),
        "SMSC protocol, send error codes; recorded reply `authorise error`",
    ),
    3: SendError(
        NotSent("no_money", wait=60.0, code=3, pause_account=True),
        "SMSC protocol, send error codes; recorded reply `no money`",
    ),
    4: SendError(
        NotSent("ip_blocked", wait=600.0, code=4, pause_account=True),
        "SMSC protocol, send error codes; text `ip is blocked` seen in one client",
    ),
    5: SendError(Refused(5, "bad_date"), "SMSC protocol, send error codes; text never recorded"),
    6: SendError(
        Refused(6, "message_denied"),
        "SMSC protocol, send error codes; recorded reply `message is denied`",
    ),
    7: SendError(
        Refused(7, "invalid_number"),
        "SMSC protocol, send error codes; recorded reply `invalid number`",
    ),
    8: SendError(
        Refused(8, "cannot_deliver"),
        "SMSC protocol, send error codes; recorded reply `can't to deliver`",
    ),
    # Whether the window slides is not documented: a whole minute from our own last try, and two seconds for
    # the way there.
    9: SendError(
        NotSent("duplicate_request", wait=62.0, code=9),
        "SMSC protocol, throttles; recorded reply `duplicate request, wait a minute`",
    ),
    10: SendError(
        NotSent("daily_limit", wait=3600.0, code=10, pause_account=True),
        "seen in one client of 2010 only; not in today's tables",
    ),
}

#: Error 9 has a second meaning that only its text tells.
TOO_MANY_CONCURRENT = SendError(
    NotSent("too_many_concurrent", wait=5.0, code=9),
    "SMSC protocol, throttles; documented text `too many concurrent requests`",
)
_CONCURRENT_WORD = "concurrent"

#: Texts of error replies, for one that comes without its code.
ERROR_TEXTS: dict[str, int] = {
    "parameters error": 1,
    "authorise error": 2,
    "no money": 3,
    "ip is blocked": 4,
    "message is denied": 6,
    "invalid number": 7,
    "can't to deliver": 8,
    "duplicate request, wait a minute": 9,
    "too many concurrent requests": 9,
}

#: The status of a (message id, phone) pair that the provider doesn't know.
STATUS_UNKNOWN = -3

#: In the reply to a send these say that the provider didn't take this one recipient of the batch.
REFUSED_STATUSES = frozenset({20, 22, 23, 24, 25})

#: Virtual sending, a switch of the account: not a failure.
ERR_TEST_MODE = 200


def decide(
    code: int, text: str = "", provider_id: str = "", *, minute: float = MINUTE
) -> Refused | NotSent | Hold:
    """Return what an error reply to a send means for the batch.

    Args:
        code: The provider's error code; `NO_CODE` when none could be read.
        text: The provider's own words.
        provider_id: The id of the record that the provider made of the refusal, or empty.
        minute: Seconds that the provider's throttle window lasts; other than 60 only on a simulator.
    """
    row = SEND_ERRORS.get(code)
    if row is None:
        return Hold(code, "unknown_error", _shortened(text))
    if code == 9 and _CONCURRENT_WORD in text.lower():
        row = TOO_MANY_CONCURRENT
    outcome = row.outcome
    if isinstance(outcome, Refused):
        return msgspec.structs.replace(outcome, provider_id=provider_id)
    if row is SEND_ERRORS[9]:
        return msgspec.structs.replace(outcome, wait=outcome.wait * minute / MINUTE)
    return outcome


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= DETAIL_LENGTH else words[: DETAIL_LENGTH - 1] + "…"
