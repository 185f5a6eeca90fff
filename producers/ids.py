"""Ids: short, sortable by time, fit for file names, URLs and for the ids that we give to providers."""

from __future__ import annotations

import secrets
import time

#: Crockford's alphabet: no letter can be taken for a digit.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 45
_LENGTH = 16


def new_id(prefix: str) -> str:
    """Return ``prefix`` and 16 letters: 35 bits of seconds, then 45 random bits.

    Two ids of one second are equal once in 3.5e13 pairs, and the ledger refuses an id that exists.
    """
    number = (int(time.time()) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
    letters = [_ALPHABET[(number >> shift) & 31] for shift in range(5 * (_LENGTH - 1), -1, -5)]
    return prefix + "".join(letters)


def new_campaign_id() -> str:
    """Return a new campaign id."""
    return new_id("c")


def new_message_id() -> str:
    """Return a new message id."""
    return new_id("m")


def new_question_id() -> str:
    """Return a new id of a question to a provider."""
    return new_id("q")


def batch_id(owner: str, number: int) -> str:
    """Return the id of the ``number``-th batch of a campaign or message."""
    return f"{owner}.{number}"


def owner_of(batch: str) -> str:
    """Return the campaign or message that a batch belongs to."""
    return batch.rpartition(".")[0]
