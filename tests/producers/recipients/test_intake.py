"""From a file to chunks: who gets what, and what happens to the rest."""

from __future__ import annotations

import copy
import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from producers.errors import BadFile, BadTemplate
from producers.recipients import Chunk, CsvFile, Intake, MappingRows, RejectsFile
from producers.texts import Template

HELLO = Template("Привет, {имя}!")


def phones(count, start=79990000000):
    return [start + at for at in range(count)]


def intake_of(rows, text="Привет", **options):
    options.setdefault("size", 500)
    return Intake(MappingRows(rows), Template(text), **options)


def read_rejects(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))[1:]


@pytest.mark.parametrize(
    ("count", "size", "sizes"),
    [(1, 500, [1]), (500, 500, [500]), (501, 500, [500, 1]), (7, 3, [3, 3, 1]), (3, 1, [1, 1, 1])],
)
def test_chunks_are_full_but_the_last(count, size, sizes):
    intake = intake_of(phones(count), size=size)
    chunks = list(intake.chunks())
    assert [len(chunk) for chunk in chunks] == sizes
    assert [phone for chunk in chunks for phone in chunk.phones] == phones(count)
    assert intake.stats.accepted == intake.stats.rows == intake.stats.segments == count


def test_one_text_for_all():
    intake = intake_of(phones(2), "Скидка {{15%}}\r\nЖдём" + "!" * 60)
    assert list(intake.chunks()) == [Chunk(phones(2), None, [2, 2])]
    assert intake.text == "Скидка {15%}\nЖдём" + "!" * 60
    assert intake.stats.segments == 4


def test_a_text_each():
    rows = [{"phone": "8 999 000-00-00", "имя": "Анна\r\nи Олег"}, {"phone": "79990000001", "имя": "Я" * 70}]
    intake = Intake(MappingRows(rows), HELLO, size=10)
    assert intake.text is None
    assert list(intake.chunks()) == [
        Chunk([79990000000, 79990000001], ["Привет, Анна\nи Олег!", f"Привет, {'Я' * 70}!"], [1, 2])
    ]


def test_the_first_of_two_equal_phones_wins():
    rows = [
        {"phone": "8 999 000-00-00", "имя": ""},  # rejected, so it doesn't stand in the way
        {"phone": "+79990000000", "имя": "Анна"},
        {"phone": "9990000000", "имя": "Пётр"},
    ]
    intake = Intake(MappingRows(rows), HELLO, size=10)
    assert [chunk.texts for chunk in intake.chunks()] == [["Привет, Анна!"]]
    assert (intake.stats.accepted, intake.stats.duplicates) == (1, 1)
    assert intake.stats.rejected_by_reason == {"field_empty": 1}
    assert intake.stats.rows == 3


ROWS = """Имя;Телефон;Город\r
Анна;8 (999) 000-00-01;Пермь\r
;79990000002;Пермь\r
Пётр;8 (342) 212-34-56;Пермь\r
Яна;7,99912E+10;Пермь\r
\r
Олег;;Пермь\r
Роза;79990000005;ул. Мира;5\r
"новый \\n";79990000006;Пермь\r
Длинная {long};79990000007;Пермь\r
=2+2;+79990000008;Пермь\r
"""


def test_an_excel_file_in_windows_1251_with_every_kind_of_reject(tmp_path):
    path = tmp_path / "clients.csv"
    path.write_bytes(ROWS.replace("{long}", "х" * 1000).encode("windows-1251"))
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        intake = Intake(CsvFile(path), HELLO, size=10, rejects=rejects)
        chunks = list(intake.chunks())
    assert chunks == [Chunk([79990000001, 79990000008], ["Привет, Анна!", "Привет, =2+2!"], [1, 1])]
    assert intake.phone_column == "Телефон"
    found = read_rejects(rejects.path)
    long = found[-1][-1]
    assert long.startswith("Привет, Длинная хххх")
    assert [(row, field, reason, value) for row, field, reason, _, value in found] == [
        ("3", "имя", "field_empty", ""),
        ("4", "Телефон", "phone_not_mobile", "8 (342) 212-34-56"),
        ("5", "Телефон", "phone_rounded_by_spreadsheet", "7,99912E+10"),
        ("7", "Телефон", "phone_empty", ""),
        ("8", "row", "row_shifted", "Роза | 79990000005 | ул. Мира | 5"),
        ("9", "text", "text_backslash_n", r"Привет, новый \n!"),
        ("10", "text", "text_too_long", long),
    ]
    assert intake.stats.rejected_by_reason == {reason: 1 for _, _, reason, *_ in found}
    assert (intake.stats.rows, intake.stats.rejected) == (9, 7)


def test_no_message_in_the_rejects_holds_a_phone(tmp_path):
    bad = [
        "84951234567",
        "+7 (495) 123-45-67",
        "799912345678",
        "99991234567",
        "79991234567,79991234568",
        "75001234567",
    ]
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        list(intake_of(bad, rejects=rejects).chunks())
    found = read_rejects(rejects.path)
    assert len(found) == len(bad)
    for (*_, message, value), raw in zip(found, bad, strict=True):
        assert value.lstrip("'") == raw
        digits = "".join(filter(str.isdigit, raw))
        assert digits not in "".join(filter(str.isdigit, message))


@pytest.mark.parametrize(
    ("content", "text", "accepted"),
    [
        ("phone;name\n79990000001;a;b\n", "Hi", 1),  # nothing can push the first column away
        ("phone;name\n79990000001;a;b\n", "Hi {name}", 0),
        ("name;phone\nа;79990000001;b\n", "Hi", 0),
        ("name;phone\nа;79990000001;;\n", "Hi {name}", 1),
        ("phone;name\n79990000001\n", "Hi", 1),
        ("phone;name\n79990000001\n", "Hi {name}", 0),
    ],
)
def test_rows_that_are_too_long_or_too_short(tmp_path, content, text, accepted):
    path = tmp_path / "x.csv"
    path.write_text(content)
    intake = Intake(CsvFile(path), Template(text), size=5)
    assert sum(map(len, intake.chunks())) == accepted
    assert intake.stats.rows == 1


@pytest.mark.parametrize(
    ("rows", "text", "options", "error", "code"),
    [
        ([{"a": 1}], "x", {}, BadFile, "no_phone_column"),
        ([{"a": 1, "b": 2}], "x", {"phone_column": "3"}, BadFile, "no_phone_column"),
        ([{"phone": 1, "mobile": 2}], "x", {}, BadFile, "ambiguous_phone_column"),
        ([{"phone": 1}], "{name}", {}, BadTemplate, "unknown_column"),
        ([{"phone": 1, "a": 1, "A": 2}], "{a}", {}, BadFile, "duplicate_column"),
        ([{"phone": 1}], "  ", {}, BadTemplate, "text_empty"),
        ([{"phone": 1}], "я" * 1001, {}, BadTemplate, "text_too_long"),
        ([{"phone": 1}], "a\0", {}, BadTemplate, "text_control_character"),
        ([{"phone": 1}], "я" * 1001 + "{phone}", {}, BadTemplate, "text_too_long"),
        ([{"phone": 1}], r"{phone}\n", {}, BadTemplate, "text_backslash_n"),
        ([{"phone": 1}], "x", {"size": 0}, ValueError, None),
    ],
)
def test_refused_before_the_first_row(rows, text, options, error, code):
    with pytest.raises(error) as caught:
        intake_of(rows, text, **options)
    assert getattr(caught.value, "code", None) == code


def test_a_backslash_made_by_template_and_cell_together_is_seen():
    intake = intake_of(
        [{"phone": "79990000001", "a": "new"}, {"phone": "79990000002", "a": "old"}], "C:\\{a}"
    )
    assert [chunk.texts for chunk in intake.chunks()] == [["C:\\old"]]
    assert intake.stats.rejected_by_reason == {"text_backslash_n": 1}


def test_the_phone_column_can_be_named():
    intake = intake_of([{"phone": "79990000001", "второй": "79990000002"}], phone_column="Второй")
    assert [chunk.phones for chunk in intake.chunks()] == [[79990000002]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("phone;name\n", "x.csv has a header but no rows"),
        ("phone\nабв\n112\n1\n", "all 3 rows of x.csv were rejected"),
    ],
)
def test_a_file_without_recipients(tmp_path, content, told):
    path = tmp_path / "x.csv"
    path.write_text(content)
    intake = Intake(CsvFile(path), Template("x"), size=5)
    assert list(intake.chunks()) == []
    with pytest.raises(BadFile, match=told) as caught:
        intake.require_recipients()
    assert caught.value.code == "no_recipients"


def test_a_file_with_recipients_passes():
    intake = intake_of(phones(1))
    list(intake.chunks())
    intake.require_recipients()


def dirty_file(path, rows=20_000):
    """Every tenth row is rubbish, every twentieth a duplicate, the rest is written in five ways."""
    rubbish = ["", "нет", "8 495 123-45-67", "7,99912E+10", "112"]
    styles = ["7{0}", "8{0}", "{0}", "+7 ({1}) {2}-{3}", '="7{0}"']
    with path.open("w", encoding="windows-1251", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_MINIMAL)
        writer.writerow(["ФИО", "Моб. телефон", "Сумма"])
        for at in range(rows):
            national = str(9_000_000_000 + (at - 1 if at % 20 == 5 else at))
            phone = styles[at % 5].format(national, national[:3], national[3:6], national[6:])
            writer.writerow([f'ООО "Роза"; {at}', rubbish[at // 10 % 5] if at % 10 == 0 else phone, at])


def test_the_same_file_gives_the_same_chunks(tmp_path):
    path = tmp_path / "clients.csv"
    dirty_file(path)
    template = Template("{фио}: к оплате {сумма} руб.")
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        intake = Intake(CsvFile(path), template, size=500, rejects=rejects)
        first = list(intake.chunks())
        counted = copy.deepcopy(intake.stats)
        rejects.close()
        written = rejects.path.read_bytes()
        assert list(intake.chunks()) == first  # a second pass counts from zero
        assert intake.stats == counted
    assert rejects.path.read_bytes() == written
    assert list(Intake(CsvFile(path), template, size=500).chunks()) == first

    assert (counted.rows, counted.rejected, counted.duplicates) == (20_000, 2_000, 1_000)
    assert counted.accepted == 17_000 == sum(map(len, first))
    assert set(counted.rejected_by_reason) == {
        "phone_empty",
        "phone_not_a_number",
        "phone_not_mobile",
        "phone_rounded_by_spreadsheet",
        "phone_too_short",
    }
    assert len({phone for chunk in first for phone in chunk.phones}) == 17_000
    assert len(read_rejects(rejects.path)) == 2_000


CELL = st.sampled_from(
    ["79990000001", "8 999 000-00-01", "+79990000002", "79990000003", "", "нет", "84951234567"]
)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(CELL, st.sampled_from(["Анна", "", "\\n", "a\0", "x" * 1000])), min_size=1),
    st.integers(1, 5),
)
def test_every_row_goes_to_exactly_one_place(rows, size):
    intake = Intake(MappingRows({"phone": phone, "имя": name} for phone, name in rows), HELLO, size=size)
    chunks = list(intake.chunks())
    stats = intake.stats
    assert stats.rows == len(rows) == stats.accepted + stats.duplicates + stats.rejected
    assert stats.accepted == sum(map(len, chunks))
    assert stats.segments == sum(sum(chunk.segments) for chunk in chunks)
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(len(chunk.phones) == len(chunk.texts) == len(chunk.segments) > 0 for chunk in chunks)
