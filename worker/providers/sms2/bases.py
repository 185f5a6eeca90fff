"""Phone bases at the provider: `api_call.cgi`. No call of the document creates one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple, TypeVar

import msgspec

from producers.contract import SendOutcome
from producers.sms2_rules import PHONES
from worker.providers.sms2 import multicast, wire
from worker.providers.sms2.exchange import Exchange, MaySend
from worker.providers.sms2.perl import AddedPhones, added_phones
from worker.providers.sms2.replies import UnreadableError
from worker.providers.smsc.wire import Message

_Answer = TypeVar("_Answer")
_SEPARATORS = re.compile(r"[\s,]+")
_PHONE = re.compile(r"\d{10,15}", re.ASCII)


class Base(NamedTuple):
    """A phone base: its name, which is what calls want, its id, and how many phones are in it."""

    name: str
    id: str
    phones: int


class _Row(msgspec.Struct):
    base_name: str
    id: str | int
    phones_total: str | int


class Bases:
    """Calls for phone bases. All raise `ProviderError`, which is ``in_doubt`` when the answer was lost.

    Args:
        exchange: The account's calls.
        zone: In which the provider reads the start of a mailing.
    """

    def __init__(self, exchange: Exchange, zone: tzinfo) -> None:
        self._exchange = exchange
        self._zone = zone

    async def list_bases(self, *, may_send: MaySend = None) -> list[Base]:
        """Return all bases of the account."""
        return await self._call("list_of_bases", [], _bases, may_send)

    async def add_phone(self, base: str, phone: int, *, may_send: MaySend = None) -> None:
        """Add a phone to a base."""
        parameters = [("base", base), ("phone", _phone(phone))]
        await self._call("add_phone_to_base", parameters, _success, may_send)

    async def add_phones(self, base: str, phones: Sequence[int], *, may_send: MaySend = None) -> AddedPhones:
        """Add phones to a base; the answer says which of them were refused."""
        if not phones:
            raise ValueError("phones: expected at least one")
        parameters = [("base", base), ("phones", "\n".join(map(_phone, phones)))]
        return await self._call("add_phone_to_base_batch", parameters, added_phones, may_send)

    async def has_phone(self, base: str, phone: int, *, may_send: MaySend = None) -> bool:
        """Say whether a phone is in a base."""
        parameters = [("base", base), ("phone", _phone(phone))]
        return await self._call("is_phone_in_base", parameters, _yes_or_no, may_send)

    async def get_base(self, base: str, *, may_send: MaySend = None) -> list[int]:
        """Return the phones of a base."""
        return await self._call("get_base", [("base", base)], _phones, may_send)

    async def remove_phone(self, base: str, phone: int, *, may_send: MaySend = None) -> None:
        """Remove a phone from a base."""
        parameters = [("base", base), ("phone", _phone(phone))]
        await self._call("remove_phone_from_base", parameters, _success, may_send)

    async def start_multicast(
        self,
        text: str,
        sender: str,
        bases: Sequence[str],
        start_at: datetime | None = None,
        *,
        may_send: MaySend = None,
    ) -> SendOutcome:
        """Send a text to all phones of some bases; a mailing that is taken has no id.

        Args:
            text: In letters that windows-1251 has.
            sender: Sender ID.
            bases: Their names.
            start_at: When, with its time zone; seconds are rounded up. None: now.
            may_send: Asked at the last moment before the request is written.

        Raises:
            ValueError: ``bases`` or ``start_at`` can't be written.
        """
        exchange = self._exchange
        hidden = (*exchange.account.secrets, text)
        parameters = multicast.parameters(text, sender, bases, start_at, self._zone)
        return await exchange.send(
            lambda: wire.form(exchange.account, wire.BASES_PATH, parameters),
            lambda reply: multicast.outcome(reply, hidden, minute=exchange.minute),
            may_send,
        )

    async def _call(
        self,
        function: str,
        parameters: list[tuple[str, str]],
        parse: Callable[[str], _Answer],
        may_send: MaySend,
    ) -> _Answer:
        def write() -> Message:
            wanted = [("function", function), *parameters]
            return wire.form(self._exchange.account, wire.BASES_PATH, wanted)

        return await self._exchange.read(write, parse, may_send)


def _phone(phone: int) -> str:
    if phone not in PHONES:
        raise ValueError("phone: SMS2 takes 11 digits that begin with 7")
    return str(phone)


def _success(text: str) -> None:
    if text.lower() != "success":
        raise UnreadableError


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise UnreadableError
    return text.lower() == "yes"


def _phones(text: str) -> list[int]:
    if text.lower() == "no phones in base":
        return []
    found = _SEPARATORS.split(text.rstrip(","))
    if not all(map(_PHONE.fullmatch, found)):
        raise UnreadableError
    return [int(phone) for phone in found]


def _bases(text: str) -> list[Base]:
    try:
        rows = msgspec.json.decode(text, type=list[_Row])
        return [Base(row.base_name, str(row.id), _count(row.phones_total)) for row in rows]
    except msgspec.DecodeError:
        raise UnreadableError from None


def _count(value: str | int) -> int:
    digits = str(value)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        raise UnreadableError
    return int(digits)
