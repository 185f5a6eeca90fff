from __future__ import annotations

import pytest

from producers.contract import NO_ERR, NO_STATUS
from producers.meanings import meaning


@pytest.mark.parametrize(
    ("status", "err", "words"),
    [
        (NO_STATUS, NO_ERR, ""),
        (1, NO_ERR, "delivered"),
        (1, 0, "delivered"),
        (20, 6, "can't be delivered: subscriber offline"),
        (25, 248, "number unreachable: no route"),
        (23, 254, "forbidden: sender name not registered"),
        (24, 3, "not enough money"),
        (22, 7, "bad phone number"),
        (23, 6, "forbidden: forbidden by its text or its sender name"),
        (-1, 200, "waiting to be sent: virtual sending"),
        (NO_STATUS, 7, "bad phone number"),
        (NO_STATUS, 6, "forbidden by its text or its sender name"),
        (NO_STATUS, 255, "rejected by the operator"),
        (20, 8, "can't be delivered: can't be delivered to this number"),
        (99, 99, "status 99: error 99"),
    ],
)
def test_meaning(status: int, err: int, words: str) -> None:
    assert meaning("smsc", status, err) == words


def test_a_provider_without_a_table_has_no_words() -> None:
    assert meaning("other", 1, 1) == ""
