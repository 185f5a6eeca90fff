"""What reaches the log, and what never does."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from worker.logs import _OncePer, configure_logs
from worker.redaction import redact, redact_text


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logs("json", stream=out)
    yield out
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_context(stream: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(batch="c1.0", attempt=2)
    structlog.get_logger().info("batch_sent", recipients=500)
    [line] = lines(stream)
    assert (line["event"], line["batch"], line["attempt"], line["recipients"], line["level"]) == (
        "batch_sent",
        "c1.0",
        2,
        500,
        "info",
    )
    assert str(line["timestamp"]).endswith("Z")


def test_lines_of_libraries_come_through_the_same_way(stream: io.StringIO) -> None:
    logging.getLogger("dramatiq.worker").critical(
        "no connection to redis://user:geheim@host for %s", "79991234567"
    )
    [line] = lines(stream)
    assert line["logger"] == "dramatiq.worker"
    assert line["event"] == "no connection to redis://***@host for 7999***4567"


def test_an_exception_is_told_without_locals_and_redacted(stream: io.StringIO) -> None:
    password = "geheim"
    try:
        raise ValueError(f"psw={password} phone 79991234567")
    except ValueError:
        structlog.get_logger().exception("send_failed")
    text = stream.getvalue()
    assert "ValueError" in text
    assert "geheim" not in text
    assert "79991234567" not in text


@pytest.mark.parametrize(
    ("given_value", "left"),
    [
        ({"psw": "geheim", "n": 1}, {"psw": "***", "n": 1}),
        ({"phone": "79991234567"}, {"phone": "7999***4567"}),
        ({"phones": [79991234567, "79997654321"]}, {"phones": ["7999***4567", "7999***4321"]}),
        ({"text": "Код 1234"}, {"text": "[text]"}),
        ({"texts": ["a", "b"]}, {"texts": "[texts]"}),
        ({"a": {"api_key": "k", "b": ["+79991234567"]}}, {"a": {"api_key": "***", "b": ["7999***4567"]}}),
        ({"batch": "c1ng48szxx88p13gt.12"}, {"batch": "c1ng48szxx88p13gt.12"}),
        ({"seconds": 1_800_000_000}, {"seconds": 1_800_000_000}),
    ],
    ids=str,
)
def test_redaction(given_value: object, left: object) -> None:
    assert redact(given_value) == left


@given(
    st.integers(10**10, 10**15 - 1),
    st.text(st.characters(categories=["Zs", "Po"], exclude_characters="._"), max_size=3),
    st.text(st.characters(categories=["Zs", "Po"], exclude_characters="._"), max_size=3),
)
def test_no_phone_survives_in_a_text(phone: int, before: str, after: str) -> None:
    assert str(phone) not in redact_text(f"{before}{phone}{after}")


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1))
def test_no_password_survives_in_a_form(password: str) -> None:
    cleaned = redact_text(f"login=demo&psw={password}&fmt=3")
    assert cleaned == "login=demo&psw=***&fmt=3"


def test_a_message_that_repeats_is_left_out_for_a_while() -> None:
    now = 0.0
    once = _OncePer(30.0, clock=lambda: now)

    def passes(text: str) -> bool:
        return once.filter(logging.LogRecord("dramatiq", logging.CRITICAL, "", 0, text, None, None))

    assert [passes("a"), passes("a"), passes("b")] == [True, False, True]
    now = 30.0
    assert passes("a")
