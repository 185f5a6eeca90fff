"""Carrying out ``status.php``: which messages are asked for, and deletion (SMSC protocol §5)."""

from typing import NamedTuple

from worker.simulator.calls import Call
from worker.simulator.smsc.batches import LONGEST_ID, Batches
from worker.simulator.smsc.errors import CANNOT_DELETE, RefusedError

Message = tuple[str, str]
"""An id and a phone without plus sign."""


class StatusRequest(NamedTuple):
    """A status request, understood.

    Attributes:
        messages: what is asked for, in order.
        mass: the reply is to have the form for many messages.
        detail: value of ``all``.
        delete: the messages are to be deleted.
    """

    messages: list[Message]
    mass: bool
    detail: int
    delete: bool


def read_status(call: Call) -> StatusRequest:
    """Understand a status request.

    Args:
        call: the request.

    Returns:
        What it asks for.

    Raises:
        RefusedError: error 1 without id or phone, for lists of different lengths [assumed], and for a wrong
            ``all`` [assumed].
    """
    given = call.parameters
    ids, phones = given.get("id", ""), given.get("phone", "")
    # A comma anywhere, even at the end of a single value, asks for the form for many.
    mass = "," in ids or "," in phones
    id_list = _split(ids)
    phone_list = [phone.removeprefix("+") for phone in _split(phones)]
    detail = given.get("all") or "0"
    # The length keeps numbers from being read that nobody can have as an id.
    if (
        not id_list
        or max(map(len, id_list)) > LONGEST_ID
        or len(id_list) != len(phone_list)
        or detail not in ("0", "1", "2")
    ):
        raise RefusedError(1)
    return StatusRequest(
        list(zip(id_list, phone_list, strict=True)), mass, int(detail), given.get("del") == "1"
    )


def delete_messages(batches: Batches, messages: list[Message]) -> None:
    """Delete messages; afterwards their status is unknown.

    Args:
        batches: where they are.
        messages: which.

    Raises:
        RefusedError: error 5 if one of them doesn't exist; none is deleted then [assumed].
    """
    found = [(batches.find(message_id, phone), phone) for message_id, phone in messages]
    if any(batch is None for batch, _ in found):
        raise RefusedError(5, CANNOT_DELETE)
    for batch, phone in found:
        if batch is not None:
            batch.delete(phone)


def _split(text: str) -> list[str]:
    return [piece for piece in map(str.strip, text.split(",")) if piece]
