"""What a message would cost: `send.php?cost=1`."""

from __future__ import annotations

import re

from producers.answers import Price
from producers.contract import SendRequest
from producers.kinds import FIRST_ADDRESS, Kind
from producers.questions import AskPrice
from worker.providers.smsc import requests
from worker.providers.smsc.call import SEND_PATH, Call
from worker.providers.smsc.replies import Document, UnreadableError
from worker.providers.smsc.values import as_cost, as_count

#: Format 0 as one client reads it, and format 1 as documented.
_TEXT = re.compile(r"(?P<cost>[\d.]+) \((?P<cnt>\d{1,9}) SMS\)|(?P<cost1>[\d.]+),(?P<cnt1>\d{1,9})", re.ASCII)


def ask(question: AskPrice) -> Call:
    """Return the request for a price. It has no id: nothing is sent. Files don't go along.

    Raises:
        UnsendableError: ``bad_recipient``.
    """
    phones, addresses = _numbered(question.recipients)
    request = SendRequest(
        "",
        phones,
        sender=question.sender,
        text=question.text,
        texts=question.texts,
        options=question.options,
        addresses=addresses,
    )
    # `reads` stays False: should the parameter ever be lost on the way, a GET would be sent twice.
    return Call(
        SEND_PATH,
        [("cost", "1"), *requests.message_parameters(request)],
        raw=question.options.kind is Kind.BINARY,
    )


def _numbered(names: tuple[str, ...]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    phones: list[int] = []
    addresses: list[str] = []
    for name in names:
        digits = name.removeprefix("+")
        if digits.isdecimal() and digits.isascii() and len(digits) < len(str(FIRST_ADDRESS)):
            phones.append(int(digits))
        else:
            phones.append(FIRST_ADDRESS + len(addresses))
            addresses.append(name)
    return tuple(phones), tuple(addresses)


def answer(document: Document, question: AskPrice) -> Price:
    """Return the price.

    Raises:
        UnreadableError: ``bad_reply``: there is none.
    """
    members = document.members
    if members is None:
        match = _TEXT.fullmatch(document.text)
        found = match.groupdict() if match else {}
        members = {
            "cost": found.get("cost") or found.get("cost1"),
            "cnt": found.get("cnt") or found.get("cnt1"),
        }
    cost = as_cost(members.get("cost"), recipients=max(1, len(question.recipients)))
    if cost is None:
        raise UnreadableError("bad_reply")
    return Price(cost, as_count(members.get("cnt")) or 0)
