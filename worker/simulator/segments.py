"""How many SMS segments a text takes.

Counted here on our own, from GSM 03.38 and the figures of the SMSC protocol §3.1 (160 or 70 characters in one
segment, 153 or 67 in each of several), so that the simulator can disagree with a client that counts wrongly.
"""

import re

SINGLE_GSM, PART_GSM = 160, 153
SINGLE_UCS2, PART_UCS2 = 70, 67

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"

_GSM_TEXT = re.compile(f"[{re.escape(_BASIC + _EXTENSION)}]*")
_GSM_EXTENSION = re.compile(f"[{re.escape(_EXTENSION)}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def count_segments(text: str) -> int:
    """Count the segments of a text.

    Args:
        text: the text as the phone will show it (after transliteration).

    Returns:
        The number of segments, at least 1 (an empty text still takes one).
    """
    if _GSM_TEXT.fullmatch(text):
        return _pack(text, _GSM_EXTENSION, SINGLE_GSM, PART_GSM)
    return _pack(text, _ASTRAL, SINGLE_UCS2, PART_UCS2)


def _pack(text: str, wide: re.Pattern[str], single: int, part: int) -> int:
    """Pack characters into parts; one that ``wide`` matches takes two units and isn't split between parts."""
    doubles = [match.start() for match in wide.finditer(text)]
    units = len(text) + len(doubles)
    if units <= single:
        return 1
    # Each double that would straddle a boundary moves whole to the next part and leaves one unit unused.
    unused = 0
    for index, position in enumerate(doubles):
        start = position + index + unused
        if start % part == part - 1:
            unused += 1
    return -(-(units + unused) // part)
