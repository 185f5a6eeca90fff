"""Everything that can be asked besides sending: how it is written, and how the reply is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from producers.answers import Answer, Inbox, Records, Statistics
from producers.questions import (
    AskBalance,
    AskDownloads,
    AskHistory,
    AskInbox,
    AskNumbers,
    AskOperator,
    AskPrice,
    AskStatistics,
    AskStatus,
    AskTariffs,
    AskWaitCall,
    ChangeRenewal,
    DeleteMessage,
    Question,
    RentNumber,
)
from worker.providers.smsc import balances, books, downloads, inbox, numbers, prices, records
from worker.providers.smsc.call import Call
from worker.providers.smsc.replies import Document
from worker.providers.smsc.requests import digest

#: What the governor counts as one request, however many messages it is for: the stricter reading of the rule.
MASS = "mass"


class Method(NamedTuple):
    """One row.

    Attributes:
        endpoint: The governor's name.
        call: From the question to the request.
        answer: From the reply to the answer; raises `UnreadableError`.
        nothing: The answer when the provider says that there is nothing; see `read_codes.NOTHING_FOUND`.
    """

    endpoint: str
    call: Callable[[Any], Call]
    answer: Callable[[Document, Any], Answer]
    nothing: Callable[[Any], Answer] | None = None


METHODS: dict[type, Method] = {
    AskBalance: Method("balance", balances.ask, balances.answer),
    AskPrice: Method("price", prices.ask, prices.answer),
    AskStatus: Method("status", records.ask_status, records.looked_up),
    DeleteMessage: Method("delete", records.delete, records.done),
    AskHistory: Method("history", records.ask_history, records.history, lambda _: Records()),
    AskInbox: Method("inbox", inbox.ask, inbox.answer, lambda _: Inbox()),
    AskStatistics: Method("statistics", books.ask_statistics, books.statistics, lambda _: Statistics()),
    AskTariffs: Method("tariffs", books.ask_tariffs, books.tariffs),
    AskOperator: Method("operator", books.ask_operators, books.operators, books.unknown_operators),
    AskWaitCall: Method("wait_call", numbers.ask_wait_call, numbers.wait_call),
    AskNumbers: Method("numbers", numbers.ask_numbers, numbers.numbers),
    RentNumber: Method("rent", numbers.rent, numbers.rented),
    ChangeRenewal: Method("renewal", numbers.renewal, records.done),
    AskDownloads: Method("downloads", downloads.ask, downloads.answer),
}


def method_of(question: Question) -> Method:
    """Return a question's row."""
    return METHODS[type(question)]


def endpoint(question: Question) -> str:
    """Return the governor's name for what a question asks."""
    if isinstance(question, AskStatus) and len(question.messages) == 1:
        return "status_one"
    return method_of(question).endpoint


def fingerprint(question: Question) -> str:
    """Return what makes two questions identical to the provider's throttles.

    A single message is counted together with look-ups of it, all mass look-ups are counted as one.
    """
    if isinstance(question, AskStatus):
        return "{}:{}".format(*question.messages[0]) if len(question.messages) == 1 else MASS
    row = method_of(question)
    return digest((row.endpoint, question))
