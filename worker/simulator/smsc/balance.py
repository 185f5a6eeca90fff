"""Writing the balance in the four forms (SMSC protocol §6)."""

from decimal import Decimal

from worker.simulator.prices import padded
from worker.simulator.smsc.formats import COMMAS, JSON, TEXT, write_json


def write_balance(form: int, balance: Decimal, credit: Decimal, currency: str | None) -> str:
    """Write the balance.

    Args:
        form: value of ``fmt``.
        balance: money on the account.
        credit: allowed debt; shown with the currency if it isn't 0.
        currency: its code, None if it wasn't asked for.

    Returns:
        The text of the reply. With a currency, XML puts the elements side by side and fmt 1 parts them by
        commas [assumed].
    """
    members = {"balance": padded(balance)}
    if currency is not None:
        if credit:
            members["credit"] = padded(credit)
        members["currency"] = currency
    if form == JSON:
        return write_json(members)
    if form in (TEXT, COMMAS):
        return (" " if form == TEXT else ",").join(members.values())
    return "".join(f"<{name}>{value}</{name}>" for name, value in members.items())
