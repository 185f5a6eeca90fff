"""Under which ids the provider knows the recipients of a message."""

from __future__ import annotations

from collections.abc import Sequence

from producers import NotFound, Producer, UsageError
from producers.errors import SmsqError
from producers.kind_checks import parse_recipient
from producers.kinds import Kind
from worker.cli.message import is_campaign


def find_pairs(producer: Producer, message: str, only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return (id at the provider, recipient) pairs of a message.

    Args:
        producer: Reads the ledger.
        message: Our id of it.
        only: These of its recipients; empty: all.

    Raises:
        NotFound: There is no such message, or none of its recipients has an id at the provider.
        UsageError: It is a campaign, or has no such recipient.
    """
    try:
        found = producer.message(message).status()
    except NotFound:
        if is_campaign(producer, message):
            raise UsageError(
                "that is a campaign, not a message", hint="give a message's id", code="is_campaign"
            ) from None
        raise
    ids = {str(recipient["phone"]): str(recipient["provider_id"] or "") for recipient in found["recipients"]}
    wanted = [plain(name) for name in only] or list(ids)
    unknown = [position for position, name in enumerate(wanted, 1) if name not in ids]
    if unknown:
        raise UsageError(
            f"recipient {unknown[0]} isn't one of the message's",
            hint=f"smsq status {message}",
            code="bad_recipient",
        )
    pairs = [(ids[name], name) for name in wanted if ids[name]]
    if not pairs:
        raise SmsqError(
            "the provider has none of these recipients yet",
            hint=f"smsq status {message} shows where they stand",
            code="not_sent",
        )
    return pairs


def plain(name: str) -> str:
    """Return a recipient as the provider knows it: digits of a phone, or an address.

    Raises:
        BadRecipient: It is neither.
    """
    return str(parse_recipient(Kind.EMAIL if "@" in name[1:] else Kind.TELEGRAM, name))
