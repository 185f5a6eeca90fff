"""Phone numbers as they may appear in logs and errors."""

from __future__ import annotations


def mask_phone(phone: int | str) -> str:
    """Return a phone number with the middle hidden: ``7999***4567``.

    Short values are hidden whole.
    """
    digits = str(phone)
    if len(digits) < 9:
        return "***"
    return f"{digits[:4]}***{digits[-4:]}" if len(digits) >= 11 else f"{digits[:2]}***{digits[-2:]}"
