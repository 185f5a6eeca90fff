"""One SMS: from the request to the form, and from the reply to the outcome."""

from __future__ import annotations

import re
from collections.abc import Mapping

from producers.contract import InDoubt, SendOutcome, SendRequest, Taken
from producers.kinds import Kind
from worker.providers.sms2 import codes, replies, wire
from worker.providers.sms2.account import CHARSET, Sms2Account
from worker.providers.sms2.codes import Row
from worker.providers.smsc.transport import Reply
from worker.providers.smsc.wire import Message

#: The id is opaque (SMS2 protocol, send).
_TAKEN = re.compile(r"Message successfully sent!\s*Message_ID\s*=\s*(?P<id>\S*)", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def text_of(request: SendRequest) -> str:
    """Return the recipient's text."""
    return request.texts[0] if request.texts else request.text or ""


def message(account: Sms2Account, request: SendRequest) -> Message:
    """Return the request as it is written: in windows-1251, or with ``enc`` where that lacks a letter.

    Raises:
        UnicodeEncodeError: Sender or text can't be written.
    """
    text = text_of(request)
    parameters = [("phone", str(request.phones[0])), ("message", text)]
    if request.sender:
        parameters.append(("from", request.sender))
    if request.options.kind is Kind.FLASH:
        parameters.append(("flash", "1"))
    try:
        text.encode(CHARSET)
    except UnicodeEncodeError:
        return wire.form(account, wire.SEND_PATH, [*parameters, ("enc", "utf-8")], "utf-8")
    return wire.form(account, wire.SEND_PATH, parameters)


def outcome(reply: Reply, hidden: tuple[str, ...], *, minute: float = codes.MINUTE) -> SendOutcome:
    """Return what a reply to a send says.

    Args:
        reply: The reply.
        hidden: What must not be passed on, should the provider repeat it in an error.
        minute: Seconds that stand for a minute.
    """
    text = replies.text_of(reply.body)
    refused = refused_by(reply.status, text, codes.SEND_ERRORS, hidden, minute=minute)
    if refused is not None:
        return refused
    match = _TAKEN.fullmatch(text)
    return _doubt(text) if match is None else taken(match["id"])


def refused_by(
    status: int, text: str, rows: Mapping[str, Row], hidden: tuple[str, ...], *, minute: float
) -> SendOutcome | None:
    """Return the decision on an error reply, or on an HTTP status that nothing can be believed with."""
    words = replies.error_in(text)
    if words and replies.is_believed(status, words, rows):
        return codes.decide(words, rows, detail=replies.without(text, hidden), minute=minute)
    return None if status == 200 else InDoubt(f"http_{status}")


def taken(provider_id: str) -> Taken | InDoubt:
    """Return the outcome of a send that succeeded; without an id it can't be told what it was about."""
    return Taken(provider_id) if _ID.fullmatch(provider_id) else InDoubt("reply_without_id")


def _doubt(text: str) -> InDoubt:
    return InDoubt("unreadable_reply" if text else "empty_reply")
