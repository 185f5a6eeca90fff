"""What producers, ledger and workers say to each other: jobs and outcomes.

All records are frozen and typed. A `SendJob` is stored in Redis and outlives the program that wrote it, so
it carries the version of its form; `JOB_VERSION` is the newest form that this code can read. A worker that
meets a newer one leaves it where it is, with the reason, for a newer worker.
"""

from __future__ import annotations

import msgspec

from producers.answers import Hlr
from producers.kinds import FIRST_ADDRESS, PLAIN, SendOptions
from producers.states import Lane, RecipientState

#: The newest form of `SendJob` that this code reads and the one that it writes.
#: 1: account, provider, sender, lane, text. 2: options and addresses too.
JOB_VERSION = 2

#: A recipient result without a provider status or error code.
NO_STATUS = -128
NO_ERR = 65_535


def address_of(phone: int, addresses: tuple[str, ...]) -> str:
    """Return a phone's digits, or the address that a number from `FIRST_ADDRESS` on stands for."""
    return addresses[phone - FIRST_ADDRESS] if phone >= FIRST_ADDRESS else str(phone)


class SendJob(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is the same for all recipients of a batch.

    Attributes:
        account: Name of the configured account that sends.
        provider: ``smsc`` or ``sms2``.
        sender: Sender ID; empty means the account's own default at the provider.
        lane: The queue that carries the batch's wake-ups.
        text: The text for all recipients; None when each has a text of its own.
        options: Kind of message and what goes with it.
        addresses: Recipients that are no phones; their numbers among the phones begin at `FIRST_ADDRESS`.
    """

    account: str
    provider: str
    sender: str = ""
    lane: Lane = Lane.BULK
    text: str | None = None
    options: SendOptions = PLAIN
    addresses: tuple[str, ...] = ()

    @property
    def version(self) -> int:
        """The oldest form that says all of it: older workers can go on with jobs that they understand."""
        return 1 if self.options == PLAIN and not self.addresses else JOB_VERSION

    def __repr__(self) -> str:
        return f"SendJob(account={self.account!r}, provider={self.provider!r}, lane={self.lane.value!r})"


class SendRequest(msgspec.Struct, frozen=True):
    """One request to a provider: a batch's job with its recipients.

    Attributes:
        provider_id: The message id that we chose, written to the ledger before the request.
        phones: E.164 digits without plus, all different; from `FIRST_ADDRESS` on they stand for
            ``addresses``.
        sender: Sender ID or empty.
        text: One text for all, or None.
        texts: A text for each phone in the same order, or None. Exactly one of the two is set.
        options: Kind of message and what goes with it.
        addresses: The job's recipients that are no phones.
        files: Contents of ``options.files``, in the same order.
        by_mail: Send it by mail instead of HTTP.
    """

    provider_id: str
    phones: tuple[int, ...]
    sender: str = ""
    text: str | None = None
    texts: tuple[str, ...] | None = None
    options: SendOptions = PLAIN
    addresses: tuple[str, ...] = ()
    files: tuple[bytes, ...] = ()
    by_mail: bool = False

    def recipient(self, phone: int) -> str:
        """Return what a number among the phones stands for."""
        return address_of(phone, self.addresses)

    def __repr__(self) -> str:
        return f"SendRequest(provider_id={self.provider_id!r}, recipients={len(self.phones)})"


class RecipientResult(msgspec.Struct, frozen=True, gc=False):
    """What a provider said of one recipient.

    Attributes:
        state: Taken, refused, or a later state when the provider knows it already.
        status: The provider's status code, `NO_STATUS` when it gave none.
        err: The provider's error code, `NO_ERR` when it gave none.
        cost: Price in 1/10000 rouble; None when the provider did not say.
    """

    state: RecipientState
    status: int = NO_STATUS
    err: int = NO_ERR
    cost: int | None = None


class Taken(msgspec.Struct, frozen=True):
    """Surely taken: the provider answered with a message id.

    Attributes:
        provider_id: The id that the provider answered; normally ours.
        segments: The provider's count of segments for the request; None when not given.
        cost: What the request cost in 1/10000 rouble; None when not given.
        balance: The account's balance afterwards in 1/10000 rouble; None when not given.
        exceptions: Results of single recipients by their index; who isn't here was taken without remarks.
        voice_code: The code that the provider made up and reads out in a call; empty for other messages.
    """

    provider_id: str
    segments: int | None = None
    cost: int | None = None
    balance: int | None = None
    exceptions: dict[int, RecipientResult] = {}
    voice_code: str = ""

    def __repr__(self) -> str:
        return f"Taken(provider_id={self.provider_id!r}, cost={self.cost})"


class Refused(msgspec.Struct, frozen=True):
    """Surely refused for good: a readable, permanent error reply. Nothing was sent; trying again can't help.

    Attributes:
        code: The provider's error code.
        reason: A stable word for logs and metrics, such as ``invalid_number``.
        provider_id: The id of the record that the provider made of the refusal, or empty.
    """

    code: int
    reason: str
    provider_id: str = ""


class NotSent(msgspec.Struct, frozen=True):
    """Surely not sent: may be sent again after ``wait`` seconds. Costs no attempt.

    Attributes:
        reason: A stable word, such as ``connect_failed``, ``duplicate_request``, ``no_money``.
        wait: Seconds to wait before another try.
        code: The provider's error code; 0 when no reply came.
        pause_account: The reason concerns the whole account: nothing is sent on it for ``wait`` seconds.
        by_mail: The next try goes by mail, the transport of last resort.
    """

    reason: str
    wait: float
    code: int = 0
    pause_account: bool = False
    by_mail: bool = False


class InDoubt(msgspec.Struct, frozen=True):
    """The request went out, or may have, and no readable reply came back. Never sent again blindly.

    Attributes:
        reason: Where it failed, as a stable word, such as ``read_timeout``, ``http_502``, ``empty_reply``.
        provider_id: The message id under which the recipients may be known, when it isn't the attempt's own.
    """

    reason: str
    provider_id: str = ""


class Hold(msgspec.Struct, frozen=True):
    """Surely not taken, for a reason that nobody foresaw: waits for a person.

    Attributes:
        code: The provider's error code.
        reason: A stable word.
        detail: The provider's own error text, word for word, shortened; never the message's text.
    """

    code: int
    reason: str
    detail: str = ""


SendOutcome = Taken | Refused | NotSent | InDoubt | Hold


class Balance(msgspec.Struct, frozen=True):
    """An account's money in 1/10000 of the currency; ``currency`` is the provider's word, such as ``RUR``."""

    balance: int
    credit: int = 0
    currency: str = ""


class StatusResult(msgspec.Struct, frozen=True):
    """What the provider says of one (message id, phone) pair.

    Attributes:
        phone: The recipient.
        known: False when the provider has no such pair.
        result: State and codes; meaningless when not known.
        changed_at: When the state last changed, unix seconds; 0 when not given.
        segments: Segments as the provider counts them; None when not given.
        hlr: What the network says, for an HLR query.
    """

    phone: int
    known: bool
    result: RecipientResult
    changed_at: int = 0
    segments: int | None = None
    hlr: Hlr | None = None
