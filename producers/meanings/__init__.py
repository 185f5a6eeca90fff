"""Providers' codes in words, for reports and for people."""

from __future__ import annotations

from producers.meanings import smsc


def meaning(provider: str, status: int, err: int) -> str:
    """Return what a provider's codes say of a recipient, in words; empty when there is nothing to say.

    Args:
        provider: ``smsc``.
        status: The provider's status code or `NO_STATUS`.
        err: The provider's error code or `NO_ERR`.
    """
    return smsc.meaning(status, err) if provider == "smsc" else ""
