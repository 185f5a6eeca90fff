"""SMSC's codes in words, as data: what the provider documents, without what we decide on it.

The same number means different things in different places: 7 as a send error is a bad phone number, 6 as a
delivery error is a phone that is switched off. `meaning` knows which table to read.
"""

from __future__ import annotations

from typing import NamedTuple

from producers.contract import NO_ERR, NO_STATUS
from producers.states import RecipientState

#: Error replies to a request. Source: SMSC protocol, send error codes; 10 was seen in one client only.
REQUEST_ERRORS: dict[int, str] = {
    1: "wrong or missing parameters",
    2: "wrong login or password, or an address that the account doesn't allow",
    3: "not enough money",
    4: "our address is blocked because of frequent errors",
    5: "bad date",
    6: "forbidden by its text or its sender name",
    7: "bad phone number",
    8: "can't be delivered to this number",
    9: "the same request again within a minute",
    10: "daily limit of requests",
}


class Status(NamedTuple):
    """One row: what a status code means and the recipient's state that follows from it."""

    meaning: str
    state: RecipientState


#: Source: SMSC protocol, status codes. A code that isn't here leaves the recipient taken: it may still move.
STATUSES: dict[int, Status] = {
    -3: Status("message not found", RecipientState.TAKEN),
    # Not final: so are the messages of a mailing that was interrupted in the cabinet and may go on.
    -2: Status("stopped before sending", RecipientState.TAKEN),
    -1: Status("waiting to be sent", RecipientState.TAKEN),
    0: Status("handed to the operator", RecipientState.TAKEN),
    1: Status("delivered", RecipientState.DELIVERED),
    2: Status("read", RecipientState.READ),
    3: Status("validity expired", RecipientState.EXPIRED),
    4: Status("link clicked", RecipientState.READ),
    20: Status("can't be delivered", RecipientState.FAILED),
    22: Status("bad phone number", RecipientState.FAILED),
    23: Status("forbidden", RecipientState.FAILED),
    24: Status("not enough money", RecipientState.FAILED),
    25: Status("number unreachable", RecipientState.FAILED),
}

#: With these the operator was never asked, so that a small error code beside them is a send error.
_OWN_VERDICTS = frozenset({22, 23, 24, 25})

#: Source: SMSC protocol, delivery error codes (the list of the SMPP error page).
DELIVERY_ERRORS: dict[int, str] = {
    0: "no error",
    1: "subscriber does not exist",
    2: "mailbox full",
    3: "mail server not found",
    4: "mailbox blocked",
    6: "subscriber offline",
    11: "no SMS service",
    12: "fault of the phone or SIM",
    13: "subscriber blocked",
    21: "network does not support the service",
    200: "virtual sending",
    219: "SIM replaced less than a day ago",
    220: "operator's queue is full",
    237: "no answer",
    238: "no template",
    239: "forbidden IP address",
    240: "subscriber busy",
    241: "audio conversion failed",
    242: "answering machine",
    243: "no contract concluded",
    244: "mailing or link forbidden",
    245: "no report within a day",
    246: "time of day not allowed",
    247: "daily limit of messages",
    248: "no route",
    249: "bad number format",
    250: "number forbidden by the account's settings",
    251: "too many messages to one number",
    252: "number on the black list",
    253: "spam filter",
    254: "sender name not registered",
    255: "rejected by the operator",
}


def meaning(status: int = NO_STATUS, err: int = NO_ERR) -> str:
    """Return a recipient's codes in words, for reports; empty when there is nothing to say."""
    words = []
    if status != NO_STATUS:
        row = STATUSES.get(status)
        words.append(row.meaning if row else f"status {status}")
    if err not in (NO_ERR, 0):
        words.append(_error_meaning(status, err))
    return ": ".join(dict.fromkeys(words))


def _error_meaning(status: int, err: int) -> str:
    refusal = REQUEST_ERRORS.get(err, "")
    delivery = DELIVERY_ERRORS.get(err, "")
    by_provider = status == NO_STATUS or status in _OWN_VERDICTS
    return (refusal or delivery if by_provider else delivery or refusal) or f"error {err}"
