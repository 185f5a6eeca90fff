"""SMS2's codes in words."""

from __future__ import annotations

import pytest

from producers.meanings import meaning


@pytest.mark.parametrize(
    ("status", "err", "words"),
    [
        (-128, 65_535, ""),
        (0, 65_535, "handed to the operator"),
        (1, 0, "delivered"),
        (20, 65_535, "not delivered"),
        (-3, 65_535, "message not found"),
        (-128, 7, "number on the black list"),
        (-128, 99, "an error that the provider doesn't document"),
        (7, 77, "status 7: error 77"),
    ],
)
def test_meanings(status: int, err: int, words: str) -> None:
    assert meaning("sms2", status, err) == words
