"""The file for the person who corrects the rows."""

from __future__ import annotations

import csv

import pytest

from producers.errors import BadFile, BadRecipient
from producers.recipients import RejectsFile


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "clients.rejects.csv"


ERROR = BadRecipient("too short", field="телефон", code="phone_too_short", hint="add digits")


def test_no_rejects_no_file(path):
    with RejectsFile(path) as rejects:
        assert rejects.count == 0
    assert not path.exists()


def test_what_excel_gets(path):
    with RejectsFile(path) as rejects:
        rejects.add(7, ERROR, '8999; "x"\nя')
        assert rejects.count == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbfrow;field;reason;message;value\r\n")
    assert read(path)[1:] == [["7", "телефон", "phone_too_short", "too short (add digits)", '8999; "x"\nя']]


@pytest.mark.parametrize("value", ["=1+1", "+79991234567", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1"])
def test_no_value_runs_as_a_formula(path, value):
    with RejectsFile(path) as rejects:
        rejects.add(2, BadRecipient("x", field=value, code="c"), value)
    row = read(path)[1]
    assert (row[1], row[4]) == ("'" + value, "'" + value)


def test_long_values_are_cut(path):
    with RejectsFile(path) as rejects:
        rejects.add(2, ERROR, "x" * 100_000)
    assert read(path)[1][4] == "x" * 500 + "…"


def test_half_of_a_surrogate_pair_can_be_written(path):
    with RejectsFile(path) as rejects:
        rejects.add(2, ERROR, "a\ud83d")
    assert read(path)[1][4] == "a\\ud83d"


@pytest.mark.parametrize("left", ["\ufeffrow;field;reason;message;value\r\n2;x;y;z;1\r\n", ""])
def test_a_file_left_over_is_removed(path, left):
    path.write_text(left, encoding="utf-8")
    RejectsFile(path)
    assert not path.exists()


def test_a_file_of_something_else_is_kept(path):
    path.write_text("phone\n79991234567\n")
    with pytest.raises(BadFile) as caught:
        RejectsFile(path)
    assert caught.value.code == "not_rejects"
    assert path.read_text() == "phone\n79991234567\n"


def test_clear_starts_anew_and_close_does_not(path):
    rejects = RejectsFile(path)
    rejects.add(2, ERROR, "1")
    rejects.close()
    rejects.add(3, ERROR, "2")
    rejects.close()
    assert [row[0] for row in read(path)] == ["row", "2", "3"]
    rejects.clear()
    assert not path.exists()
    rejects.add(4, ERROR, "3")
    rejects.close()
    assert [row[0] for row in read(path)] == ["row", "4"]


def test_a_folder_that_is_not_there(path):
    rejects = RejectsFile(path.parent / "nowhere" / "x.csv")
    with pytest.raises(BadFile) as caught:
        rejects.add(2, ERROR)
    assert caught.value.code == "unwritable_rejects"
