"""Rows that an application hands over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from producers.errors import BadFile
from producers.recipients import MappingRows


@pytest.mark.parametrize(
    ("rows", "columns", "cells"),
    [
        ([{"phone": "7999", "name": "Анна"}], ["phone", "name"], [["7999", "Анна"]]),
        ([{"phone": 79991234567, "sum": Decimal("1.50")}], ["phone", "sum"], [["79991234567", "1.50"]]),
        ([{"phone": "1", "name": None}, {"name": "b", "x": 1}], ["phone", "name"], [["1", ""], ["", "b"]]),
        (["7999", "7998"], ["phone"], [["7999"], ["7998"]]),
        ([79991234567], ["phone"], [["79991234567"]]),
        ({"7999": 1}, ["phone"], [["7999"]]),
    ],
)
def test_rows(rows, columns, cells):
    source = MappingRows(rows)
    assert source.columns == columns
    assert list(source) == list(enumerate(cells, 1))
    assert list(source) == list(enumerate(cells, 1))


def test_an_iterator_is_streamed_and_loses_nothing():
    taken = []

    def rows():
        for at in range(1000):
            taken.append(at)
            yield {"phone": at}

    source = iter(MappingRows(rows()))
    assert next(source) == (1, ["0"])
    assert len(taken) <= 2
    assert [row for row, _ in source] == list(range(2, 1001))


@pytest.mark.parametrize(
    ("rows", "code", "told"),
    [
        ([], "no_recipients", "are empty"),
        (iter(()), "no_recipients", "are empty"),
        ([None], "malformed_row", "row 1 of the rows given is NoneType"),
        ([["7999"]], "malformed_row", "is list, not a mapping"),
        ([{"phone": "1"}, "7999"], "malformed_row", "row 2 of the rows given is str, not a mapping"),
        (["7999", {"phone": "1"}], "malformed_row", "row 2 of the rows given is dict, not a phone"),
    ],
)
def test_refused(rows, code, told):
    with pytest.raises(BadFile) as caught:
        list(MappingRows(rows))
    assert caught.value.code == code
    assert told in caught.value.message
