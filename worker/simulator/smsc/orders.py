"""Reading the parameters of ``send.php`` into an order that can be carried out (SMSC protocol §3.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from worker.simulator.calls import Call
from worker.simulator.config import SimulatorConfig
from worker.simulator.segments import count_segments
from worker.simulator.smsc import magic
from worker.simulator.smsc.batches import read_id
from worker.simulator.smsc.errors import LEAVES_RECORD, RefusedError
from worker.simulator.smsc.recipients import Letter, Rejected, read_list, read_phones
from worker.simulator.smsc.times import check_valid, read_start
from worker.simulator.smsc.translit import transliterate

SMS, FLASH, BINARY, WAP_PUSH, HLR, PING, MMS, CALL, MAIL, VIBER, SOCIAL = 0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12
"""Message types (SMSC protocol §5.4)."""

_KINDS = {
    "flash": FLASH,
    "bin": BINARY,
    "push": WAP_PUSH,
    "hlr": HLR,
    "ping": PING,
    "mms": MMS,
    "call": CALL,
    "mail": MAIL,
    "viber": VIBER,
    "soc": SOCIAL,
    "tg": SOCIAL,  # [assumed]: the number of Telegram messages isn't published
    "whatsapp": SOCIAL,  # [assumed]
}
_NEED_NO_TEXT = {HLR, PING}
_TEXT_OR_FILE = {MMS, CALL, MAIL}
_NO_NUMBERS = {"mail", "tg", "soc"}
_COUNTED_BY_LENGTH = {SMS, FLASH}

_HEAD = re.compile(r"^[^:]*:", re.MULTILINE)
_DIGITS = re.compile(r"[0-9]{3,15}")
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
        kind: message type.
        sender: sender ID, empty for none.
        start: when sending begins, seconds since 1970.
        max_parts: segments after which a text is cut, 0 for no limit.
        cost: value of ``cost``, 0 to 3.
        shown: which recipients the reply lists: ``all``, ``bad`` or none.
        refusal: the error that the content earns, None for none; such an order leaves a record.
    """

    message_id: int | str | None
    kind: int = SMS
    sender: str = ""
    start: float = 0.0
    max_parts: int = 0
    cost: int = 0
    shown: str = ""
    shared: bool = True
    letters: list[Letter] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    refusal: int | None = None

    def segments(self, text: str) -> int:
        """Count what one recipient's text takes; anything but an SMS counts as one unit [assumed]."""
        if self.kind not in _COUNTED_BY_LENGTH:
            return 1
        parts = count_segments(text)
        return min(parts, self.max_parts) if self.max_parts else parts


def read_order(call: Call, config: SimulatorConfig, now: float) -> Order:
    """Understand a send.

    Numbers out of range in ``cost``, ``translit``, ``maxsms`` and ``valid``, and texts that are too long, are
    error 1 [assumed]; a sender ID that can't be one is error 6 [assumed]. A ``list`` that isn't empty goes
    before ``phones`` and ``mes`` (the provider's own library sends these along, empty).

    Args:
        call: the request.
        config: the simulator's settings.
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
    flags = [name for name in _KINDS if given.get(name, "0") not in ("", "0")]
    order.kind = _KINDS[flags[0]] if flags else SMS
    # Empty and "." switch the account's sender off.
    order.sender = given.get("sender", config.default_sender).strip().removeprefix(".")
    order.shown = "all" if given.get("op") == "1" else "bad" if given.get("err") == "1" else ""
    order.start = read_start(given.get("time", ""), given.get("tz", ""), now, config.utc_offset_hours)
    try:
        _read_letters(order, given, numbers=not _NO_NUMBERS.intersection(flags))
    except RefusedError as error:
        if error.code not in LEAVES_RECORD:
            raise
        order.refusal = error.code
        named = given.get("phones", "") + " ".join(_HEAD.findall(given.get("list", "")))
        order.rejected = [Rejected(phone, *magic.BAD_NUMBER) for phone in _DIGITS.findall(named)]
        return order
    _check_texts(order, call, config)
    way = given.get("translit", "0")
    if way in ("1", "2"):
        order.letters = [letter._replace(text=transliterate(letter.text, way)) for letter in order.letters]
    order.refusal = _judge(order)
    return order


def _read_letters(order: Order, given: Mapping[str, str], *, numbers: bool) -> None:
    lines = given.get("list", "")
    if lines:
        order.shared = False
        order.letters = read_list(lines, order.rejected, multi_line=given.get("nl") == "1", numbers=numbers)
    else:
        phones, count = read_phones(given.get("phones", ""), order.rejected, numbers=numbers)
        if count:
            order.letters = [Letter(given.get("mes", ""), phones, count)]
    if not order.letters and not order.rejected:
        raise RefusedError(1)


def _check_texts(order: Order, call: Call, config: SimulatorConfig) -> None:
    given = call.parameters
    if order.kind == MAIL and not (given.get("subj") and given.get("sender")):
        raise RefusedError(1)
    has_file = order.kind in _TEXT_OR_FILE and bool(call.files or given.get("fileurl"))
    may_be_empty = order.kind in _NEED_NO_TEXT or has_file
    if order.shared and not given.get("mes") and not may_be_empty:
        raise RefusedError(1)
    for letter in order.letters:
        if len(letter.text) > config.max_text or not (letter.text or may_be_empty):
            raise RefusedError(1)


def _judge(order: Order) -> int | None:
    senders = {order.sender, *(letter.sender for letter in order.letters if letter.sender is not None)}
    if order.kind != MAIL and not all(map(_SENDER.fullmatch, senders)):
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
