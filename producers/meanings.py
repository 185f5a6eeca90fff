"""Providers' codes in words, for reports."""

from __future__ import annotations

from producers.states import RecipientState


def meaning(provider: str, state: RecipientState, status: int, err: int) -> str:
    """Return what a provider's codes say, in words; empty when there is nothing to add to the state."""
    return ""
