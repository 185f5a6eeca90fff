"""Carrying out ``send.php``: taking messages, refusing them, asking their price (SMSC protocol §3)."""

import zlib
from dataclasses import dataclass
from decimal import Decimal

from worker.simulator.books import Books
from worker.simulator.calls import Call
from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.account import Account
from worker.simulator.smsc.batches import Batch, Batches, join_phones, join_texts
from worker.simulator.smsc.errors import LEAVES_RECORD, RefusedError
from worker.simulator.smsc.groups import Groups
from worker.simulator.smsc.hlr import network_of
from worker.simulator.smsc.kinds import CALL, Kind
from worker.simulator.smsc.orders import Order, read_order
from worker.simulator.smsc.recipients import Letter
from worker.simulator.smsc.times import read_start

PRICE_ONLY = 1


@dataclass(frozen=True, slots=True)
class Recipient:
    """One line of the list that ``op`` and ``err`` ask for.

    Attributes:
        phone: the recipient.
        mccmnc: country and network code, empty if unknown.
        cost: money for it, None if nothing is charged.
        status: why it was rejected, None if it was taken.
        error: the delivery error code that goes with it.
    """

    phone: str
    mccmnc: str = ""
    cost: Decimal | None = None
    status: int | None = None
    error: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The success of a send.

    Attributes:
        message_id: its id, None if only the price was asked for.
        segments: of all messages together.
        cost: money for all.
        balance: money left.
        detail: value of ``cost``.
        code: the code that the server made up for a call, None for any other message.
        recipients: what ``op`` or ``err`` asked for, None if neither did.
    """

    message_id: int | str | None
    segments: int
    cost: Decimal
    balance: Decimal
    detail: int
    code: str | None = None
    recipients: list[Recipient] | None = None


class Sending:
    """The part of the server behind ``send.php``.

    Args:
        config: the simulator's settings.
        account: who pays.
        batches: where messages go.
        books: where they are counted.

    Attributes:
        test_mode: nothing is charged or delivered.
        groups: the account's contact groups.
    """

    def __init__(self, config: SimulatorConfig, account: Account, batches: Batches, books: Books) -> None:
        self._config = config
        self._account = account
        self._batches = batches
        self._books = books
        self.test_mode = config.test_mode
        self.groups = Groups(config.groups)

    def send(self, call: Call, now: float) -> Sent:
        """Carry a send out, all or nothing but for recipients that are rejected by themselves.

        Args:
            call: the request, already let in.
            now: seconds since 1970.

        Returns:
            What the reply is made of.

        Raises:
            RefusedError: error 1, 3, 5, 6, 7 or 8 (and any that a magic recipient asks for).
        """
        order = read_order(call, self._config, self.groups, now)
        if order.refusal is not None:
            raise self._refuse(order, order.refusal, now)
        price = Decimal(0) if self.test_mode else self._config.price
        segments = order.segments()
        total = sum(each * letter.size for each, letter in zip(segments, order.letters, strict=True))
        cost = price * total
        message_id = None
        if order.cost != PRICE_ONLY:
            if not self._account.can_pay(cost):
                raise self._refuse(order, 3, now)
            message_id = self._take(order, call, price, total, cost, now)
        return Sent(
            message_id,
            total,
            cost,
            self._account.balance,
            order.cost,
            _make_code(order, message_id),
            _list_recipients(order, segments, price) if order.shown else None,
        )

    def _take(
        self, order: Order, call: Call, price: Decimal, segments: int, cost: Decimal, now: float
    ) -> int | str:
        message_id = order.message_id or self._batches.assign_id()
        rejected = {one.phone: (one.status, one.err) for one in order.rejected} or None
        messages = sum(letter.size for letter in order.letters)
        batches = self._make_batches(order, call, message_id, price, now)
        for batch in batches:
            batch.rejected = rejected
            batch.size = messages if len(batches) == 1 else 0
            self._batches.add(batch)
            self._books.took(batch)
        self._account.pay(cost, now, messages)
        self._books.charged(messages, len(order.rejected), segments, cost)
        return message_id

    def _make_batches(
        self, order: Order, call: Call, message_id: int | str, price: Decimal, now: float
    ) -> list[Batch]:
        """Make a batch for each sender, zone, kind and comment that the lines of a list name; usually one."""
        groups: dict[tuple[str | None, str | None, Kind | None, str], list[Letter]] = {}
        if order.alike:
            groups[None, None, None, order.letters[0].comment] = order.letters
        else:
            for letter in order.letters:
                groups.setdefault((letter.sender, letter.tz, letter.kind, letter.comment), []).append(letter)
        batches = []
        for (sender, tz, kind, comment), letters in groups.items():
            start = order.start
            if tz is not None:
                start = read_start(call.parameters.get("time", ""), tz, now, self._config.utc_offset_hours)
            texts = (
                text for letter in letters for text in [letter.text] * (1 if order.shared else letter.size)
            )
            batches.append(
                Batch(
                    message_id,
                    now,
                    start,
                    join_phones(letter.phones for letter in letters),
                    *join_texts(texts, shared=order.shared),
                    kind or order.kind,
                    order.sender if sender is None else sender,
                    price,
                    order.max_parts,
                    self.test_mode,
                    comment=comment,
                    note=order.note,
                    spread=order.spread,
                )
            )
        return batches

    def _refuse(self, order: Order, code: int, now: float) -> RefusedError:
        """Make the error and, unless only the price was asked for, the record whose id it carries (§3.3)."""
        if order.cost == PRICE_ONLY:
            return RefusedError(code)
        message_id = order.message_id or self._batches.assign_id()
        if self._config.record_refused:
            phones = [letter.phones for letter in order.letters] + [one.phone for one in order.rejected]
            wording = join_texts([order.letters[0].text if order.letters else ""], shared=True)
            self._batches.add(
                Batch(
                    message_id,
                    now,
                    now,
                    join_phones(phones),
                    *wording,
                    order.kind,
                    order.sender,
                    Decimal(0),
                    order.max_parts,
                    virtual=False,
                    status=LEAVES_RECORD[code],
                )
            )
        return RefusedError(code, message_id=message_id)


def _list_recipients(order: Order, segments: list[int], price: Decimal) -> list[Recipient]:
    bad = [Recipient(one.phone, status=one.status, error=one.err) for one in order.rejected]
    if order.shown == "bad":
        return bad
    good = [
        Recipient(phone, network_of(phone), price * each if price else None)
        for each, letter in zip(segments, order.letters, strict=True)
        for phone in letter.phones.split(",")
    ]
    return good + bad


def _make_code(order: Order, message_id: int | str | None) -> str | None:
    """Make the code of a call whose text is ``code``: six digits, as clients saw it (SMSC protocol §3.5)."""
    if message_id is None or order.kind is not CALL or not order.shared or order.letters[0].text != "code":
        return None
    return f"{zlib.crc32(str(message_id).encode()) % 1_000_000:06}"
