"""The rows that `op=1` adds to the reply to a send: what became of each recipient."""

from __future__ import annotations

from typing import Any

from producers.contract import NO_ERR, NO_STATUS, RecipientResult, address_of
from producers.meanings.smsc import STATUSES
from producers.states import RecipientState
from worker.providers.smsc.codes import ERR_TEST_MODE, REFUSED_STATUSES
from worker.providers.smsc.values import as_cost, as_int, as_recipient

_NOTHING_SAID = RecipientResult(RecipientState.TAKEN)


def results(
    rows: object, phones: tuple[int, ...], addresses: tuple[str, ...] = ()
) -> dict[int, RecipientResult]:
    """Return what is said of single recipients, by their index in the request.

    Rows of phones that aren't in the request are passed over; a phone without a row was taken, no remarks.

    Args:
        rows: The member ``phones`` of a reply, of any type (SMSC protocol, send: a list of objects with
            ``phone``, ``mccmnc``, ``cost``, ``status``, ``error``, each of them a string and each optional).
        phones: The request's phones.
        addresses: What its phones from `FIRST_ADDRESS` on stand for.
    """
    if isinstance(rows, list) and (same := _in_order(rows, phones)) is not None:
        return same
    index: dict[int | str | None, int] = {phone: position for position, phone in enumerate(phones)}
    if addresses:
        named = [address_of(phone, addresses).strip().lower() for phone in phones]
        index |= {name: position for position, name in enumerate(named) if not name.isdecimal()}
    # The rows of a campaign are nearly all alike: 500 of them share a handful of results.
    known: dict[object, RecipientResult] = {}
    found: dict[int, RecipientResult] = {}
    for row in _listed(rows):
        position = index.get(as_recipient(row.get("phone")))
        if position is None or position in found:
            continue
        key = (row.get("status"), row.get("error"), row.get("cost"))
        try:
            result = known.get(key)
        except TypeError:  # a list or an object where a string belongs
            result = _result(*key)
        if result is None:
            result = known[key] = _result(*key)
        if result is not _NOTHING_SAID:
            found[position] = result
    return found


def _in_order(rows: list[Any], phones: tuple[int, ...]) -> dict[int, RecipientResult] | None:
    """Return the results when there is a row for each phone, in the request's order; else None.

    That is how the provider answers, and this way takes half the time of looking every phone up.
    """
    try:
        if [row["phone"] for row in rows] != list(map(str, phones)):
            return None
        keys = [(row.get("status"), row.get("error"), row.get("cost")) for row in rows]
        known = {key: _result(*key) for key in set(keys)}
    except (TypeError, KeyError, AttributeError):
        return None
    return {index: result for index, key in enumerate(keys) if (result := known[key]) is not _NOTHING_SAID}


def _listed(rows: object) -> list[dict[str, Any]]:
    """Return the rows as a list: PHP writes a list with a gap, or of one, as an object."""
    if isinstance(rows, list):
        return [row for row in rows if isinstance(row, dict)]
    if not isinstance(rows, dict):
        return []
    if "phone" in rows:
        return [rows]
    return [{"phone": name, **row} for name, row in rows.items() if isinstance(row, dict)]


def _result(status: object, error: object, cost: object) -> RecipientResult:
    code = as_int(status)
    err = as_int(error)
    state = STATUSES[code].state if code in STATUSES else RecipientState.TAKEN
    arrived = state in {RecipientState.DELIVERED, RecipientState.READ}
    if not arrived and (code in REFUSED_STATUSES or err not in {None, 0, ERR_TEST_MODE}):
        # A price beside a refusal is what it would have cost: the ledger counts the refused as free.
        return RecipientResult(RecipientState.REFUSED, status_code(code), err_code(err))
    result = RecipientResult(state, status_code(code), err_code(err), as_cost(cost))
    return _NOTHING_SAID if result == _NOTHING_SAID else result


def status_code(code: int | None) -> int:
    """Return a status code as the ledger stores it: one signed byte."""
    return code if code is not None and NO_STATUS < code <= 127 else NO_STATUS


def err_code(code: int | None) -> int:
    """Return an error code as the ledger stores it: two bytes."""
    return code if code is not None and 0 <= code < NO_ERR else NO_ERR
