"""Checking the members of an order to ``/_control``."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


class LeverError(ValueError):
    """An order can't be read; the message says why."""


def check_members(order: str, value: Any, wanted: Mapping[str, type], optional: Mapping[str, type]) -> None:
    """Check that an order is an object with members of these types, ``wanted`` ones among them.

    Args:
        order: its name, for the complaint.
        value: the order.
        wanted: members that must be there.
        optional: members that may be.

    Raises:
        LeverError: it isn't.
    """
    if not isinstance(value, dict):
        raise LeverError(f"{order}: expected an object")
    known = {**wanted, **optional}
    if unknown := set(value) - set(known):
        raise LeverError(f"{order}: unknown member {min(unknown)!r}")
    if missing := set(wanted) - set(value):
        raise LeverError(f"{order}: {min(missing)!r} is missing")
    for name, one in value.items():
        if not _fits(one, known[name]):
            raise LeverError(f"{order}: {name} is no {known[name].__name__}")


def read_money(name: str, value: Any) -> Decimal:
    """Read money, a number or a string; raises LeverError."""
    try:
        money = Decimal(str(value))
    except InvalidOperation:
        money = Decimal("NaN")
    if not money.is_finite():
        raise LeverError(f"{name}: {value!r} is no amount of money")
    return money


def _fits(value: Any, kind: type) -> bool:
    if kind in (int, float):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return (whole or (kind is float and isinstance(value, float))) and 0 <= value < float("inf")
    return isinstance(value, kind)
