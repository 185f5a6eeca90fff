"""From the reply to a send to its outcome: taken, refused, not sent, held or in doubt."""

from __future__ import annotations

import re
from collections.abc import Mapping

from producers.contract import InDoubt, SendOutcome, SendRequest, Taken
from producers.masking import mask_phone
from worker.providers.smsc import codes, recipients, replies
from worker.providers.smsc.values import as_code, as_cost, as_count, as_id, as_units

_OK_TEXT = re.compile(
    r"OK - (?P<cnt>\d{1,9}) SMS, ID - (?P<id>[^,\s]+)(?P<more>(?:,\s*[A-Z]+ - [^,\s]+)*)", re.ASCII
)
_OK_TEXT_MORE = re.compile(r"([A-Z]+) - ([^,\s]+)")
_OK_LIST = re.compile(
    r"(?P<id>[^,\s]+),(?P<cnt>\d{1,9})(?:,(?P<cost>[^,\s]*)(?:,(?P<balance>[^,\s]*))?)?", re.ASCII
)

_SECRET_LENGTH = 4
_PHONE = re.compile(r"\d{9,15}", re.ASCII)


def outcome(
    status: int,
    body: bytes,
    request: SendRequest,
    *,
    minute: float = codes.MINUTE,
    secrets: tuple[str, ...] = (),
    charset: str = "utf-8",
) -> SendOutcome:
    """Return what a reply to a send says.

    Args:
        status: The HTTP status.
        body: The reply as it came.
        request: What was asked; its phones are the recipients' order.
        minute: Seconds that the provider's throttle window lasts.
        secrets: What must not be passed on, should the provider ever repeat it in an error.
        charset: What the reply is in if it isn't in UTF-8.
    """
    try:
        document = replies.read(body, charset)
    except replies.UnreadableError as error:
        return InDoubt(error.reason if status == 200 else f"http_{status}")
    error_reply = replies.error_in(document)
    if error_reply is not None and is_believed(status, error_reply):
        words = _without(error_reply.text, (*secrets, *_private(request)))
        return codes.decide(error_reply.code, words, error_reply.provider_id, minute=minute)
    if status != 200:
        return InDoubt(f"http_{status}")
    return _taken(document, request)


def is_believed(status: int, error: replies.ErrorReply) -> bool:
    """Say whether an error reply proves that nothing was sent.

    SMSC answers errors with HTTP 200. A 4xx with a numbered error comes from the same program, which has
    refused the request as a whole. A 5xx may have been written by a machine in front of it after the request
    had gone through, and a redirect by anybody: their bodies prove nothing.
    """
    return status == 200 or (400 <= status < 500 and error.coded)


def _private(request: SendRequest) -> tuple[str, ...]:
    """Return what the provider may repeat of a request and nobody else is to see."""
    options = request.options
    texts = (request.text or "", *(request.texts or ()), options.subject, options.file_url)
    names = (*request.addresses, options.captcha, options.user_ip)
    # The longest first: one may hold another.
    return tuple(sorted((*texts, *names), key=len, reverse=True))


def _without(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        # A shorter one would be found in ordinary words.
        if len(secret) >= _SECRET_LENGTH:
            text = text.replace(secret, "***")
    return _PHONE.sub(lambda found: mask_phone(found[0]), text)


def _taken(document: replies.Document, request: SendRequest) -> Taken | InDoubt:
    if document.items is not None:
        return InDoubt("unreadable_reply")
    if document.members is None:
        members = _text_members(document.text, request.provider_id)
    else:
        members = document.members
    if members is None:
        return InDoubt("unreadable_reply")
    # An id that isn't ours is believed: where the provider numbers the message itself, that is its name.
    provider_id = as_id(members.get("id"))
    if not provider_id:
        return InDoubt("reply_without_id")
    return Taken(
        provider_id,
        segments=as_count(members.get("cnt")),
        cost=as_cost(members.get("cost"), recipients=len(request.phones)),
        balance=as_units(members.get("balance")),
        exceptions=recipients.results(members.get("phones"), request.phones, request.addresses),
        voice_code=as_code(members.get("code")),
    )


def _text_members(text: str, our_id: str) -> Mapping[str, object] | None:
    """Read formats 0 and 1.

    Their ids are taken only when they are ours or a number: `1.40,1` is the answer to a price request, and
    any text with a comma in it looks like an id and a count.
    """
    match = _OK_TEXT.fullmatch(text)
    if match is not None:
        more = {name.lower(): value for name, value in _OK_TEXT_MORE.findall(match["more"])}
        members: Mapping[str, object] = more | {"id": match["id"], "cnt": match["cnt"]}
    else:
        match = _OK_LIST.fullmatch(text)
        if match is None:
            return None
        members = match.groupdict()
    return members if match["id"] == our_id or match["id"].isdecimal() else None
