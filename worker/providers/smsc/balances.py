"""The account's money: `balance.php`."""

from __future__ import annotations

import re

from producers.answers import BalanceAnswer
from producers.questions import AskBalance
from worker.providers.smsc.call import BALANCE_PATH, Call
from worker.providers.smsc.replies import Document, UnreadableError
from worker.providers.smsc.values import as_units

#: Formats 0 and 1 (SMSC protocol, balance): the amount, a credit if there is one, the currency if asked for.
_TEXT = re.compile(
    r"(?P<balance>-?\d+(?:\.\d+)?)(?:[\s,+]+(?P<credit>\d+(?:\.\d+)?))?(?:[\s,]+(?P<currency>[A-Za-z]{3}))?",
    re.ASCII,
)


def ask(question: AskBalance) -> Call:  # noqa: ARG001
    """Return the request for the balance, with its currency."""
    return Call(BALANCE_PATH, [("cur", "1")], reads=True)


def answer(document: Document, question: AskBalance) -> BalanceAnswer:  # noqa: ARG001
    """Return the balance.

    Raises:
        UnreadableError: ``bad_reply``: no amount in it.
    """
    members = document.members
    if members is None:
        match = _TEXT.fullmatch(document.text)
        members = match.groupdict() if match else {}
    balance = as_units(members.get("balance"))
    if balance is None:
        raise UnreadableError("bad_reply")
    currency = members.get("currency")
    return BalanceAnswer(
        balance,
        credit=as_units(members.get("credit")) or 0,
        currency=currency.strip()[:8] if isinstance(currency, str) else "",
    )
