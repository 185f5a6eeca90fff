"""Numbers for incoming messages: those that can be rented, renting one, its renewal."""

from __future__ import annotations

import sys

from producers.answers import Done, FreeNumbers, Rented
from producers.errors import UsageError
from producers.money import format_units
from producers.phones import parse_phone
from producers.questions import AskNumbers, ChangeRenewal, RentNumber
from worker.cli import answers, asking
from worker.cli.record_views import money

_KINDS = {1: "virtual", 4: "virtual", 2: "SIM hosting"}


def show(*, timeout: float, as_json: bool) -> None:
    """Ask for the numbers that can be rented, and show them."""
    found = asking.ask(AskNumbers(), timeout=timeout)
    numbers = asking.expect(found, FreeNumbers).numbers
    if as_json:
        written = [
            {
                "phone": number.phone,
                "type": number.kind,
                "cost": None if number.cost is None else format_units(number.cost),
                "current_cost": None if number.current_cost is None else format_units(number.current_cost),
                "info": number.info,
            }
            for number in numbers
        ]
        answers.write_json({"numbers": written, "age_seconds": round(found.age, 3)})
        return
    answers.write_table(
        ("phone", "type", "a month", "this month", "info"),
        (
            (
                number.phone,
                _KINDS.get(number.kind or 0, "" if number.kind is None else number.kind),
                money(number.cost),
                money(number.current_cost),
                number.info,
            )
            for number in numbers
        ),
        right=("a month", "this month"),
    )
    answers.note_age(found.age)


def rent(phone: str, *, prolong: bool, key: str | None, sure: bool, timeout: float, as_json: bool) -> None:
    """Rent a number, when the person at the terminal or ``--yes`` says so.

    Raises:
        UsageError: Nobody has said so.
    """
    digits = str(parse_phone(phone))
    if not sure:
        _confirm(digits, prolong=prolong, timeout=timeout, as_json=as_json)
    found = asking.ask(RentNumber(phone=digits, prolong=prolong), timeout=timeout, key=key)
    rented = asking.expect(found, Rented)
    if as_json:
        answers.write_json(
            {
                "phone": rented.phone,
                "cost": None if rented.cost is None else format_units(rented.cost),
                "certain": rented.certain,
                "prolong": prolong,
            }
        )
    elif rented.certain:
        cost = f" for {format_units(rented.cost)}" if rented.cost is not None else ""
        answers.write_lines(f"rented {rented.phone}{cost}")
    else:
        answers.write_lines(f"{rented.phone} was probably rented")
    if not rented.certain:
        answers.note(
            "not certain: the provider's answer got lost. The number is no longer on the list of free ones,"
            " so it was rented, by this command or by somebody else just then: compare smsq balance"
        )


def _confirm(digits: str, *, prolong: bool, timeout: float, as_json: bool) -> None:
    if as_json or not sys.stdin.isatty() or not sys.stderr.isatty():
        raise UsageError(
            "renting costs money, and there is no terminal to ask at: nothing was rented",
            hint="add --yes if you are sure; smsq numbers list shows what it costs",
            code="not_confirmed",
        )
    found = asking.ask(AskNumbers(), timeout=timeout)
    free = {number.phone.lstrip("+"): number for number in asking.expect(found, FreeNumbers).numbers}
    if digits not in free:
        raise UsageError(
            "that number isn't one of those that can be rented; nothing was rented",
            hint="smsq numbers list shows them",
            code="not_free",
        )
    price = free[digits]
    answers.note(
        f"{digits} costs {money(price.cost) or 'an unknown amount'} a month,"
        f" {money(price.current_cost) or 'an unknown amount'} for the rest of this one;"
        f" {'it is' if prolong else 'it is not'} rented again each month"
    )
    sys.stderr.write("rent it? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes", "д", "да"}:
        raise UsageError("nothing was rented", code="not_confirmed")


def change_renewal(phone: str, *, prolong: bool, timeout: float, as_json: bool) -> None:
    """Switch the renewal of a rented number on or off."""
    digits = str(parse_phone(phone))
    found = asking.ask(ChangeRenewal(phone=digits, prolong=prolong), timeout=timeout)
    asking.expect(found, Done)
    if as_json:
        answers.write_json({"phone": digits, "prolong": prolong})
    else:
        answers.write_lines(f"{digits} is {'rented again each month' if prolong else 'not rented again'}")
