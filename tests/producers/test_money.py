from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.money import format_units, from_units, parse_money, share, to_units


@pytest.mark.parametrize(
    ("text", "units", "shown"),
    [
        ("1.40", 14_000, "1.4000"),
        ("3215.3097", 32_153_097, "3215.3097"),
        ("0", 0, "0.0000"),
        ("-10000.00", -100_000_000, "-10000.0000"),
        (" 5,5 ", 55_000, "5.5000"),
        ("0.00005", 1, "0.0001"),
    ],
)
def test_amounts(text: str, units: int, shown: str) -> None:
    assert to_units(parse_money(text)) == units
    assert format_units(units) == shown
    assert from_units(units) == Decimal(shown)


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1.2.3"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        parse_money(text)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 20), min_size=1, max_size=600))
def test_shares_add_up_exactly_and_keep_proportion(total: int, weights: list[int]) -> None:
    parts = share(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    whole = sum(weights) or len(weights)
    for part, weight in zip(parts, weights if sum(weights) else [1] * len(weights), strict=True):
        assert abs(part - total * weight / whole) <= 1
