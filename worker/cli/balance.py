"""The account's balance, asked of the provider within its throttles and noted in the ledger."""

from __future__ import annotations

import asyncio

from producers.answers import BalanceAnswer
from producers.asking import PATIENCE, Answered
from producers.money import format_units
from producers.questions import AskBalance
from producers.settings import Settings
from worker.cli import answers, asking


def show(*, timeout: float = PATIENCE, as_json: bool) -> None:
    """Ask and show."""
    settings = Settings.from_env()
    found = asking.ask(AskBalance(), timeout=timeout)
    answer = asking.expect(found, BalanceAnswer)
    currency = answer.currency or "RUR"
    if as_json:
        answers.write_json(
            {
                "account": settings.account,
                "provider": settings.provider,
                "balance": format_units(answer.balance),
                "currency": currency,
                "credit": format_units(answer.credit),
                "age_seconds": round(found.age, 3),
            }
        )
        return
    credit = f" and {format_units(answer.credit)} credit" if answer.credit else ""
    answers.write_lines(f"{format_units(answer.balance)} {currency}{credit}")
    answers.note_age(found.age)


def ask_balance(settings: Settings, *, max_age: float = 0.0, timeout: float = PATIENCE) -> Answered:
    """Ask for the balance of the configured account.

    Args:
        settings: The settings.
        max_age: Seconds that somebody else's answer may be old.
        timeout: Seconds to wait.

    Raises:
        SmsqError: As `worker.cli.asking.ask`.
    """
    return asyncio.run(asking.ask_async(settings, AskBalance(), timeout, max_age))
