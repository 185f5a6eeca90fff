"""SMS2's answers in words. It has no numbers for them: ours are those of `worker.providers.sms2.codes`."""

from __future__ import annotations

from producers.contract import NO_ERR, NO_STATUS
from producers.meanings.smsc import Status
from producers.states import RecipientState

#: Source: SMS2 protocol, send, status, bases and MMS; the tables of errors there.
ERRORS: dict[int, str] = {
    1: "wrong login or password",
    2: "the text or the sender breaks one of the provider's rules",
    3: "not enough money",
    4: "the provider has no route to this number at the moment",
    5: "the provider doesn't support this number",
    6: "sender name not registered",
    7: "number on the black list",
    8: "forbidden by its text",
    9: "the same message to the same number again",
    10: "sending is switched off for the account",
    11: "message not found",
    21: "wrong or missing parameters",
    22: "bad phone number",
    23: "no such phone base",
    24: "the phone base is protected",
    25: "the number can't be added to the phone base",
    26: "the number can't be removed from the phone base",
    31: "the MMS was refused",
    99: "an error that the provider doesn't document",
}

#: A message that the provider doesn't know.
NOT_FOUND = -3

#: The numbers are those of SMSC's statuses that say the same. Source: SMS2 protocol, status.
STATUSES: dict[int, Status] = {
    NOT_FOUND: Status("message not found", RecipientState.TAKEN),
    0: Status("handed to the operator", RecipientState.TAKEN),
    1: Status("delivered", RecipientState.DELIVERED),
    20: Status("not delivered", RecipientState.FAILED),
}

#: The words of the provider's answer.
WORDS: dict[str, int] = {"unknown": 0, "delivered": 1, "not_delivered": 20}


def meaning(status: int = NO_STATUS, err: int = NO_ERR) -> str:
    """Return a recipient's codes in words, for reports; empty when there is nothing to say."""
    words = []
    if status != NO_STATUS:
        row = STATUSES.get(status)
        words.append(row.meaning if row else f"status {status}")
    if err not in (NO_ERR, 0):
        words.append(ERRORS.get(err, f"error {err}"))
    return ": ".join(dict.fromkeys(words))
