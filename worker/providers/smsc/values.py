"""Members of a reply whose types the provider doesn't promise: numbers come as numbers or as strings.

Money is recorded as strings, ids as numbers; mocks and old clients show both the other way round. What can't
be read is absent, never an exception, and no reply can make us compute with a number of a million digits.
"""

from __future__ import annotations

import re
from decimal import Decimal

from producers.money import parse_money, to_units

_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_MONEY = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{0,12})?")
#: The documented letters of an id. `0` is the provider's way of saying "none", and `-7` is an error's place.
_ID = re.compile(r"(?=.*[A-Za-z1-9])(?!-[0-9.]+$)[A-Za-z0-9._-]{1,40}")

#: Four digits by the documents, six by clients; letters were never seen.
_CODE = re.compile(r"[0-9A-Za-z]{1,16}")

#: Decimal exponents that still are numbers of this world: up to 10**17, down to 10**-12.
_EXPONENTS = range(-12, 18)
_DIGITS = 18
_LARGEST_INTEGER = 10**_DIGITS
_LARGEST_AMOUNT = 10**12
_HIGHEST_PRICE = 2**32 - 2


def as_int(value: object) -> int | None:
    """Return an integer member, or None when it is absent, empty or something else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if -_LARGEST_INTEGER < value < _LARGEST_INTEGER else None
    if isinstance(value, str):
        if value.isdecimal() and value.isascii() and len(value) < _DIGITS:  # nearly every number of a reply
            return int(value)
        text = value.strip()
        return int(text) if _INTEGER.fullmatch(text) else None
    if isinstance(value, Decimal) and _is_sane(value) and value == value.to_integral_value():
        return int(value)
    return None


def as_count(value: object) -> int | None:
    """Return a count or a time stamp: an integer from 0 to what four bytes hold."""
    number = as_int(value)
    return number if number is not None and 0 <= number < 2**32 else None


def as_units(value: object) -> int | None:
    """Return an amount of money in 1/10000 rouble, or None when it is absent, empty or something else."""
    if isinstance(value, str):
        text = value.strip()
        return to_units(parse_money(text)) if _MONEY.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if isinstance(value, Decimal) and not _is_sane(value):
        return None
    return to_units(Decimal(value)) if -_LARGEST_AMOUNT < value < _LARGEST_AMOUNT else None


def as_cost(value: object, *, recipients: int = 1) -> int | None:
    """Return what a number of recipients cost in 1/10000 rouble, or None when that can't be meant as a price.

    A price is not negative, and fits into the four bytes that the ledger has for each recipient.
    """
    units = as_units(value)
    return units if units is not None and 0 <= units <= _HIGHEST_PRICE * recipients else None


def as_id(value: object) -> str:
    """Return a message id, or an empty string when there is none."""
    if isinstance(value, str):
        text = value.strip()
        return text if _ID.fullmatch(text) else ""
    number = as_int(value)
    return str(number) if number is not None and number > 0 else ""


def as_phone(value: object) -> int | None:
    """Return a phone as E.164 digits; a leading plus is tolerated."""
    number = as_int(value)
    return number if number is not None and number > 0 else None


def as_text(value: object) -> str:
    """Return a member as text: a number as its digits, and an empty string for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return ""
    if isinstance(value, Decimal):
        return str(value) if _is_sane(value) else ""
    return str(value) if -_LARGEST_INTEGER < value < _LARGEST_INTEGER else ""


def as_code(value: object) -> str:
    """Return the code of a voice call: a string of digits, which may begin with zeros, or an empty string."""
    text = as_text(value)
    return text if _CODE.fullmatch(text) else ""


def as_recipient(value: object) -> int | str | None:
    """Return a phone as E.164 digits, an e-mail address or another name in lower case, or None."""
    phone = as_phone(value)
    if phone is not None:
        return phone
    name = value.strip().lower() if isinstance(value, str) else ""
    return name or None


def _is_sane(value: Decimal) -> bool:
    return value.is_finite() and value.adjusted() in _EXPONENTS
