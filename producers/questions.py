"""What can be asked of a provider besides sending: questions, and the records that answer them.

A question is a job of the control lane. Money is in 1/10000 of the account's currency, moments in unix
seconds (0 when not given). What a provider leaves out is empty, 0 or None.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from producers.kinds import PLAIN, SendOptions


class _Question(msgspec.Struct, frozen=True, omit_defaults=True):
    #: Seconds for which an answer may be given to others who ask the same; 0: never, each is asked by itself.
    shared_for: ClassVar[float] = 0.0
    #: The provider does something when asked; an answer that got lost is never asked for again blindly.
    acts: ClassVar[bool] = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class AskBalance(_Question, frozen=True, tag="balance", omit_defaults=True):
    """The account's money; answered by `BalanceAnswer`."""

    shared_for: ClassVar[float] = 5.0


class AskPrice(_Question, frozen=True, tag="price", omit_defaults=True):
    """What a message would cost; nothing is sent; answered by `Price`.

    Attributes:
        recipients: Phones without plus, or addresses.
        text: One text for all, or None.
        texts: A text for each recipient. Exactly one of the two is set.
        sender: Sender ID or empty.
        options: As for sending.
    """

    shared_for: ClassVar[float] = 60.0
    recipients: tuple[str, ...] = ()
    text: str | None = None
    texts: tuple[str, ...] | None = None
    sender: str = ""
    options: SendOptions = PLAIN


class AskStatus(_Question, frozen=True, tag="status", omit_defaults=True):
    """The provider's whole record (``all=2``) of messages; answered by `Records`, in the same order.

    Attributes:
        messages: (message id at the provider, recipient) pairs; the recipient is a phone or an e-mail
            address.
    """

    shared_for: ClassVar[float] = 10.0
    messages: tuple[tuple[str, str], ...] = ()


class DeleteMessage(_Question, frozen=True, tag="delete", omit_defaults=True):
    """Delete one message at the provider; answered by `Done`."""

    acts: ClassVar[bool] = True
    message_id: str = ""
    recipient: str = ""


class AskHistory(_Question, frozen=True, tag="history", omit_defaults=True):
    """A page of sent messages, newest first; answered by `Records`.

    Attributes:
        start: First day, ``dd.mm.yyyy``, at most six months back; empty: the provider's default.
        end: Last day.
        phones: Only these.
        emails: Only these; for e-mails.
        email: E-mails instead of SMS.
        count: Records in a page, 1 to 1000.
        before: `Record.global_id` of the last record of the page before; 0: the first page.
    """

    shared_for: ClassVar[float] = 20.0
    start: str = ""
    end: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    email: bool = False
    count: int = 1000
    before: int = 0


class AskInbox(_Question, frozen=True, tag="inbox", omit_defaults=True):
    """Incoming messages; answered by `Inbox`.

    Attributes:
        count: Messages at most, 1 to 10000.
        hours: Of the last so many hours, 1 to 168.
        after: Only those with a greater id.
        to_phone: Only those that this number of ours received.
    """

    shared_for: ClassVar[float] = 20.0
    count: int = 1000
    hours: int = 24
    after: int = 0
    to_phone: str = ""


class AskStatistics(_Question, frozen=True, tag="statistics", omit_defaults=True):
    """What was sent and spent between two days (``dd.mm.yyyy``); answered by `Statistics`."""

    shared_for: ClassVar[float] = 20.0
    start: str = ""
    end: str = ""


class AskTariffs(_Question, frozen=True, tag="tariffs", omit_defaults=True):
    """The account's tariffs; the reply's layout isn't documented: answered by `Raw`."""

    shared_for: ClassVar[float] = 60.0


class AskOperator(_Question, frozen=True, tag="operator", omit_defaults=True):
    """The operator of phones (without plus); answered by `Operators`, in the same order."""

    shared_for: ClassVar[float] = 60.0
    phones: tuple[str, ...] = ()


class AskWaitCall(_Question, frozen=True, tag="wait_call", omit_defaults=True):
    """A number that the subscriber is to call within 15 minutes; answered by `WaitCallNumber`."""

    acts: ClassVar[bool] = True
    phone: str = ""


class AskNumbers(_Question, frozen=True, tag="numbers", omit_defaults=True):
    """Numbers that can be rented; answered by `FreeNumbers`."""

    shared_for: ClassVar[float] = 40.0


class RentNumber(_Question, frozen=True, tag="rent", omit_defaults=True):
    """Rent a number, which costs money; answered by `Rented`.

    Attributes:
        phone: The number, without plus.
        prolong: Rented again each month.
    """

    acts: ClassVar[bool] = True
    phone: str = ""
    prolong: bool = True


class ChangeRenewal(_Question, frozen=True, tag="renewal", omit_defaults=True):
    """Switch the renewal of a rented number on or off; answered by `Done`. May be repeated without harm."""

    phone: str = ""
    prolong: bool = True


class AskDownloads(_Question, frozen=True, tag="downloads", omit_defaults=True):
    """Deferred downloads; answered by `Downloads`.

    Attributes:
        count: At most so many; 0: the provider's default.
        after: Only those with a greater id.
    """

    shared_for: ClassVar[float] = 25.0
    count: int = 0
    after: int = 0


Question = (
    AskBalance
    | AskPrice
    | AskStatus
    | DeleteMessage
    | AskHistory
    | AskInbox
    | AskStatistics
    | AskTariffs
    | AskOperator
    | AskWaitCall
    | AskNumbers
    | RentNumber
    | ChangeRenewal
    | AskDownloads
)
