"""The tables, as they are read by reports and by the worker."""

from __future__ import annotations

import pytest

from producers.contract import Hold, InDoubt, NotSent, Refused, SendRequest
from producers.meanings.smsc import DELIVERY_ERRORS, REQUEST_ERRORS, STATUSES
from producers.states import RecipientState
from worker.providers.smsc import sent
from worker.providers.smsc.codes import SEND_ERRORS, decide
from worker.providers.smsc.read_codes import decide_read


def test_the_tables_are_complete() -> None:
    assert set(STATUSES) == {-3, -2, -1, 0, 1, 2, 3, 4, 20, 22, 23, 24, 25}
    assert set(range(1, 11)) == set(SEND_ERRORS) == set(REQUEST_ERRORS)
    # 29 codes of the SMPP page, and three that only e-mail has.
    assert len(DELIVERY_ERRORS) == 29 + 3
    assert all(row.source for row in SEND_ERRORS.values())
    assert all(row.outcome.code == code for code, row in SEND_ERRORS.items())


def test_what_is_not_final_stays_open() -> None:
    still_open = {code for code, row in STATUSES.items() if row.state is RecipientState.TAKEN}
    assert still_open == {-3, -2, -1, 0}


@pytest.mark.parametrize("code", sorted(SEND_ERRORS))
def test_a_reply_to_a_question_never_refuses(code: int) -> None:
    decided = decide_read(code)
    assert isinstance(decided, NotSent)
    assert decided.wait > 0
    assert decided.pause_account == (code in {2, 4, 10})


def test_the_duplicate_window_scales_with_a_simulators_minute() -> None:
    assert decide(9, minute=30.0) == NotSent("duplicate_request", wait=31.0, code=9)
    assert decide(9, "too many concurrent requests", minute=6.0) == decide(9, "too many concurrent requests")
    assert decide(2, minute=6.0) == decide(2)
    request = SendRequest("c1.1.1", (79990000001,), text="Hi")
    assert sent.outcome(200, b"0,-9", request, minute=30.0) == NotSent("duplicate_request", 31.0, 9)


def test_an_unknown_code_waits_for_a_person() -> None:
    assert decide(11, " a \n b ") == Hold(11, "unknown_error", "a b")
    assert decide(7, "x", "5") == Refused(7, "invalid_number", "5")
    assert decide(7) == Refused(7, "invalid_number")
    assert not isinstance(decide(0), InDoubt)
