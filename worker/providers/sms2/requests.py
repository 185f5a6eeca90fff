"""What can be sent, what makes two sends the same, and what of a send is nobody else's business."""

from __future__ import annotations

from producers.contract import Refused, SendRequest
from producers.kinds import Kind
from producers.sms2_rules import PHONES, unsupported
from worker.providers.sms2 import codes, mms, sends
from worker.providers.sms2.account import Sms2Account
from worker.providers.smsc.requests import digest


def refusal(request: SendRequest) -> Refused | None:
    """Return why a request can't be put to SMS2 at all, or None. To leave something out would be a lie.

    Raises:
        ValueError: It has not exactly one recipient.
    """
    if len(request.phones) != 1:
        raise ValueError("SMS2 takes one recipient a request")
    if request.phones[0] not in PHONES:
        return Refused(codes.NO_CODE, "unsupported_number")
    if unsupported(request.options):
        return Refused(codes.NO_CODE, "unsupported_option")
    return mms.refusal(request) if request.options.kind is Kind.MMS else None


def fingerprint(request: SendRequest) -> str:
    """Return a digest of what makes two sends the same message to the same number.

    Raises:
        ValueError: It has not exactly one recipient.
    """
    (phone,) = request.phones
    options = request.options
    more = [file.digest for file in options.files]
    return digest((request.recipient(phone), sends.text_of(request), request.sender, options.subject, more))


def private(account: Sms2Account, request: SendRequest) -> tuple[str, ...]:
    """Return what the provider may repeat of a request and nobody else is to see."""
    return (*account.secrets, sends.text_of(request), request.options.subject)
