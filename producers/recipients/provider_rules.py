"""What each provider takes: the checks that a row's phone and text go through."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from producers import sms2_rules
from producers.texts.rules import clean_text


class ProviderRules(NamedTuple):
    """The checks of one provider; each raises `BadRecipient`.

    Attributes:
        text: From a text to the text as it is sent.
        piece: The same for a literal piece of a template, which may be half a word.
        phone: Refuses a phone; None: every phone will do.
    """

    text: Callable[[str], str]
    piece: Callable[[str], str]
    phone: Callable[[int], object] | None = None


def _personal(text: str) -> str:
    return clean_text(text, personal=True)


def _shared(text: str) -> str:
    return clean_text(text, personal=False)


def _sms2_piece(text: str) -> str:
    return clean_text(text, personal=False, max_characters=sms2_rules.MAX_CHARACTERS)


def rules_of(provider: str, *, personal: bool) -> ProviderRules:
    """Return a provider's checks.

    Args:
        provider: ``smsc`` or ``sms2``.
        personal: Each recipient of a batch has a text of his own.
    """
    if provider == "sms2":
        return ProviderRules(sms2_rules.check_text, _sms2_piece, sms2_rules.check_phone)
    return ProviderRules(_personal if personal else _shared, _personal)
