"""A send as a mail to the provider (SMSC protocol, SMTP): the transport of last resort, without a reply."""

from __future__ import annotations

import re
from email.message import EmailMessage

from producers.contract import SendRequest
from producers.kinds import Kind, SendOptions
from worker.providers.smsc import options as kinds
from worker.providers.smsc import requests
from worker.providers.smsc.account import SmscAccount, base_url
from worker.providers.smsc.call import UnsendableError

#: The largest mail that the provider takes.
MAX_MAIL = 100 * 1024

#: The longest line of a mail without an encoding of its own (RFC 5321), in bytes.
_LONGEST_LINE = 998

#: What can be said of a message in a mail; all else has no place in the documented form.
_IN_A_MAIL = frozenset({"kind", "translit", "time", "tz", "keep_plus"})

#: What would end a field.
_COLON = re.compile(r"[:\r\n]")
_COMMA = re.compile(r"[:,\r\n]")


def domain(account: SmscAccount) -> str:
    """Return the domain under which the provider takes mails."""
    return (base_url(account.url).host or "").removeprefix("www.")


def message(account: SmscAccount, request: SendRequest, sender: str) -> bytes:
    """Return the mail as it goes over the wire.

    Args:
        account: Whose credentials go into it.
        request: What is to be sent.
        sender: The mail's own sender.

    Raises:
        UnsendableError: ``not_by_mail``: the form has no place for it; ``mail_too_large``; ``bad_recipient``.
        UnicodeEncodeError: The account's charset has not all of its letters.
    """
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = f"send@send.{domain(account)}"
    text = body(account, request)
    lines = text.encode(account.charset).splitlines()
    # A mail of long lines has to be encoded on its way; whether the provider decodes base64 is unconfirmed,
    # its own libraries never do it.
    encoding = "8bit" if max(map(len, lines)) <= _LONGEST_LINE else "base64"
    mail.set_content(text, charset=account.charset, cte=encoding)
    found = mail.as_bytes()
    if len(found) > MAX_MAIL:
        raise UnsendableError("mail_too_large")
    return found


def body(account: SmscAccount, request: SendRequest) -> str:
    """Return ``login:psw:id:time,tz:translit,format,sender,test:phones:mes``, or ``...::list``.

    With a key instead of a login the login is empty. Without a time zone the time stands alone, as in the
    official library; that both forms may be mixed is unconfirmed.

    Raises:
        UnsendableError: ``not_by_mail`` or ``bad_recipient``.
    """
    said = request.options
    _check(request)
    login, password = ("", account.api_key) if account.api_key else (account.login, account.password)
    time = said.time or "0"
    fields = [
        _field(login, _COLON),
        _field(password, _COLON),
        _field(request.provider_id, _COLON),
        _field(time, _COMMA) if said.tz is None else f"{_field(time, _COMMA)},{said.tz}",
        f"{said.translit},{kinds.FORMATS[said.kind]},{_field(request.sender, _COMMA)},0",
    ]
    parameters = dict(requests.message_parameters(request))
    if "list" in parameters:
        return ":".join([*fields, "", parameters["list"]])
    return ":".join([*fields, _field(parameters["phones"], _COLON), parameters["mes"]])


def _check(request: SendRequest) -> None:
    said, plain = request.options, SendOptions()
    others = any(
        getattr(said, name) != getattr(plain, name)
        for name in said.__struct_fields__
        if name not in _IN_A_MAIL
    )
    if others or said.kind is Kind.BINARY:
        raise UnsendableError("not_by_mail")


def _field(value: str, separators: re.Pattern[str]) -> str:
    if separators.search(value):
        raise UnsendableError("not_by_mail")
    return value
