"""Writing the success of a send in the four forms (SMSC protocol §3.2)."""

from typing import Any

from worker.simulator.prices import unpadded
from worker.simulator.smsc.formats import COMMAS, TEXT, XML, write_json, write_xml
from worker.simulator.smsc.sending import PRICE_ONLY, Recipient, Sent


def write_sent(form: int, sent: Sent, *, prices_in_text: bool) -> str:
    """Write the success of a send.

    The list that ``op`` and ``err`` ask for is written in XML and JSON only [assumed: no sample of the
    others].

    Args:
        form: value of ``fmt``.
        sent: the success.
        prices_in_text: fmt 0 shows price and balance.

    Returns:
        The text of the reply.
    """
    if form == TEXT:
        return _write_text(sent, prices_in_text=prices_in_text)
    members = _members(sent)
    if form == COMMAS:
        return ",".join(str(members[name]) for name in _order(sent))
    if sent.code is not None:
        members["code"] = sent.code
    if sent.recipients is not None:
        members["phones"] = [_describe(recipient) for recipient in sent.recipients]
    return write_xml("result", members) if form == XML else write_json(members)


def _members(sent: Sent) -> dict[str, Any]:
    if sent.detail == PRICE_ONLY:
        return {"cost": unpadded(sent.cost), "cnt": sent.segments}
    members: dict[str, Any] = {"id": sent.message_id, "cnt": sent.segments}
    if sent.detail >= 2:
        members["cost"] = unpadded(sent.cost)
    if sent.detail == 3:
        members["balance"] = unpadded(sent.balance)
    return members


def _order(sent: Sent) -> tuple[str, ...]:
    if sent.detail == PRICE_ONLY:
        return "cost", "cnt"
    return ("id", "cnt", "cost", "balance")[: 2 if sent.detail == 0 else sent.detail + 1]


def _write_text(sent: Sent, *, prices_in_text: bool) -> str:
    if sent.detail == PRICE_ONLY:
        return f"{unpadded(sent.cost)} ({sent.segments} SMS)"
    text = f"OK - {sent.segments} SMS, ID - {sent.message_id}"
    if sent.code is not None:
        text += f", CODE - {sent.code}"
    if prices_in_text and sent.detail >= 2:
        text += f", COST - {unpadded(sent.cost)}"
    if prices_in_text and sent.detail == 3:
        text += f", BALANCE - {unpadded(sent.balance)}"
    return text


def _describe(recipient: Recipient) -> dict[str, str]:
    """Write one recipient; all values are strings, and those that say nothing are left out."""
    members = {"phone": recipient.phone, "mccmnc": recipient.mccmnc}
    if recipient.cost is not None:
        members["cost"] = unpadded(recipient.cost)
    if recipient.status is not None:
        members["status"] = str(recipient.status)
    if recipient.error is not None:
        members["error"] = str(recipient.error)
    return members
