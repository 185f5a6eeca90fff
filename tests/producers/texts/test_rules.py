"""Which texts may be sent."""

from __future__ import annotations

import pytest

from producers.errors import BadRecipient
from producers.texts.rules import clean_text


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Привет", "Привет"),
        ("одна\r\nдве\rтри\nчетыре", "одна\nдве\nтри\nчетыре"),
        ("цена\t5\xa0руб", "цена\t5\xa0руб"),
        ("семья \U0001f468\u200d\U0001f469", "семья \U0001f468\u200d\U0001f469"),
        ("a" * 1000, "a" * 1000),
    ],
)
def test_sent(text, sent):
    assert clean_text(text, personal=True) == sent


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text_empty"),
        (" \r\n\xa0", "text_empty"),
        ("a" * 1001, "text_too_long"),
        ("a\x00b", "text_control_character"),
        ("a\x1bb", "text_control_character"),
        ("a\x0bb", "text_control_character"),
        ("a\x85b", "text_control_character"),
        ("a\ud83d", "text_control_character"),
        ("Ув\ufffdжаемый", "text_damaged"),
        (r"C:\new", "text_backslash_n"),
    ],
)
def test_rejected(text, code):
    with pytest.raises(BadRecipient) as caught:
        clean_text(text, personal=True)
    assert (caught.value.code, caught.value.field) == (code, "text")


def test_a_backslash_and_n_are_fine_in_a_text_for_all():
    assert clean_text(r"C:\new", personal=False) == r"C:\new"


def test_the_limit_can_be_set_and_is_told():
    with pytest.raises(BadRecipient, match="269 characters; 268 are allowed"):
        clean_text("я" * 269, personal=False, max_characters=268)
