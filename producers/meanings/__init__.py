"""Providers' codes in words, for reports and for people."""

from __future__ import annotations

from collections.abc import Callable

from producers.meanings import sms2, smsc

_PROVIDERS: dict[str, Callable[[int, int], str]] = {"smsc": smsc.meaning, "sms2": sms2.meaning}


def meaning(provider: str, status: int, err: int) -> str:
    """Return what a provider's codes say of a recipient, in words; empty when there is nothing to say.

    Args:
        provider: ``smsc`` or ``sms2``.
        status: The provider's status code or `NO_STATUS`.
        err: The provider's error code or `NO_ERR`.
    """
    words = _PROVIDERS.get(provider)
    return words(status, err) if words else ""
