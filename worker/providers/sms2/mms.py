"""One MMS: a picture with a subject and a text."""

from __future__ import annotations

import hashlib
import re

from producers.contract import Hold, InDoubt, Refused, SendOutcome, SendRequest
from producers.sms2_rules import is_picture
from worker.providers.sms2 import codes, replies, sends, wire
from worker.providers.sms2.account import CHARSET, Sms2Account
from worker.providers.smsc.transport import Reply
from worker.providers.smsc.wire import Message

_TAKEN = re.compile(r"Ok_(?P<id>\S*)", re.IGNORECASE)
#: How the description is parted from the word isn't documented.
_ERROR = re.compile(r"Error(?![A-Za-z0-9])[\s:_.,-]*(?P<words>.*)", re.IGNORECASE | re.DOTALL)


def refusal(request: SendRequest) -> Refused | None:
    """Return why a request can't be sent as an MMS, or None."""
    texts = len(f"{request.options.subject}{sends.text_of(request)}".encode(errors="replace"))
    if len(request.files) == 1 and is_picture(request.files[0], texts=texts):
        return None
    return Refused(codes.NO_CODE, "bad_picture")


def message(account: Sms2Account, request: SendRequest) -> Message:
    """Return the request as it is written.

    Raises:
        UnicodeEncodeError: Subject or text has half of a surrogate pair.
    """
    # Documented so; it protects nothing that TLS doesn't.
    password = hashlib.md5(account.password.encode(CHARSET), usedforsecurity=False).hexdigest()
    parameters = [
        ("user", account.user),
        ("hash", password),
        ("phone", str(request.phones[0])),
        ("subject", request.options.subject),
        ("text", sends.text_of(request)),
    ]
    return wire.multipart(wire.MMS_PATH, parameters, request.files[0])


def outcome(reply: Reply, hidden: tuple[str, ...], *, minute: float = codes.MINUTE) -> SendOutcome:
    """Return what a reply says: a known text is decided on as for an SMS, any other error waits for a person.

    Args:
        reply: The reply.
        hidden: What must not be passed on, should the provider repeat it in an error.
        minute: Seconds that stand for a minute.
    """
    text = replies.text_of(reply.body)
    error = _ERROR.fullmatch(text)
    if error is not None and replies.is_believed(reply.status, error["words"], codes.SEND_ERRORS):
        detail = replies.without(text, hidden)
        decided = codes.decide(error["words"], codes.SEND_ERRORS, detail=detail, minute=minute)
        return Hold(codes.MMS_ERROR, "mms_error", decided.detail) if isinstance(decided, Hold) else decided
    if reply.status != 200:
        return InDoubt(f"http_{reply.status}")
    match = _TAKEN.fullmatch(text)
    if match is None:
        return InDoubt("unreadable_reply" if text else "empty_reply")
    return sends.taken(match["id"])
