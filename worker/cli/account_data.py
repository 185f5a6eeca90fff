"""What the provider knows of the account and of phones: statistics, tariffs, operators."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from producers.answers import Operators, Raw, Statistics
from producers.kind_checks import parse_recipients
from producers.kinds import Kind
from producers.money import format_units
from producers.questions import AskOperator, AskStatistics, AskTariffs
from worker.cli import answers, asking
from worker.cli.answered import AnsweredError
from worker.cli.moments import parse_days


def show_statistics(start: str | None, end: str | None, *, timeout: float, as_json: bool) -> None:
    """Ask what was sent and spent, and show it."""
    first, last = parse_days(start, end)
    found = asking.ask(AskStatistics(start=first, end=last), timeout=timeout)
    rows = asking.expect(found, Statistics).rows
    if as_json:
        written = [
            {
                "login": row.login,
                "messages": row.messages,
                "spent": format_units(row.spent),
                "added": format_units(row.added),
                "currency": row.currency,
            }
            for row in rows
        ]
        answers.write_json({"rows": written, "age_seconds": round(found.age, 3)})
        return
    answers.write_table(
        ("login", "messages", "spent", "added", "currency"),
        (
            (row.login, row.messages, format_units(row.spent), format_units(row.added), row.currency)
            for row in rows
        ),
        right=("messages", "spent", "added"),
    )
    answers.note_age(found.age)


def show_tariffs(*, timeout: float, as_json: bool) -> None:
    """Ask for the tariffs and show what came: nobody has documented its layout."""
    found = asking.ask(AskTariffs(), timeout=timeout)
    reply = asking.expect(found, Raw).reply
    if as_json:
        answers.write_json({"reply": reply, "age_seconds": round(found.age, 3)})
        return
    if isinstance(reply, list) and reply and all(_is_row(row) for row in reply):
        columns = list(dict.fromkeys(name for row in reply for name in row))
        answers.write_table(columns, ([row.get(name, "") for name in columns] for row in reply))
    else:
        answers.write_lines(answers.printable(json.dumps(reply, ensure_ascii=False, indent=2)))
    answers.note_age(found.age)


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and not any(isinstance(cell, dict | list) for cell in row.values())


def show_operators(phones: Sequence[str], *, timeout: float, as_json: bool) -> None:
    """Ask for the operators of phones and show them."""
    numbers, _ = parse_recipients(Kind.SMS, phones)
    question = AskOperator(phones=tuple(str(number) for number in numbers))
    found = asking.ask(question, timeout=timeout)
    rows = asking.expect(found, Operators).operators
    answer = {
        "phones": [{**_DEFAULTS, **msgspec.to_builtins(row)} for row in rows],
        "age_seconds": round(found.age, 3),
    }
    if not as_json:
        answers.write_table(
            ("phone", "country", "operator", "region", "mcc", "mnc", "hours"),
            (
                (row.phone, row.country, row.operator, row.region, row.mcc, row.mnc, row.tz)
                if row.known
                else (row.phone, "unknown", "", "", "", "", "")
                for row in rows
            ),
        )
        answers.note_age(found.age)
    unknown = sum(not row.known for row in rows)
    if unknown:
        raise AnsweredError(
            f"the provider doesn't know {unknown} of {len(rows)} phones",
            hint="",
            code="not_found",
            answer=answer,
        )
    if as_json:
        answers.write_json(answer)


_DEFAULTS = {
    "phone": "",
    "country": "",
    "operator": "",
    "region": "",
    "mcc": "",
    "mnc": "",
    "tz": "",
    "known": True,
}
