"""Calls to bytes: forms in windows-1251, and the multipart body of an MMS."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from urllib.parse import quote_plus

from worker.providers.sms2.account import CHARSET, Sms2Account
from worker.providers.smsc.wire import Message

SEND_PATH = "/sms.cgi"
STATUS_PATH = "/sms_status2.cgi"
BALANCE_PATH = "/get_credit_info.cgi"
BASES_PATH = "/api_call.cgi"
MMS_PATH = "/api.php"

Parameters = Sequence[tuple[str, str]]


def form(account: Sms2Account, path: str, parameters: Parameters, text_charset: str = CHARSET) -> Message:
    """Return a call as a form; requests are POSTs, since URLs end up in logs.

    Args:
        account: Who asks.
        path: The script.
        parameters: Names and values.
        text_charset: Of ``message``, if another.

    Raises:
        UnicodeEncodeError: The charset has not all letters of a value.
    """
    pairs = [("user", account.user), ("pass", account.password), *parameters]
    body = "&".join(
        f"{name}={quote_plus(value, encoding=text_charset if name == 'message' else CHARSET)}"
        for name, value in pairs
    )
    return Message(path, body.encode("ascii"))


def multipart(path: str, parameters: Parameters, picture: bytes) -> Message:
    """Return a call as multipart/form-data (RFC 7578) in UTF-8, with a PNG picture.

    Raises:
        UnicodeEncodeError: A text has half of a surrogate pair.
    """
    boundary = f"smsq-{secrets.token_hex(16)}"  # 128 random bits: in no picture by chance
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    pieces = [f'{head}{name}"\r\n\r\n{value}\r\n'.encode() for name, value in parameters]
    pieces.append(f'{head}picture"; filename="picture.png"\r\nContent-Type: image/png\r\n\r\n'.encode())
    pieces += [picture, f"\r\n--{boundary}--\r\n".encode()]
    return Message(path, b"".join(pieces), f"multipart/form-data; boundary={boundary}")
