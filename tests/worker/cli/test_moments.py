"""What ``--at`` takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from producers.errors import UsageError
from worker.cli.moments import parse_moment, span

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC).timestamp()


@pytest.fixture(autouse=True)
def moscow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Moscow")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-01T16:00", datetime(2026, 6, 1, 13, 0, tzinfo=UTC)),
        ("2026-06-01 16:00:30", datetime(2026, 6, 1, 13, 0, 30, tzinfo=UTC)),
        ("2026-06-01T16:00Z", datetime(2026, 6, 1, 16, 0, tzinfo=UTC)),
        ("2026-06-01T16:00+03:00", datetime(2026, 6, 1, 13, 0, tzinfo=UTC)),
        ("01.06.2026 16:00", datetime(2026, 6, 1, 13, 0, tzinfo=UTC)),
        (" 1.6.2026  16:00 ", datetime(2026, 6, 1, 13, 0, tzinfo=UTC)),
    ],
)
def test_what_is_read(text: str, moment: datetime) -> None:
    assert parse_moment(text, now=NOW) == moment.timestamp() * 1000


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "16:00", "2026-06-02", "02.06.2026", "31.02.2027 10:00", "06/02/2026 10:00", "1" * 400],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_moment(text, now=NOW)
    assert error.value.code == "bad_time"


@pytest.mark.parametrize("text", ["2026-06-01T15:00", "01.06.2026 14:59", "2020-01-01T00:00Z"])
def test_the_past(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_moment(text, now=NOW)
    assert error.value.code == "past_time"


def test_spans() -> None:
    assert [span(seconds) for seconds in (-1, 0.4, 59, 60, 5400, 7200, 200_000)] == [
        "0 s",
        "0 s",
        "59 s",
        "1 min",
        "2 h",
        "2 h",
        "2 d",
    ]
