"""The kinds of message, and how a request names one: by a flag or by a prefix of its text.

The flags and prefixes are those of the SMSC protocol §3.1, the numbers those of §5.4.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from worker.simulator.smsc.errors import RefusedError


class Whom(enum.Enum):
    """What a recipient looks like."""

    NUMBERS = "numbers"
    ADDRESSES = "addresses"
    TELEGRAM = "telegram"
    ANY = "any"


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of message.

    Attributes:
        name: its name in the books.
        number: its number in statuses.
        whom: what its recipients look like.
        counted: its price follows the length of the text; anything else counts as one unit [assumed].
        text_optional: it needs no text at all.
        file_instead: a file may stand in for the text.
    """

    name: str
    number: int
    whom: Whom = Whom.NUMBERS
    counted: bool = False
    text_optional: bool = False
    file_instead: bool = False


SMS = Kind("sms", 0, counted=True)
FLASH = Kind("flash", 1, counted=True)
BINARY = Kind("bin", 2)
PUSH = Kind("push", 3)
HLR = Kind("hlr", 4, text_optional=True)
PING = Kind("ping", 5, text_optional=True)
MMS = Kind("mms", 6, file_instead=True)
CALL = Kind("call", 7, file_instead=True)
MAIL = Kind("mail", 8, Whom.ADDRESSES)
VIBER = Kind("viber", 10, file_instead=True)
SOCIAL = Kind("soc", 12, Whom.ANY, file_instead=True)
# [assumed]: the numbers of Telegram and WhatsApp messages aren't published.
TELEGRAM = Kind("tg", 12, Whom.TELEGRAM, file_instead=True)
WHATSAPP = Kind("whatsapp", 12, Whom.ANY, file_instead=True)

FLAGS = {
    kind.name: kind
    for kind in (FLASH, BINARY, PUSH, HLR, PING, MMS, CALL, MAIL, VIBER, SOCIAL, TELEGRAM, WHATSAPP)
}
"""Kinds by the parameter that asks for them."""

PREFIXES = {
    "__CALL__": CALL,
    "__VIBER__": VIBER,
    "__SOC__": SOCIAL,
    "__PING__": PING,
    "__HLR__": HLR,
}
"""Kinds by the beginning of a text that asks for them."""

_MARK = "__"


def choose_kind(given: Mapping[str, str]) -> Kind:
    """Tell which kind a request's flags ask for.

    Of several flags the first in the order of ``FLAGS`` counts [assumed].

    Args:
        given: the request's parameters.

    Returns:
        The kind, SMS without any flag.

    Raises:
        RefusedError: error 1 for a flag that is neither 0 nor 1 (``bin``: nor 2) [assumed].
    """
    named = [name for name in FLAGS if given.get(name, "0") not in ("", "0")]
    if not named:
        return SMS
    for name in named:
        if given[name] != "1" and (name, given[name]) != ("bin", "2"):
            raise RefusedError(1)
    return FLAGS[named[0]]


def split_prefix(text: str) -> tuple[Kind | None, str]:
    """Take the prefix that names a kind off a text, and the spaces after it [assumed].

    Args:
        text: the text as it came.

    Returns:
        The kind, None without a prefix, and the rest.
    """
    if text.startswith(_MARK):
        for prefix, kind in PREFIXES.items():
            if text.startswith(prefix):
                return kind, text[len(prefix) :].lstrip()
    return None, text
