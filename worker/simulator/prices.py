"""Money: exact sums and the two ways in which SMSC prints them."""

from decimal import Decimal


def unpadded(amount: Decimal) -> str:
    """Print money as ``send.php`` does: ``0``, ``3.8``, ``83.6``, ``3215.3097`` (SMSC protocol §3.2).

    Args:
        amount: money in the account's currency.

    Returns:
        The amount without trailing zeros and never in exponent form.
    """
    return format(amount.normalize(), "f") if amount else "0"


def padded(amount: Decimal) -> str:
    """Print money as balance and status records do: ``0.00``, ``6.40``, ``178.10`` (SMSC protocol §5.3, §6).

    Args:
        amount: money in the account's currency.

    Returns:
        The amount with at least two decimals.
    """
    whole, _, decimals = unpadded(amount).partition(".")
    return f"{whole}.{decimals:0<2}"
