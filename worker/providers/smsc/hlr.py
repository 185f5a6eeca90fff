"""HLR queries and pings: what the network says of a subscriber, and the state that follows from it."""

from __future__ import annotations

from collections.abc import Mapping

from producers.answers import Hlr
from producers.states import RecipientState
from worker.providers.smsc.values import as_int, as_text

#: Members that only an HLR query has (SMSC protocol, HLR), by the names of `Hlr`.
_MEMBERS = {
    "imsi": "imsi",
    "msc": "msc",
    "mcc": "mcc",
    "mnc": "mnc",
    "country": "cn",
    "network": "net",
    "roaming_country": "rcn",
    "roaming_network": "rnet",
}
_HLR_SENDER = "HLR"

#: Numbers of the kinds of message (SMSC protocol, message types; bits 0 to 3 of `flag`).
HLR_KIND, PING_KIND = 4, 5
_KIND_BITS = 0b1111


def found(row: Mapping[str, object]) -> Hlr | None:
    """Return what the network says, or None when the record is none of an HLR query."""
    said = {name: as_text(row.get(member)) for name, member in _MEMBERS.items()}
    return Hlr(**said) if any(said.values()) else None


def kind(row: Mapping[str, object]) -> int | None:
    """Return the provider's number for the kind of message, or None when it isn't given."""
    given = as_int(row.get("type"))
    if given is not None:
        return given
    flag = as_int(row.get("flag"))
    return flag & _KIND_BITS if flag is not None and flag >= 0 else None


def asks_the_network(row: Mapping[str, object]) -> bool:
    """Say whether a record is of an HLR query or a ping, whose `err` counts even beside status 1."""
    return (
        kind(row) in {HLR_KIND, PING_KIND}
        or as_text(row.get("sender_id")) == _HLR_SENDER
        or any(as_text(row.get(member)) for member in _MEMBERS.values())
    )


def state(status: int, err: int | None, usual: RecipientState) -> RecipientState:
    """Return the state of an HLR query's or ping's recipient; the rule is that of `Record.reachable`.

    Args:
        status: The provider's status code.
        err: Its error code; None when not given.
        usual: What the status means for a message.
    """
    if status not in {1, 2}:
        return usual
    if err is None:
        return RecipientState.TAKEN  # undecided: the whole record comes later
    return RecipientState.FAILED if err else RecipientState.DELIVERED
