"""What we decide on SMS2's error texts, as data, and where each is documented.

SMS2 has no numbers for its errors. The ledger and the metrics want some, so they are ours, and mean the same
here and in `producers.meanings.sms2`. A text that isn't in the tables has the number `UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from producers.contract import Hold, NotSent, Refused

#: The seconds that the waits in these tables were written for; see `decide`.
MINUTE = 60.0

#: How much of the provider's own error text goes into a `Hold`.
DETAIL_LENGTH = 120

#: What we refused ourselves, without asking the provider.
NO_CODE = 0
#: The provider doesn't know the message that was asked for.
NO_SUCH_MESSAGE = 11
#: An MMS was refused, with a description that isn't documented.
MMS_ERROR = 31
#: An error text that isn't documented.
UNKNOWN = 99


class Row(NamedTuple):
    """What is decided on an error text, and where the text is documented."""

    outcome: Refused | NotSent
    source: str


_SEND = "SMS2 protocol, send; seed 003, section 1.2"
_STATUS = "SMS2 protocol, status; seed 003, section 2.2"
_BASES = "SMS2 protocol, bases; seed 003, section 3.2"

#: Replies to a send, without ``Error: ``. All of them say that nothing was sent and nothing was charged.
SEND_ERRORS: dict[str, Row] = {
    "authentication failure": Row(NotSent("auth", wait=600.0, code=1, pause_account=True), _SEND),
    "can't send this message": Row(Refused(2, "cannot_send"), _SEND),
    "your credit is null": Row(NotSent("no_money", wait=60.0, code=3, pause_account=True), _SEND),
    "direction is closed": Row(Refused(4, "direction_closed"), _SEND),
    "unsupported phone number": Row(Refused(5, "unsupported_number"), _SEND),
    "unsupported sender": Row(Refused(6, "unsupported_sender"), _SEND),
    "phone blacklisted": Row(Refused(7, "blacklisted"), _SEND),
    "blocked text message": Row(Refused(8, "blocked_text"), _SEND),
    # What it proves after a lost answer is `worker.sending`'s matter: it alone knows of the attempt before.
    "message duplication": Row(Refused(9, "message_duplication"), _SEND),
    "service is switched off": Row(NotSent("service_off", wait=600.0, code=10, pause_account=True), _SEND),
}

#: Replies to a look-up.
STATUS_ERRORS: dict[str, Row] = {
    "authentication failure": SEND_ERRORS["authentication failure"]._replace(source=_STATUS),
    "no such message": Row(Refused(NO_SUCH_MESSAGE, "no_such_message"), _STATUS),
}

#: Replies to calls for phone bases.
BASE_ERRORS: dict[str, Row] = {
    "wrong function": Row(Refused(21, "wrong_function"), _BASES),
    "wrong phone number": Row(Refused(22, "wrong_phone"), _BASES),
    "wrong base": Row(Refused(23, "wrong_base"), _BASES),
    "base is protected": Row(Refused(24, "base_protected"), _BASES),
    "can't add phone number": Row(Refused(25, "cannot_add"), _BASES),
    "can't remove phone number": Row(Refused(26, "cannot_remove"), _BASES),
}

#: A mailing to bases is a send too.
MULTICAST_ERRORS = SEND_ERRORS | BASE_ERRORS

#: Replies to any call.
EVERY_ERROR = SEND_ERRORS | STATUS_ERRORS | BASE_ERRORS


def decide(
    words: str, rows: Mapping[str, Row], *, detail: str = "", minute: float = MINUTE
) -> Refused | NotSent | Hold:
    """Return what an error reply means for what was to be sent.

    Args:
        words: The provider's text, without ``Error: ``.
        rows: The errors that can come of the call.
        detail: The text as it may be passed on.
        minute: Seconds that stand for a minute; other than 60 only on a simulator.
    """
    row = row_of(words, rows)
    if row is None:
        return Hold(UNKNOWN, "unknown_error", shortened(detail))
    if isinstance(row.outcome, NotSent):
        return msgspec.structs.replace(row.outcome, wait=row.outcome.wait * minute / MINUTE)
    return row.outcome


def decide_read(words: str, *, minute: float = MINUTE) -> NotSent:
    """Return what an error reply to a call that sends nothing means."""
    outcome = decide(words, EVERY_ERROR, minute=minute)
    if isinstance(outcome, NotSent):
        return outcome
    return NotSent(outcome.reason, wait=minute, code=outcome.code)


def row_of(words: str, rows: Mapping[str, Row]) -> Row | None:
    """Return the row of a text, however its spaces, capitals, apostrophe and last full stop are written."""
    return rows.get(" ".join(words.replace("\u2019", "'").casefold().split()).rstrip(" .!"))


def shortened(text: str) -> str:
    """Return a text in one line, cut to what a `Hold` may carry."""
    words = " ".join(text.split())
    return words if len(words) <= DETAIL_LENGTH else words[: DETAIL_LENGTH - 1] + "…"
