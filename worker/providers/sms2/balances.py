"""The account's money: `get_credit_info.cgi`."""

from __future__ import annotations

import re

from producers.answers import BalanceAnswer
from producers.money import parse_money, to_units
from worker.providers.sms2.replies import UnreadableError

#: Roubles (SMS2 protocol, balance); the word is the one that SMSC uses for them.
CURRENCY = "RUR"

_AMOUNT = r"[+-]?\d{1,12}(?:[.,]\d{1,4})?"
_BALANCE = re.compile(
    rf"Balance\s*:\s*(?P<balance>{_AMOUNT})\s*;\s*Overdraft\s*:\s*(?P<overdraft>{_AMOUNT})\s*;?",
    re.IGNORECASE | re.ASCII,
)


def answer(text: str) -> BalanceAnswer:
    """Return the balance, with the overdraft (how far it may sink) as credit (how much more may be spent).

    Raises:
        UnreadableError: The two amounts are not there.
    """
    match = _BALANCE.fullmatch(text)
    if match is None:
        raise UnreadableError
    balance, overdraft = (to_units(parse_money(match[name])) for name in ("balance", "overdraft"))
    return BalanceAnswer(balance, credit=-overdraft, currency=CURRENCY)
