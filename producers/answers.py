"""What answers questions to a provider: a typed record for each kind of question.

Money is in 1/10000 of the account's currency, moments in unix seconds (0 when not given). What a provider
leaves out is empty, 0 or None.
"""

from __future__ import annotations

from typing import Any

import msgspec


class _Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class BalanceAnswer(_Answer, frozen=True, tag="balance", omit_defaults=True):
    """The account's money; ``currency`` is the provider's word, such as ``RUR``."""

    balance: int
    credit: int = 0
    currency: str = ""


class Price(_Answer, frozen=True, tag="price", omit_defaults=True):
    """What a message would cost.

    Attributes:
        cost: For all recipients.
        segments: For all recipients; seconds or blocks of five for calls (the documents contradict each
            other).
    """

    cost: int
    segments: int = 0


class Hlr(_Answer, frozen=True, omit_defaults=True):
    """What the network says of a subscriber (SMSC protocol, HLR).

    Attributes:
        imsi: The SIM's number.
        msc: The service centre where the subscriber is.
        mcc: Country code of the network.
        mnc: Network code.
        country: Home country.
        network: Home operator.
        roaming_country: Where the subscriber is; empty at home.
        roaming_network: Operator there; empty at home.
    """

    imsi: str = ""
    msc: str = ""
    mcc: str = ""
    mnc: str = ""
    country: str = ""
    network: str = ""
    roaming_country: str = ""
    roaming_network: str = ""


class Record(_Answer, frozen=True, omit_defaults=True):
    """The provider's record of one message to one recipient.

    Attributes:
        message_id: The id at the provider.
        recipient: Phone or e-mail address.
        known: False when the provider has no such message.
        status: The provider's status code.
        status_name: Its own words for it.
        err: The provider's error code; None when not given.
        changed_at: When the status last changed.
        sent_at: When it was sent.
        cost: None when not given.
        segments: Segments, or seconds of a call; None when not given.
        sender: Sender ID.
        text: The message; for who asked only, never logged.
        comment: The comment that came with it.
        kind: The provider's number for the kind of message; None when not given.
        country: The recipient's country.
        operator: The recipient's operator.
        original_operator: Operator before the number was ported.
        region: The recipient's region.
        mccmnc: Country and network code in one.
        global_id: The provider's running number of the record, for paging; 0 when not given.
        hlr: For HLR queries.
    """

    message_id: str = ""
    recipient: str = ""
    known: bool = True
    status: int | None = None
    status_name: str = ""
    err: int | None = None
    changed_at: int = 0
    sent_at: int = 0
    cost: int | None = None
    segments: int | None = None
    sender: str = ""
    text: str = ""
    comment: str = ""
    kind: int | None = None
    country: str = ""
    operator: str = ""
    original_operator: str = ""
    region: str = ""
    mccmnc: str = ""
    global_id: int = 0
    hlr: Hlr | None = None

    @property
    def reachable(self) -> bool | None:
        """Whether the subscriber of an HLR query or ping can be reached; None: not known.

        Status 1 or 2 with error 0: yes, with another error: no, without one: undecided; 3 and above: no.
        Source: SMSC protocol, HLR, the rule of a client in production.
        """
        if not self.known or self.status is None or self.status < 1:
            return None
        if self.status >= 3:
            return False
        return None if self.err is None else self.err == 0


class Records(_Answer, frozen=True, tag="records", omit_defaults=True):
    """Records of messages."""

    records: tuple[Record, ...] = ()


class Incoming(_Answer, frozen=True, omit_defaults=True):
    """An incoming message (MO).

    Attributes:
        id: The provider's number of it.
        phone: Who sent it.
        to_phone: Which of our numbers received it.
        text: The message; ``[waitcall]`` for a confirmation call.
        received: When the provider got it, in the provider's words (``DD.MM.YYYY hh:mm:ss``, the account's
            time zone).
        sent: When it was sent, likewise.
    """

    id: int
    phone: str
    to_phone: str = ""
    text: str = ""
    received: str = ""
    sent: str = ""


class Inbox(_Answer, frozen=True, tag="inbox", omit_defaults=True):
    """Incoming messages, in the provider's order."""

    messages: tuple[Incoming, ...] = ()


class StatisticsRow(_Answer, frozen=True, omit_defaults=True):
    """What one login sent and spent.

    Attributes:
        login: Whose figures these are.
        messages: How many.
        spent: Money.
        added: Money.
        currency: The provider's word for the currency.
    """

    login: str = ""
    messages: int = 0
    spent: int = 0
    added: int = 0
    currency: str = ""


class Statistics(_Answer, frozen=True, tag="statistics", omit_defaults=True):
    """Statistics by login."""

    rows: tuple[StatisticsRow, ...] = ()


class Raw(_Answer, frozen=True, tag="raw", omit_defaults=True):
    """A reply whose layout nobody has documented, as it was decoded from JSON."""

    reply: Any = None


class Operator(_Answer, frozen=True, omit_defaults=True):
    """The operator of a phone; ``tz`` in hours, as the provider gives it."""

    phone: str = ""
    country: str = ""
    operator: str = ""
    region: str = ""
    mcc: str = ""
    mnc: str = ""
    tz: str = ""
    known: bool = True


class Operators(_Answer, frozen=True, tag="operators", omit_defaults=True):
    """Operators, in the order of the phones."""

    operators: tuple[Operator, ...] = ()


class WaitCallNumber(_Answer, frozen=True, tag="wait_call", omit_defaults=True):
    """Where the subscriber is to call.

    Attributes:
        number: The number to call.
        numbers: All numbers from which the provider picked it.
    """

    number: str
    numbers: tuple[str, ...] = ()


class FreeNumber(_Answer, frozen=True, omit_defaults=True):
    """A number that can be rented.

    Attributes:
        phone: The number.
        kind: 1 and 4 virtual, 2 SIM hosting.
        cost: For a month.
        current_cost: For the rest of this month.
        info: Operator and supported notifications.
    """

    phone: str
    kind: int | None = None
    cost: int | None = None
    current_cost: int | None = None
    info: str = ""


class FreeNumbers(_Answer, frozen=True, tag="numbers", omit_defaults=True):
    """Numbers that can be rented."""

    numbers: tuple[FreeNumber, ...] = ()


class Rented(_Answer, frozen=True, tag="rented", omit_defaults=True):
    """A number was rented.

    Attributes:
        phone: The number.
        cost: What was charged; None when the provider didn't say.
        certain: False: the provider's answer got lost, and the number is no longer on the list of free ones.
    """

    phone: str
    cost: int | None = None
    certain: bool = True


class Download(_Answer, frozen=True, omit_defaults=True):
    """A deferred download.

    Attributes:
        id: The provider's number of it.
        name: Its name.
        status: 0 waits, 1 running, 2 done, 3 cancelled, 4 failed.
        created: When it was ordered, in the provider's words.
        started: When it began, likewise.
        file: Name of the file.
    """

    id: int
    name: str = ""
    status: int | None = None
    created: str = ""
    started: str = ""
    file: str = ""


class Downloads(_Answer, frozen=True, tag="downloads", omit_defaults=True):
    """Deferred downloads."""

    downloads: tuple[Download, ...] = ()


class Done(_Answer, frozen=True, tag="done", omit_defaults=True):
    """The provider has done it."""


Answer = (
    BalanceAnswer
    | Price
    | Records
    | Inbox
    | Statistics
    | Raw
    | Operators
    | WaitCallNumber
    | FreeNumbers
    | Rented
    | Downloads
    | Done
)
