"""``tinyurl=1``: links in a text become short ones (SMSC protocol §3.1)."""

import re
import zlib

_LINK = re.compile(r"https?://[^\s<>\"]+")
_SHORT = "https://sms.example/"


def shorten_links(text: str) -> str:
    """Shorten the links of a text.

    What the provider's short links look like isn't known [assumed: a host and six hex digits; a link that
    would not become shorter stays].

    Args:
        text: the text.

    Returns:
        The text as it will be sent.
    """
    return _LINK.sub(lambda link: min(link[0], _short(link[0]), key=len), text)


def _short(link: str) -> str:
    return f"{_SHORT}{zlib.crc32(link.encode('utf-8', 'replace')) & 0xFFFFFF:06x}"
