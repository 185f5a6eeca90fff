"""Figures and names: statistics, tariffs and the operators of phones."""

from __future__ import annotations

from producers.answers import Operator, Operators, Raw, Statistics, StatisticsRow
from producers.questions import AskOperator, AskStatistics, AskTariffs
from worker.providers.smsc.call import GET_PATH, INFO_PATH, Call, single
from worker.providers.smsc.replies import Document, UnreadableError, error_in
from worker.providers.smsc.rows import Row, rows
from worker.providers.smsc.values import as_count, as_phone, as_text, as_units

#: Format 0 of statistics: only that commas separate and that the count comes second is known; unconfirmed.
_STATISTICS = ("login", "cnt", "credit", "debit", "currency")
#: Formats 0 and 1 of operators, in the documented order of the members; unconfirmed.
_OPERATOR = ("country", "operator", "region", "mcc", "mnc", "tz")


def ask_statistics(question: AskStatistics) -> Call:
    """Return the request for statistics."""
    days = [("start", question.start), ("end", question.end)]
    return Call(GET_PATH, [("get_stat", "1"), *[(name, value) for name, value in days if value]], reads=True)


def statistics(document: Document, question: AskStatistics) -> Statistics:  # noqa: ARG001
    """Return statistics by login; `credit` is what was spent, `debit` what was added.

    Raises:
        UnreadableError: ``bad_reply``: a row without a count.
    """
    return Statistics(tuple(map(_figures, rows(document, _STATISTICS, fewest=2))))


def _figures(row: Row) -> StatisticsRow:
    # Documents call the count `cnt`, one client `sms`.
    count = as_count(row.get("cnt"))
    messages = as_count(row.get("sms")) if count is None else count
    if messages is None:
        raise UnreadableError("bad_reply")
    return StatisticsRow(
        as_text(row.get("login")),
        messages,
        spent=as_units(row.get("credit")) or 0,
        added=as_units(row.get("debit")) or 0,
        currency=as_text(row.get("currency"))[:8],
    )


def ask_tariffs(question: AskTariffs) -> Call:  # noqa: ARG001
    """Return the request for tariffs."""
    return Call(GET_PATH, [("get_price", "1")], reads=True)


def tariffs(document: Document, question: AskTariffs) -> Raw:  # noqa: ARG001
    """Return the reply as it is: its layout isn't documented."""
    if document.members is not None:
        return Raw(document.members)
    return Raw(document.text if document.items is None else document.items)


def ask_operators(question: AskOperator) -> Call:
    """Return the request for the operators of phones."""
    return Call(
        INFO_PATH,
        [("get_operator", "1"), ("phone", ",".join(map(single, question.phones)) or single(""))],
        reads=True,
    )


def operators(document: Document, question: AskOperator) -> Operators:
    """Return the operators in the order of the phones.

    Raises:
        UnreadableError: ``bad_reply``: a phone without a row.
    """
    found = rows(document, _OPERATOR, fewest=2)
    named = {as_phone(row.get("phone")): row for row in found}
    if all(as_phone(phone) in named for phone in question.phones):
        found = [named[as_phone(phone)] for phone in question.phones]
    elif len(found) != len(question.phones) or set(named) != {None}:
        # Rows without phones are taken to come in order (unconfirmed), rows of other phones are not.
        raise UnreadableError("bad_reply")
    return Operators(tuple(_operator(row, phone) for row, phone in zip(found, question.phones, strict=True)))


def unknown_operators(question: AskOperator) -> Operators:
    """Return the answer when the provider finds none of the phones."""
    return Operators(tuple(Operator(phone, known=False) for phone in question.phones))


def _operator(row: Row, phone: str) -> Operator:
    if error_in(Document(members=dict(row))) is not None:
        return Operator(phone, known=False)
    country, operator, region, mcc, mnc, tz = (as_text(row.get(name)) for name in _OPERATOR)
    return Operator(phone, country, operator, region, mcc, mnc, tz)
