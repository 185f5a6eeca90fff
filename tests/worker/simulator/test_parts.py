"""The small parts by themselves: segments, money, times, windows, fates."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from worker.simulator import DeliveryCurve
from worker.simulator.delivery import draw_fate
from worker.simulator.prices import padded, unpadded
from worker.simulator.segments import count_segments
from worker.simulator.smsc.errors import RefusedError
from worker.simulator.smsc.times import check_valid, read_start
from worker.simulator.throttle import LockOut, SlidingWindow

SEGMENTS = [
    ("", 1),
    ("x" * 160, 1),
    ("x" * 161, 2),
    ("x" * 306, 2),
    ("x" * 307, 3),
    ("€" * 80, 1),
    ("€" * 80 + "x", 2),
    ("x" * 159 + "[", 2),
    # An extension character that would straddle the boundary at 153 moves on whole.
    ("x" * 152 + "€" + "x" * 152, 3),
    ("x" * 152 + "€" + "x" * 151, 2),
    ("x" * 152 + "€" + "x" * 151 + "€", 3),
    ("€" * 152, 2),
    ("€" * 153, 3),
    ("я" * 70, 1),
    ("я" * 71, 2),
    ("я" * 134, 2),
    ("я" * 135, 3),
    ("x" * 70 + "я", 2),
    ("😀" * 35, 1),
    ("😀" * 36, 2),
    ("я" * 66 + "😀" + "я" * 66, 3),
    ("я" * 65 + "😀" + "я" * 67, 2),
    ("😀" * 66, 2),
    ("😀" * 67, 3),
    ("ΔΦΓΛΩΠΨΣΘΞ" * 16, 1),
    ("`" * 71, 2),
]


@pytest.mark.parametrize(("text", "segments"), SEGMENTS)
def test_segments(text: Any, segments: Any) -> None:
    assert count_segments(text) == segments


MONEY = [
    ("0", "0", "0.00"),
    ("0.00", "0", "0.00"),
    ("3.80", "3.8", "3.80"),
    ("4.1", "4.1", "4.10"),
    ("100", "100", "100.00"),
    ("100.5", "100.5", "100.50"),
    ("3215.3097", "3215.3097", "3215.3097"),
    ("-1.4", "-1.4", "-1.40"),
    ("1E+3", "1000", "1000.00"),
]


@pytest.mark.parametrize(("amount", "plain", "full"), MONEY)
def test_money_in_words(amount: Any, plain: Any, full: Any) -> None:
    assert (unpadded(Decimal(amount)), padded(Decimal(amount))) == (plain, full)


NOON = datetime(2026, 3, 10, 9, 0, tzinfo=UTC).timestamp()  # 12:00 in Moscow

TIMES = [
    # time, tz, seconds after noon
    ("", "", 0),
    ("0", "", 0),
    ("1003261300", "", 3600),
    ("10.03.26 13:30", "", 5400),
    ("10.03.26 13:30", "0", 5400),
    ("10.03.26 13:30", "-1", 9000),
    ("10.03.26 13:30", "+1", 1800),
    ("0101200000", "", 0),
    (f"0{int(NOON) + 90}", "", 90),
    ("01", "", None),
    ("+15", "", 900),
    ("14-18", "", 7200),
    ("10-18", "", 0),
    ("8-12", "", 20 * 3600),
    ("10-18", "7", 15 * 3600),
    ("18-10", "", None),
    ("9-25", "", None),
    ("3202260000", "", None),
    ("10.03.2026 13:30", "", None),
    (" 15", "", None),
    ("soon", "", None),
    ("", "x", None),
    ("", "12", None),
]


@pytest.mark.parametrize(("time", "tz", "wait"), TIMES)
def test_times(time: Any, tz: Any, wait: Any) -> None:
    if wait is None:
        with pytest.raises(RefusedError) as refusal:
            read_start(time, tz, NOON, 3)
        assert refusal.value.code == 5
    else:
        assert read_start(time, tz, NOON, 3) - NOON == wait


@pytest.mark.parametrize("valid", ["", "0", "1", "24", "00:01", "01:00", "24:00"])
def test_valid(valid: Any) -> None:
    check_valid(valid)


@pytest.mark.parametrize("valid", ["25", "-1", "00:00", "24:01", "1:00", "01:60", "day"])
def test_not_valid(valid: Any) -> None:
    with pytest.raises(RefusedError):
        check_valid(valid)


def test_window_slides() -> None:
    window = SlidingWindow(2, 10)
    assert [window.admit("a", moment) for moment in (0, 6, 9.9, 10, 15.9, 16)] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]
    assert window.admit("b", 16)


def test_window_forgets_what_is_over() -> None:
    window = SlidingWindow(1, 10)
    for moment in range(1000):
        assert window.admit(moment, moment)
    assert len(window._times) == len(window._order) == 10


def test_lock_out_in_a_row() -> None:
    door = LockOut(3, 10, 100, in_a_row=True)
    for moment in (0, 1):
        door.failed("a", moment)
    door.succeeded("a")
    for moment in (2, 3):
        door.failed("a", moment)
    assert not door.is_out("a", 3)
    door.failed("a", 4)
    assert [door.is_out("a", moment) for moment in (4, 103.9, 104)] == [True, True, False]
    assert not door.is_out("b", 4)


def test_fates_are_the_same_for_the_same_message() -> None:
    curve = DeliveryCurve()
    assert draw_fate(curve, 1, 7, "79990000001") == draw_fate(curve, 1, 7, "79990000001")
    different = {
        draw_fate(curve, *drawn)
        for drawn in [(1, 7, "79990000001"), (2, 7, "79990000001"), (1, 8, "79990000001")]
    }
    assert len(different) == 3


def test_shares_of_fates() -> None:
    curve = DeliveryCurve()
    fates = [draw_fate(curve, 1, 1, str(number)) for number in range(20_000)]
    delivered = sum(fate.status == 1 for fate in fates) / len(fates)
    assert abs(delivered - (1 - sum(outcome.share for outcome in curve.outcomes))) < 0.005
    mean = sum(fate.handed_over for fate in fates) / len(fates)
    assert abs(mean - curve.operator_seconds) < 0.05
    assert all(0 <= fate.handed_over <= fate.final for fate in fates)
