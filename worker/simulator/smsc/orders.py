"""Reading the parameters of ``send.php`` into an order that can be carried out (SMSC protocol §3.1)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from worker.simulator.calls import Call
from worker.simulator.config import SimulatorConfig
from worker.simulator.segments import count_segments
from worker.simulator.smsc import magic
from worker.simulator.smsc.batches import read_id
from worker.simulator.smsc.contents import check_letter, check_request, split_comment
from worker.simulator.smsc.errors import LEAVES_RECORD, RefusedError
from worker.simulator.smsc.extras import NOTED, RARE, Spread, describe, read_extras
from worker.simulator.smsc.groups import Groups
from worker.simulator.smsc.kinds import BINARY, FLAGS, MAIL, SMS, Kind, choose_kind, split_prefix
from worker.simulator.smsc.links import shorten_links
from worker.simulator.smsc.recipients import Letter, Rejected, read_list, read_phones
from worker.simulator.smsc.times import check_valid, read_start
from worker.simulator.smsc.translit import transliterate

_HEAD = re.compile(r"^[^:]*:", re.MULTILINE)
_DIGITS = re.compile(r"[0-9]{3,15}")
_SPECIAL = frozenset(FLAGS) | RARE | NOTED | {"tinyurl", "translit"}
"""Parameters that a plain SMS has none of."""

_LARGEST_ID = 2_147_483_647
_STRING_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")
# [assumed]: which signs are allowed isn't published.
_SENDER = re.compile(r"|[A-Za-z0-9 .,_!?&+*/()'-]{1,11}|[0-9]{1,15}")


@dataclass(slots=True)
class Order:
    """A send, understood.

    Attributes:
        message_id: the client's id, None to assign one.
        letters: texts and their recipients.
        rejected: recipients that are not taken.
        shared: one text for all.
        alike: all letters surely have the same sender, time zone, comment and kind.
        kind: message kind.
        sender: sender ID, empty for none.
        start: when sending begins, seconds since 1970.
        spread: how the mailing is spread over time, None if it isn't.
        max_parts: segments after which a text is cut, 0 for no limit.
        cost: value of ``cost``, 0 to 3.
        shown: which recipients the reply lists: ``all``, ``bad`` or none.
        refusal: the error that the content earns, None for none; such an order leaves a record.
        note: what else the request said.
    """

    message_id: int | str | None
    kind: Kind = SMS
    sender: str = ""
    start: float = 0.0
    spread: Spread | None = None
    max_parts: int = 0
    cost: int = 0
    shown: str = ""
    shared: bool = True
    alike: bool = True
    letters: list[Letter] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    refusal: int | None = None
    note: dict[str, Any] | None = None

    def segments(self) -> list[int]:
        """Count what each text takes a recipient; anything but an SMS counts as one unit [assumed]."""
        if self.alike and self.kind.counted:
            parts = [count_segments(letter.text) for letter in self.letters]
        else:
            kinds = [letter.kind or self.kind for letter in self.letters]
            parts = [
                count_segments(letter.text) if kind.counted else 1
                for kind, letter in zip(kinds, self.letters, strict=True)
            ]
        return [min(each, self.max_parts) for each in parts] if self.max_parts else parts


def read_order(call: Call, config: SimulatorConfig, groups: Groups, now: float) -> Order:
    """Understand a send.

    Numbers out of range in ``cost``, ``translit``, ``maxsms`` and ``valid``, and texts that are too long, are
    error 1 [assumed]; a sender ID that can't be one is error 6 [assumed]. A ``list`` that isn't empty goes
    before ``phones`` and ``mes`` (the provider's own library sends these along, empty). A text's prefix goes
    before the request's flags [assumed].

    Args:
        call: the request.
        config: the simulator's settings.
        groups: the account's contact groups.
        now: seconds since 1970.

    Returns:
        The order.

    Raises:
        RefusedError: error 1 or 5, or what a magic recipient asks for.
    """
    given = call.parameters
    order = Order(_read_id(given.get("id", "")))
    order.cost = _read_number(given, "cost", 3)
    order.max_parts = _read_number(given, "maxsms", 1000)
    _read_number(given, "translit", 2)
    check_valid(given.get("valid", ""))
    special = not _SPECIAL.isdisjoint(given)
    if special:
        order.spread = read_extras(given, config)
        order.kind = choose_kind(given)
    # Empty and "." switch the account's sender off.
    order.sender = given.get("sender", config.default_sender).strip().removeprefix(".")
    order.shown = "all" if given.get("op") == "1" else "bad" if given.get("err") == "1" else ""
    order.start = read_start(given.get("time", ""), given.get("tz", ""), now, config.utc_offset_hours)
    try:
        _read_letters(order, given, groups)
    except RefusedError as error:
        if error.code not in LEAVES_RECORD:
            raise
        order.refusal = error.code
        named = given.get("phones", "") + " ".join(_HEAD.findall(given.get("list", "")))
        order.rejected = [Rejected(phone, *magic.BAD_NUMBER) for phone in _DIGITS.findall(named)]
        return order
    _check_texts(order, call, config)
    if special or call.uploads:
        _change_texts(order, given)
        order.note = describe(call)
    order.refusal = _judge(order)
    return order


def _read_letters(order: Order, given: Mapping[str, str], groups: Groups) -> None:
    lines = given.get("list", "")
    whom = order.kind.whom
    if lines:
        order.shared = False
        order.alike = not ("|" in lines or "~~~" in lines or "__" in lines)
        order.letters = read_list(lines, order.rejected, groups, multi_line=given.get("nl") == "1", whom=whom)
    else:
        kind, text = split_prefix(given.get("mes", ""))
        order.kind = kind or order.kind
        phones = groups.expand(given.get("phones", ""))
        phones, count = read_phones(phones, order.rejected, whom=order.kind.whom)
        if count:
            order.letters = [Letter(text, phones, count)]
    if not order.letters and not order.rejected:
        raise RefusedError(1)
    whole = lines or given.get("mes", "")
    if "~~~" in whole:
        order.letters = [_without_comment(letter) for letter in order.letters]
    if lines and "__" in lines:
        order.letters = [_without_prefix(letter) for letter in order.letters]


def _without_comment(letter: Letter) -> Letter:
    text, comment = split_comment(letter.text)
    return letter._replace(text=text, comment=comment)


def _without_prefix(letter: Letter) -> Letter:
    kind, text = split_prefix(letter.text)
    return letter if kind is None else letter._replace(text=text, kind=kind)


def _check_texts(order: Order, call: Call, config: SimulatorConfig) -> None:
    if not order.kind.counted:
        check_request(call, order.kind)
    if not order.letters:
        if order.shared and order.kind.counted and not call.parameters.get("mes"):
            raise RefusedError(1)
        return
    usual, most = order.kind.counted, config.max_text
    for letter in order.letters:
        # The usual text takes no call: there may be thousands in a list.
        if not (usual and letter.kind is None and 0 < len(letter.text) <= most):
            check_letter(letter, letter.kind or order.kind, call, config)


def _change_texts(order: Order, given: Mapping[str, str]) -> None:
    changes: list[Callable[[str], str]] = []
    if given.get("tinyurl") == "1":
        changes.append(shorten_links)
    way = given.get("translit", "0")
    if way in ("1", "2") and order.kind is not BINARY:
        changes.append(lambda text: transliterate(text, way))
    for change in changes:
        order.letters = [letter._replace(text=change(letter.text)) for letter in order.letters]


def _judge(order: Order) -> int | None:
    senders = {order.sender, *(letter.sender for letter in order.letters if letter.sender is not None)}
    if order.kind is not MAIL and not all(map(_SENDER.fullmatch, senders)):
        return 6
    if magic.FORBIDDEN_SENDER in senders or any(
        magic.FORBIDDEN_TEXT in letter.text for letter in order.letters
    ):
        return 6
    if not order.letters:
        return 6 if all(one[1:] == magic.FORBIDDEN for one in order.rejected) else 7
    return None


def _read_id(text: str) -> int | str | None:
    """Read the client's id; digits beyond the largest number are no string id either [assumed]."""
    if not text:
        return None
    if not _STRING_ID.fullmatch(text):
        raise RefusedError(1)
    chosen = read_id(text)
    if isinstance(chosen, int) and chosen > _LARGEST_ID:
        raise RefusedError(1)
    return chosen or None


def _read_number(given: Mapping[str, str], name: str, largest: int) -> int:
    text = given.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= largest):
        raise RefusedError(1)
    return int(text)
