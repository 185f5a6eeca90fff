"""What became of one message: `sms_status2.cgi`."""

from __future__ import annotations

import re

from producers.contract import NO_ERR, RecipientResult, StatusResult
from producers.meanings.sms2 import NOT_FOUND, STATUSES, WORDS
from producers.states import RecipientState
from worker.providers.sms2 import wire
from worker.providers.sms2.account import Sms2Account
from worker.providers.sms2.replies import UnreadableError
from worker.providers.smsc.wire import Message

_STATUS = re.compile(r"Status\s*:\s*(?P<word>\w+)", re.IGNORECASE | re.ASCII)


def message(account: Sms2Account, provider_id: str) -> Message:
    """Return the request for the status of a message.

    Raises:
        UnicodeEncodeError: The id is none of the provider's.
    """
    return wire.form(account, wire.STATUS_PATH, [("mess_id", provider_id)])


def result(text: str, recipient: int | str) -> StatusResult:
    """Return what a reply says.

    Raises:
        UnreadableError: It says none of what is documented.
    """
    match = _STATUS.fullmatch(text)
    code = WORDS.get(match["word"].lower()) if match else None
    if code is None:
        raise UnreadableError
    return _result(recipient, RecipientResult(STATUSES[code].state, code, NO_ERR), known=True)


def unknown(recipient: int | str) -> StatusResult:
    """Return what is said of a message that the provider doesn't know."""
    return _result(recipient, RecipientResult(RecipientState.TAKEN, NOT_FOUND, NO_ERR), known=False)


def _result(recipient: int | str, result: RecipientResult, *, known: bool) -> StatusResult:
    return StatusResult(recipient if isinstance(recipient, int) else 0, known=known, result=result)
