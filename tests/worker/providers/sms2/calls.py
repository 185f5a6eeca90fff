"""What the table is made of: calls of the client with the literal bytes that they must send."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from producers.contract import SendRequest
from producers.kinds import FileRef, Kind, SendOptions
from producers.questions import AskBalance
from worker.providers.base import ProviderError
from worker.providers.sms2 import Sms2Client

A, B = 79119876543, 79990000002
PNG = b"\x89PNG\r\n\x1a\n\x00\x00"
LOGIN = b"user=LOGIN&pass=p%26w+%FF"
BOUNDARY = "smsq-" + "0" * 32


@dataclass(frozen=True)
class Call:
    """What is done with the client, and the request that comes of it: script and literal body."""

    path: str
    body: bytes
    do: Callable[[Sms2Client], Awaitable[Any]]


@dataclass(frozen=True)
class Case:
    """A row: a call, the provider's answer, and what comes of it."""

    name: str
    call: Call
    reply: str | bytes
    decision: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> bytes:
        return self.reply if isinstance(self.reply, bytes) else self.reply.encode("windows-1251")


def request(text: str = "Привет & 100%", *, kind: Kind = Kind.SMS, sender: str = "Shop") -> SendRequest:
    return SendRequest("c1.1.1", (A,), sender=sender, text=text, options=SendOptions(kind=kind))


def _send(body: bytes, asked: SendRequest) -> Call:
    return Call("/sms.cgi", LOGIN + b"&phone=79119876543&" + body, lambda client: client.send(asked))


def _base(body: bytes, do: Callable[[Sms2Client], Awaitable[Any]]) -> Call:
    return Call("/api_call.cgi", LOGIN + b"&function=" + body, do)


SEND = _send(b"message=%CF%F0%E8%E2%E5%F2+%26+100%25&from=Shop", request())
NO_SENDER = _send(b"message=Hi", request("Hi", sender=""))
FLASH = _send(b"message=Hi&from=Shop&flash=1", request("Hi", kind=Kind.FLASH))
LINES = _send(b"message=%ABa%BB%0A%B8&from=Shop", request("«a»\nё"))
EMOJI = _send(b"message=%D0%AF+%F0%9F%98%80&from=Shop&enc=utf-8", request("Я 😀"))
PERSONAL = _send(b"message=Hi", SendRequest("c1.1.1", (A,), texts=("Hi",)))

STATUS = Call(
    "/sms_status2.cgi", LOGIN + b"&mess_id=27460", lambda client: client.status([("27460", A)], full=True)
)
BALANCE = Call("/get_credit_info.cgi", LOGIN, lambda client: client.balance())
ASK_BALANCE = Call("/get_credit_info.cgi", LOGIN, lambda client: client.ask(AskBalance()))

LIST = _base(b"list_of_bases", lambda client: client.list_bases())
ADD = _base(
    b"add_phone_to_base&base=%C1%E0%E7%E0+1&phone=79119876543", lambda client: client.add_phone("База 1", A)
)
ADD_BATCH = _base(
    b"add_phone_to_base_batch&base=B1&phones=79119876543%0A79990000002",
    lambda client: client.add_phones("B1", [A, B]),
)
HAS = _base(b"is_phone_in_base&base=B1&phone=79119876543", lambda client: client.has_phone("B1", A))
GET = _base(b"get_base&base=B1", lambda client: client.get_base("B1"))
REMOVE = _base(
    b"remove_phone_from_base&base=B1&phone=79119876543", lambda client: client.remove_phone("B1", A)
)
NOW = _base(
    b"start_multicast&message=%DF&from=Shop&bases=B1",
    lambda client: client.start_multicast("Я", "Shop", ["B1"]),
)
LATER = _base(
    b"start_multicast&message=%DF&from=Shop&bases=B1%2CB+2&start_at=2026-03-01+02%3A31",
    lambda client: client.start_multicast(
        "Я", "Shop", ["B1", "B 2"], datetime(2026, 2, 28, 23, 30, 1, tzinfo=UTC)
    ),
)

_MMS = SendRequest(
    "c1.1.1",
    (A,),
    text="Текст",
    options=SendOptions(kind=Kind.MMS, subject="Тема", files=(FileRef("any.png", "d", len(PNG)),)),
    files=(PNG,),
)


def _part(name: str, value: str | bytes, more: str = "") -> bytes:
    content = value.encode() if isinstance(value, str) else value
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


MMS = Call(
    "/api.php",
    _part("user", "LOGIN")
    + _part("hash", "146f37a37e066f66071acf1905973949")
    + _part("phone", "79119876543")
    + _part("subject", "Тема")
    + _part("text", "Текст")
    + _part("picture", PNG, '; filename="picture.png"\r\nContent-Type: image/png')
    + f"--{BOUNDARY}--\r\n".encode(),
    lambda client: client.send(_MMS),
)


def bad(reason: str, wait: float = 60.0, code: int = 0, *, pause: bool = False) -> ProviderError:
    """Return the error for a reply; one without a code is in doubt."""
    return ProviderError(reason, code=code, wait=wait, pause_account=pause, in_doubt=not code)
