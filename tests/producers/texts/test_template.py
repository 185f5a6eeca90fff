"""Templates: what is checked before the first message, and what a row's text is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.errors import BadFile, BadRecipient, BadTemplate
from producers.texts.template import Template

COLUMNS = ["Телефон", "Имя клиента", "percent", "Сумма, руб."]
ROW = ["79991234567", "Анна", "15", "1 000"]

RENDERED = [
    ("Привет", "Привет"),
    ("{Имя клиента}", "Анна"),
    ("{ имя\xa0 КЛИЕНТА }, скидка {PERCENT}%!", "Анна, скидка 15%!"),
    ("{percent}{percent}", "1515"),
    ("К оплате {сумма, руб.}", "К оплате 1 000"),
    ("{{percent}}", "{percent}"),
    ("{{{percent}}}", "{15}"),
    ("}}{{ %s %(x)d %", "}{ %s %(x)d %"),
    ("{percent} %s 100%", "15 %s 100%"),
    ("строка\nдругая {percent}", "строка\nдругая 15"),
]


@pytest.mark.parametrize(("source", "text"), RENDERED)
def test_rendered(source, text):
    assert Template(source).bind(COLUMNS)(ROW) == text


@pytest.mark.parametrize(
    ("source", "fields", "constant"),
    [
        ("скидка", (), "скидка"),
        ("{{a}}", (), "{a}"),
        ("", (), ""),
        ("{b} {a} { B }", ("b", "a"), None),
    ],
)
def test_fields(source, fields, constant):
    template = Template(source)
    assert template.fields == fields
    assert template.constant_text == constant
    assert template.is_constant is (constant is not None)


@pytest.mark.parametrize(
    ("source", "code", "told"),
    [
        ("Привет, {имя", "unbalanced_brace", "{ at character 9"),
        ("Привет, имя}", "unbalanced_brace", "} at character 12"),
        ("{a{b}}", "unbalanced_brace", "{ at character 1"),
        ("{{a}", "unbalanced_brace", "} at character 4"),
        ("{", "unbalanced_brace", "{ at character 1"),
        ("a {} b", "empty_placeholder", "character 3"),
        ("{  }", "empty_placeholder", "character 1"),
    ],
)
def test_malformed(source, code, told):
    with pytest.raises(BadTemplate) as caught:
        Template(source)
    assert caught.value.code == code
    assert told in caught.value.message


@pytest.mark.parametrize(
    "source",
    [
        "{percent.__class__}",
        "{percent[0]}",
        "{percent!r}",
        "{percent:>10}",
        "{0}",
        "{__class__}",
        "{percent.real}",
    ],
)
def test_a_placeholder_reaches_nothing_but_columns(source):
    with pytest.raises(BadTemplate) as caught:
        Template(source).bind(COLUMNS)
    assert caught.value.code == "unknown_column"


def test_an_unknown_column_is_named_with_the_known_ones_and_the_nearest():
    with pytest.raises(BadTemplate) as caught:
        Template("Hi {percnt}").bind(COLUMNS)
    assert "{percnt}" in caught.value.message
    assert "Имя клиента, percent" in caught.value.message
    assert caught.value.hint == "did you mean {percent}?"


def test_many_columns_are_cut_and_numbers_in_their_names_hidden():
    with pytest.raises(BadTemplate) as caught:
        Template("{x}").bind(["8 (999) 123-45-67", *(f"column {n}" for n in range(30))])
    assert "***, column 0" in caught.value.message
    assert "and 11 more" in caught.value.message
    assert "45-67" not in str(caught.value)


def test_a_column_that_stands_twice_is_refused_only_when_it_is_used():
    columns = ["phone", "name", "Name ", "sum"]
    assert Template("{sum}").bind(columns)(["1", "2", "3", "4"]) == "4"
    with pytest.raises(BadFile) as caught:
        Template("{name}").bind(columns)
    assert caught.value.code == "duplicate_column"


@pytest.mark.parametrize(
    "cells", [["79991234567", "", "15"], ["79991234567", " \xa0", "15"], ["79991234567"]]
)
def test_an_empty_cell_that_is_used_rejects_the_row(cells):
    render = Template("{percent}% для {имя клиента}").bind(COLUMNS[:3])
    with pytest.raises(BadRecipient) as caught:
        render(cells)
    assert caught.value.code == "field_empty"
    assert caught.value.field == ("имя клиента" if len(cells) == 3 else "percent")


def test_an_empty_cell_that_is_not_used_does_not():
    assert Template("{percent}%").bind(COLUMNS)(["", "", "15", ""]) == "15%"


def test_names_match_in_either_unicode_form():
    assert Template("{Имя, й}").bind(["Имя, и\u0306"])(["x"]) == "x"


WORDS = st.text(min_size=1, max_size=30).filter(lambda text: text.strip())


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5), WORDS)
def test_values_come_out_as_they_are(pairs, last):
    source = "".join(f"{escape(literal)}{{c{at}}}" for at, (literal, _) in enumerate(pairs)) + escape(last)
    columns = [f"c{at}" for at in range(len(pairs))]
    cells = [value for _, value in pairs]
    expected = "".join(literal + value.strip() for literal, value in pairs) + last
    assert Template(source).bind(columns)(cells) == expected


def escape(literal):
    return literal.replace("{", "{{").replace("}", "}}")
