"""Numbers of ours: confirmation calls (`wait_call.php`) and rented numbers (`receive_phones.php`)."""

from __future__ import annotations

import re

from producers.answers import FreeNumber, FreeNumbers, Rented, WaitCallNumber
from producers.questions import AskNumbers, AskWaitCall, ChangeRenewal, RentNumber
from worker.providers.smsc.call import RECEIVE_PHONES_PATH, WAIT_CALL_PATH, Call, single
from worker.providers.smsc.replies import Document, UnreadableError
from worker.providers.smsc.rows import Row, rows
from worker.providers.smsc.values import as_cost, as_int, as_phone, as_text

#: Format 1 of the list in the documented order of the members; unconfirmed.
_COLUMNS = ("phone", "type", "cost", "current_cost", "info")
_PHONE = re.compile(r"\+?\d{5,15}", re.ASCII)


def ask_wait_call(question: AskWaitCall) -> Call:
    """Return the request for a number to call."""
    return Call(WAIT_CALL_PATH, [("phone", single(question.phone))])


def wait_call(document: Document, question: AskWaitCall) -> WaitCallNumber:  # noqa: ARG001
    """Return the number that the subscriber is to call.

    Whether `all_phones` is a list or separated by commas is unconfirmed, and so is that formats 0 and 1 begin
    with the number to call.

    Raises:
        UnreadableError: ``bad_reply``: no number in it.
    """
    if document.members is not None:
        phone = as_phone(document.members.get("phone"))
        numbers = _phones(document.members.get("all_phones"))
    else:
        found = _phones(document.text)
        phone, numbers = (as_phone(found[0]), found[1:]) if found else (None, ())
    if phone is None:
        raise UnreadableError("bad_reply")
    return WaitCallNumber(str(phone), numbers)


def _phones(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(number.removeprefix("+") for one in values for number in _PHONE.findall(as_text(one)))


def ask_numbers(question: AskNumbers) -> Call:  # noqa: ARG001
    """Return the request for numbers that can be rented."""
    return Call(RECEIVE_PHONES_PATH, [("get", "1")], reads=True)


def numbers(document: Document, question: AskNumbers) -> FreeNumbers:  # noqa: ARG001
    """Return numbers that can be rented.

    Raises:
        UnreadableError: ``bad_reply``: a row without a number.
    """
    return FreeNumbers(tuple(map(_free, rows(document, _COLUMNS, fewest=3))))


def _free(row: Row) -> FreeNumber:
    phone = as_phone(row.get("phone"))
    if phone is None:
        raise UnreadableError("bad_reply")
    return FreeNumber(
        str(phone),
        kind=as_int(row.get("type")),
        cost=as_cost(row.get("cost")),
        current_cost=as_cost(row.get("current_cost")),
        info=as_text(row.get("info")),
    )


def rent(question: RentNumber) -> Call:
    """Return the request to rent a number."""
    return Call(
        RECEIVE_PHONES_PATH,
        [("buy", "1"), ("phone", single(question.phone)), _noprolong(prolong=question.prolong)],
    )


def rented(document: Document, question: RentNumber) -> Rented:
    """Return that a number was rented.

    Raises:
        UnreadableError: ``bad_reply``: neither a price nor a word of success.
    """
    members = document.members
    cost = as_cost(document.text.strip() if members is None else members.get("cost"))
    said = as_text(document.text if members is None else members.get("result"))
    if cost is None and said.upper() != "OK":
        raise UnreadableError("bad_reply")
    return Rented(question.phone, cost)


def renewal(question: ChangeRenewal) -> Call:
    """Return the request to switch the renewal of a number on or off."""
    return Call(
        RECEIVE_PHONES_PATH,
        [("chg", "1"), ("phone", single(question.phone)), _noprolong(prolong=question.prolong)],
    )


def _noprolong(*, prolong: bool) -> tuple[str, str]:
    return ("noprolong", "0" if prolong else "1")
