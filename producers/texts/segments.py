"""How many segments, and so how much money, a text takes on the air.

A text whose characters are all in the GSM 7-bit alphabet (GSM 03.38, today 3GPP TS 23.038) travels in
septets: 160 fit into a single segment, 153 into each part of a longer text. One character outside of it turns
the whole text to UCS-2: 70 and 67 UTF-16 units. What takes two units, an escape pair or a surrogate pair, is
never split over two parts, so a part may end one unit early. Providers bill by these counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

GSM7_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENSION = "\f^{}\\[~]|€"  # each is sent as an escape and a second septet

GSM7_SINGLE, GSM7_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67

_extension = frozenset(GSM7_EXTENSION)
_find_foreign = re.compile(f"[^{re.escape(GSM7_BASIC + GSM7_EXTENSION)}]").search
_find_extension = re.compile(f"[{re.escape(GSM7_EXTENSION)}]").search

Encoding = Literal["gsm7", "ucs2"]


@dataclass(frozen=True, slots=True)
class Segments:
    """The size of a text on the air.

    Attributes:
        encoding: ``gsm7`` or ``ucs2``.
        units: Septets or UTF-16 units of the whole text, headers of parts not counted.
        count: Segments billed; 0 for an empty text.
    """

    encoding: Encoding
    units: int
    count: int


def measure(text: str) -> Segments:
    """Return the encoding that a text needs, its length in units of that encoding and its segments."""
    if _find_foreign(text) is None:
        return Segments("gsm7", _count_septets(text), count_segments(text))
    return Segments("ucs2", len(_encode(text)) // 2, count_segments(text))


def count_segments(text: str) -> int:
    """Return the number of segments of a text, 0 for an empty one: ``measure(text).count``, but faster."""
    length = len(text)
    if _find_foreign(text) is None:
        if length <= GSM7_SINGLE // 2:  # even if every character took two
            return 1 if length else 0
        septets = _count_septets(text)
        if septets <= GSM7_SINGLE:
            return 1
        return -(-length // GSM7_PART) if septets == length else _pack_septets(text)
    if length <= UCS2_SINGLE // 2:
        return 1
    data = _encode(text)
    units = len(data) // 2
    if units <= UCS2_SINGLE:
        return 1
    return -(-units // UCS2_PART) if units == length else _pack_units(data)


def foreign_characters(text: str) -> str:
    """Return the characters that force UCS-2, each once, in the order in which they come.

    An empty string means that the text is sent as GSM-7.
    """
    known = GSM7_BASIC + GSM7_EXTENSION
    return "".join(dict.fromkeys(char for char in text if char not in known))


def _count_septets(text: str) -> int:
    if _find_extension(text) is None:
        return len(text)
    return len(text) + sum(map(text.count, GSM7_EXTENSION))


def _encode(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _pack_septets(text: str) -> int:
    parts, room = 1, GSM7_PART
    for char in text:
        need = 2 if char in _extension else 1
        if need > room:
            parts, room = parts + 1, GSM7_PART
        room -= need
    return parts


def _pack_units(data: bytes) -> int:
    parts, start, end = 0, 0, len(data)
    while start < end:
        start += 2 * UCS2_PART
        # The high byte of the part's last unit: a high surrogate goes over to the next part.
        if start < end and 0xD8 <= data[start - 1] <= 0xDB and 0xDC <= data[start + 1] <= 0xDF:
            start -= 2
        parts += 1
    return parts
