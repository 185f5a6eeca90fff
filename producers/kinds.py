"""Kinds of message, and what goes with each: everything about a message but its recipients and its text."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """How a message reaches its recipient. The value is the name in commands, JSON and reports."""

    SMS = "sms"
    FLASH = "flash"
    PUSH = "push"
    HLR = "hlr"
    BINARY = "binary"
    BINARY_HEX = "binary-hex"
    PING = "ping"
    MMS = "mms"
    EMAIL = "email"
    CALL = "call"
    VIBER = "viber"
    SOCIAL = "social"
    TELEGRAM = "telegram"


class FileRef(msgspec.Struct, frozen=True):
    """A file that goes with a message.

    Attributes:
        name: Its name, without a directory.
        digest: Hexadecimal digest of the content, under which the ledger keeps it.
        size: Bytes.
    """

    name: str
    digest: str
    size: int


class SendOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What SMSC's send takes besides recipients, text and sender (SMSC protocol, send parameters).

    Attributes:
        kind: The kind of message.
        translit: 0 as written, 1 transliterated, 2 with Latin letters that look alike.
        shorten_links: Links in the text are replaced by short ones.
        time: When the provider is to send, in the provider's own notation (`producers.send_times`); empty:
            now.
        tz: Hours relative to Moscow that ``time`` is meant in; None: as set in the account.
        period: Hours over which the provider spreads the recipients, as a decimal (0.1 to 720); empty: none.
        freq: Minutes between two groups of recipients within ``period`` (1 to 1440); 0: the provider's
            default.
        valid: How long the operator tries, ``hh:mm`` from 00:01 to 24:00; empty: the provider's default.
        max_segments: The text is cut after so many segments; 0: not at all.
        subject: Of an e-mail or MMS.
        voice: Voice of a call, such as ``m3`` or ``w,en``.
        call_timing: ``wait,interval,attempts`` of a call: seconds of ringing, seconds between two attempts,
            number.
        file_url: Address of a file that the provider fetches, for a call or MMS.
        files: Files that go with the message.
        bot: Telegram bot that sends it, with its ``@``.
        captcha: What the visitor typed from the provider's picture; together with ``user_ip``.
        user_ip: Address of the end user who caused the message.
        partner: Partner id.
        keep_plus: Numbers go with a plus, so that the provider doesn't correct them.
    """

    kind: Kind = Kind.SMS
    translit: int = 0
    shorten_links: bool = False
    time: str = ""
    tz: int | None = None
    period: str = ""
    freq: int = 0
    valid: str = ""
    max_segments: int = 0
    subject: str = ""
    voice: str = ""
    call_timing: str = ""
    file_url: str = ""
    files: tuple[FileRef, ...] = ()
    bot: str = ""
    captcha: str = ""
    user_ip: str = ""
    partner: str = ""
    keep_plus: bool = False

    def __repr__(self) -> str:
        return f"SendOptions(kind={self.kind.value!r})"


PLAIN = SendOptions()

#: Recipients that are no phones (e-mail addresses, Telegram names, contact groups) are numbered from here on,
#: in the order of `SendJob.addresses`; a phone has at most 15 digits.
FIRST_ADDRESS = 10**16
