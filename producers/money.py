"""Money: ``Decimal`` roubles in code, integer units of 1/10000 rouble in Redis, strings outside.

Floats never appear: SMSC's prices have up to four decimals (a recorded balance is ``3215.3097``).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

UNITS_PER_ROUBLE = 10_000
_QUANTUM = Decimal("0.0001")


def to_units(amount: Decimal) -> int:
    """Return ``amount`` (roubles) as an integer number of 1/10000 roubles, rounded half up."""
    return int((amount / _QUANTUM).to_integral_value(rounding=ROUND_HALF_UP))


def from_units(units: int) -> Decimal:
    """Return ``units`` of 1/10000 rouble as roubles with four decimals."""
    return (Decimal(units) * _QUANTUM).quantize(_QUANTUM)


def format_units(units: int) -> str:
    """Return ``units`` the way the public JSON writes money: roubles with four decimals."""
    return str(from_units(units))


def parse_money(text: str) -> Decimal:
    """Read an amount in roubles.

    Raises:
        ValueError: ``text`` is not a finite decimal number.
    """
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise ValueError("not an amount of money") from None
    if not amount.is_finite():
        raise ValueError("not an amount of money")
    return amount


def share(total: int, weights: list[int]) -> list[int]:
    """Split ``total`` units in proportion to ``weights`` so that the parts add up exactly.

    The remainders go to the first recipients, one unit each.
    """
    whole = sum(weights)
    if not weights:
        return []
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    parts = [total * weight // whole for weight in weights]
    for index in range(total - sum(parts)):
        parts[index] += 1
    return parts
