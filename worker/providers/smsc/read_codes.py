"""What we decide on error replies to requests that send nothing, as data, and where each is documented."""

from __future__ import annotations

from typing import NamedTuple

from producers.contract import NotSent
from worker.providers.smsc.codes import MINUTE, decide


class ReadError(NamedTuple):
    """One row: what is decided, and where the code is documented."""

    outcome: NotSent
    source: str


#: Codes that mean something else than the same code of a send, whatever was asked.
COMMON: dict[int, ReadError] = {
    1: ReadError(NotSent("parameters_error", wait=MINUTE, code=1), "SMSC protocol, errors of every method"),
    # Old documents answer a status request for an unknown message so; today's answer is status -3. Not a
    # proof that the message doesn't exist, and certainly no reason to pause an account.
    3: ReadError(NotSent("not_found", wait=MINUTE, code=3), "SMSC protocol, contradictions, row 11"),
}

_NO_MONEY = NotSent("no_money", wait=MINUTE, code=3)

#: By endpoint. That an account has too little money for one of these says nothing of sending.
METHODS: dict[str, dict[int, ReadError]] = {
    "price": {
        3: ReadError(_NO_MONEY, "SMSC protocol, send error codes"),
        5: ReadError(NotSent("bad_date", wait=MINUTE, code=5), "SMSC protocol, send error codes"),
    },
    "delete": {
        5: ReadError(NotSent("delete_failed", wait=MINUTE, code=5), "SMSC protocol, status errors"),
    },
    "status": {
        5: ReadError(NotSent("delete_failed", wait=MINUTE, code=5), "SMSC protocol, status errors"),
    },
    "wait_call": {
        3: ReadError(_NO_MONEY, "SMSC protocol, wait_call; listed by one client"),
        5: ReadError(
            NotSent("invalid_number", wait=MINUTE, code=5), "SMSC protocol, wait_call; listed by one client"
        ),
        6: ReadError(
            NotSent("too_many_attempts", wait=MINUTE, code=6),
            "SMSC protocol, wait_call: limit of attempts for the number; listed by one client",
        ),
    },
    "numbers": {3: ReadError(_NO_MONEY, "SMSC protocol, receive_phones errors")},
    "rent": {3: ReadError(_NO_MONEY, "SMSC protocol, receive_phones errors")},
    "renewal": {3: ReadError(_NO_MONEY, "SMSC protocol, receive_phones errors")},
}
METHODS["status_one"] = METHODS["status"]

#: Endpoints whose error 3 means that there is nothing to list: an empty answer.
NOTHING_FOUND: dict[str, str] = {
    "history": "SMSC protocol, history: error 3 = nothing found",
    "inbox": "SMSC protocol, history: the same script; unconfirmed for the inbox",
    "statistics": "SMSC protocol, history: the same script; unconfirmed for statistics",
    "operator": "SMSC protocol, info.php: error 3 = not found",
}
#: The code that says so.
NOTHING = 3


def decide_read(code: int, text: str = "", *, endpoint: str = "status", minute: float = MINUTE) -> NotSent:
    """Return what an error reply to a request that sends nothing means.

    Args:
        code: The provider's error code; 0 when none could be read.
        text: The provider's own words.
        endpoint: What was asked.
        minute: Seconds that the provider's throttle window lasts; other than 60 only on a simulator.
    """
    row = METHODS.get(endpoint, {}).get(code) or COMMON.get(code)
    outcome = row.outcome if row is not None else decide(code, text, minute=minute)
    if isinstance(outcome, NotSent):
        return outcome
    return NotSent(outcome.reason, wait=MINUTE, code=code)
