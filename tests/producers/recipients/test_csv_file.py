"""CSV files as strangers make them."""

from __future__ import annotations

import csv
import io
import os
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from producers.errors import BadFile
from producers.recipients import CsvFile
from producers.texts import Template

HEADER = ["Телефон", "Имя", "Сумма"]
ROWS = [["79991234567", "Анна", "15"], ["79997654321", "Пётр", "20"]]


@pytest.fixture
def save(tmp_path):
    def save(content, encoding="utf-8"):
        path = tmp_path / "clients.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return save


def text_of(delimiter, end="\r\n"):
    return "".join(delimiter.join(row) + end for row in [HEADER, *ROWS])


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("windows-1251", "windows-1251"),  # Excel's "CSV (разделители — запятые)" in Russia
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),  # Excel's "CSV UTF-8"
        ("utf-16", "utf-16"),  # Excel's "Текст Юникод", tab-separated
    ],
)
def test_encodings_and_delimiters(save, encoding, found, delimiter, end):
    file = CsvFile(save(text_of(delimiter, end), encoding))
    assert (file.encoding, file.delimiter) == (found, delimiter)
    assert file.columns == HEADER
    assert list(file) == [(2, ROWS[0]), (3, ROWS[1])]
    assert list(file) == [(2, ROWS[0]), (3, ROWS[1])]  # again, from the start
    assert file.count_rows() == 2


def test_utf_16_big_endian_with_a_mark(save):
    assert CsvFile(save(b"\xfe\xff" + text_of("\t").encode("utf-16-be"))).columns == HEADER


SHAPES = {
    "one column": ("phone\n79991234567\n", ["phone"], [(2, ["79991234567"])]),
    "one column, a comma in it": ("phone\n8,999\n", ["phone"], [(2, ["8,999"])]),
    "header only": ("phone;name\n", ["phone", "name"], []),
    "header only, no line end": ("phone", ["phone"], []),
    "no last line end": ("phone;name\n1;a", ["phone", "name"], [(2, ["1", "a"])]),
    "quotes": (
        'phone,name\n1,"ООО ""Роза"", Пермь"\n',
        ["phone", "name"],
        [(2, ["1", 'ООО "Роза", Пермь'])],
    ),
    "a record of two lines is one row": (
        'phone;note\n1;"a\r\nb"\n2;c\n',
        ["phone", "note"],
        [(2, ["1", "a\r\nb"]), (3, ["2", "c"])],
    ),
    "blank rows keep their numbers": (
        "phone;name\n\n1;a\n;\n  ; \n2;b\n\n",
        ["phone", "name"],
        [(3, ["1", "a"]), (6, ["2", "b"])],
    ),
    "blank rows on top": ("\n;\nphone;name\n1;a\n", ["phone", "name"], [(4, ["1", "a"])]),
    "a short row is filled up": ("phone;name\n1\n", ["phone", "name"], [(2, ["1", ""])]),
    "empty cells beyond the header": ("phone;name\n1;a;; \n", ["phone", "name"], [(2, ["1", "a"])]),
    "a long row is left so": ("phone;name\n1;a;b\n", ["phone", "name"], [(2, ["1", "a", "b"])]),
    "as many commas as semicolons": (
        "Сумма, руб;phone\n5;1\n6;2\n",
        ["Сумма, руб", "phone"],
        [(2, ["5", "1"]), (3, ["6", "2"])],
    ),
    "more commas than semicolons": (
        "ФИО, лет, рост;phone\nx;2\n",
        ["ФИО, лет, рост", "phone"],
        [(2, ["x", "2"])],
    ),
    "commas within quotes": ('"a, b, c";phone\n1;2\n', ["a, b, c", "phone"], [(2, ["1", "2"])]),
    "Excel's line about the delimiter": (
        "sep=,\r\na;b,phone\r\n1,2\r\n",
        ["a;b", "phone"],
        [(2, ["1", "2"])],
    ),
    "spaces after commas": ('phone, name\n1, "b, c"\n', ["phone", "name"], [(2, ["1", "b, c"])]),
    "quotes inside a cell": ('phone;name\n1;ООО "Роза"\n', ["phone", "name"], [(2, ["1", 'ООО "Роза"'])]),
    "Excel's formula for text": ('phone\n="79991234567"\n', ["phone"], [(2, ['="79991234567"'])]),
    "spaces around names": (" phone ;\tname\n1;a\n", ["phone", "name"], [(2, ["1", "a"])]),
}


@pytest.mark.parametrize(("content", "columns", "rows"), SHAPES.values(), ids=SHAPES)
def test_shapes(save, content, columns, rows):
    file = CsvFile(save(content))
    assert file.columns == columns
    assert list(file) == rows


def test_delimiter_and_encoding_can_be_given(save):
    file = CsvFile(save("phone|имя\n1|я\n", "koi8-r"), delimiter="|", encoding="koi8-r")
    assert list(file) == [(2, ["1", "я"])]
    assert file.columns == ["phone", "имя"]


def test_cyrillic_that_comes_late_is_read_right(save):
    ascii_rows = b"79991234567;Anna\n" * 80_000  # more than one block
    file = CsvFile(save(b"phone;name\n" + ascii_rows + "79991234567;Пётр «Я»\n".encode("windows-1251")))
    assert file.encoding == "windows-1251"
    *_, last = file
    assert last == (80_002, ["79991234567", "Пётр «Я»"])


@pytest.mark.parametrize("shift", range(3))
def test_letters_across_the_edge_of_a_block(save, shift):
    start = b"phone;name\n" + b"x" * shift
    content = start + "1;ё\n".encode() * 250_000
    assert CsvFile(save(content)).encoding == "utf-8"


def test_a_letter_at_the_edge_of_a_block_is_windows_1251(save):
    ascii_rows = b"phone;x\n" + b"1;a\n" * 65_536
    content = ascii_rows[: (1 << 18) - 1] + b"\xc4" + b"\n1;a\n"
    assert CsvFile(save(content)).encoding == "windows-1251"


def test_a_last_letter_without_line_end_is_windows_1251(save):
    assert list(CsvFile(save(b"phone;x\n1;\xc4"))) == [(2, ["1", "Д"])]


@pytest.mark.parametrize(
    ("content", "row", "encoding"),
    [
        pytest.param("имя;phone\nПётр;1\nАнна;2\n".encode() + b"\xff;3\n", 4, "utf-8", id="damaged UTF-8"),
        pytest.param("имя;phone\nПётр;1\nАнна;2\nЛ".encode()[:-1], 4, "utf-8", id="broken off"),
        pytest.param(
            "имя;phone\nПётр;1\n".encode("windows-1251") + b"\x98;3\n", 3, "windows-1251", id="neither"
        ),
        pytest.param(
            "\ufeffимя;phone\n".encode() + b"\xcf;1\n", 2, "utf-8-sig", id="marked, but not all of it"
        ),
        pytest.param(
            'имя;phone\n"Пётр\nИлья";1\n'.encode() * 9 + b"\xff;3\n", 19, "utf-8", id="rows, not lines"
        ),
        pytest.param(
            "sep=;\nимя;phone\nПётр;1\n".encode() + b"\xff;3\n", 3, "utf-8", id="behind Excel's first line"
        ),
        pytest.param(text_of("\t").encode("utf-16")[:-1], 4, "utf-16", id="half a character"),
    ],
)
def test_undecodable_bytes_are_found_before_the_first_row(save, content, row, encoding):
    with pytest.raises(BadFile) as caught:
        CsvFile(save(content))
    assert caught.value.code == "undecodable"
    assert caught.value.message == f"row {row} of clients.csv holds bytes that are not {encoding}"


def test_a_wrong_encoding_given_is_refused(save):
    with pytest.raises(BadFile) as caught:
        CsvFile(save(text_of(";"), "windows-1251"), encoding="utf-8")
    assert (caught.value.code, caught.value.message[:5]) == ("undecodable", "row 1")


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        pytest.param(b"", "empty_file", "is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf", "empty_file", "is empty", id="only a mark"),
        pytest.param(b" \n\n;;\n", "empty_file", "is empty", id="only blank rows"),
        pytest.param(b"sep=;\n", "empty_file", "is empty", id="only Excel's hint"),
        pytest.param(b"79991234567;Anna\n", "no_header", "row 1", id="no header"),
        pytest.param(b"Anna;+7 (495) 123-45-67\n", "no_header", "row 1", id="no header, phone in the second"),
        pytest.param(b"7,99912E+10;Anna\n", "no_header", "row 1", id="no header, phone rounded"),
        pytest.param(b"PK\x03\x04" + b"\0" * 50, "not_text", "workbook", id="xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 50, "not_text", "workbook", id="xls"),
        pytest.param("phone;name".encode("utf-16-le"), "not_text", "zeros", id="UTF-16 without a mark"),
        pytest.param(b"x" * 100_000, "not_text", "no end", id="one endless line"),
        pytest.param(
            b'phone;"name\n79991234567;Anna\n', "unclosed_quote", "row 1", id="quote open in the header"
        ),
    ],
)
def test_files_that_are_refused_at_once(save, content, code, told):
    with pytest.raises(BadFile) as caught:
        CsvFile(save(content))
    assert caught.value.code == code
    assert told in caught.value.message
    assert "9991234567" not in str(caught.value)


VANISHING = {
    "to the end": ('phone;name;n\n79991234567;"Роза;1\n79991234568;Лотос;2\n', "unclosed_quote", 2),
    "to the next quote": (
        'phone;name;n\n\n79991234566;Ира;0\n79991234567;"Роза;1\n79991234568;"Лотос";2\n',
        "unclosed_quote",
        4,
    ),
    "in front of the phone": (
        'name;phone;n\n"Роза;79991234567;1\n"Лотос";79991234568;2\n',
        "unclosed_quote",
        2,
    ),
    "between other columns and the phone": (
        'id;name;phone\n1;"Роза;79991234567\n2;"Лотос";79991234568\n',
        "unclosed_quote",
        2,
    ),
    "a cell beyond the limit": ('phone;name\n1;a\n2;"' + "x" * 140_000, "malformed_csv", 3),
}


@pytest.mark.parametrize(("content", "code", "row"), VANISHING.values(), ids=VANISHING)
def test_rows_that_would_vanish_stop_the_reading(save, content, code, row):
    file = CsvFile(save(content))
    with pytest.raises(BadFile) as caught:
        file.count_rows()
    assert caught.value.code == code
    assert f"row {row} " in caught.value.message


@pytest.mark.parametrize(
    "note",
    [
        "ул. Мира; дом 5\nкв. 7",
        "звонить 89991234567;\nпосле обеда; 2",
        "\n",
        '"да"\n"нет"',
        "1;2;3\n4;5;6",
        "x\n2; 89991234567",
    ],
)
def test_notes_of_several_lines_are_no_unclosed_quotes(save, note):
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["phone", "note", "n"], ["79991234567", note, "1"]])
    assert list(CsvFile(save(out.getvalue()))) == [(2, ["79991234567", note, "1"])]


def test_paths_that_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, told in [
        ("nowhere.csv", "there is no file"),
        ("", "is a folder"),
        ("pipe", "not a regular file"),
    ]:
        with pytest.raises(BadFile, match=told) as caught:
            CsvFile(tmp_path / name)
        assert caught.value.code == "missing_file"
        assert caught.value.hint


def test_a_file_that_goes_away_is_an_error_of_the_file(save):
    path = save("phone\n1\n")
    file = CsvFile(path)
    path.unlink()
    with pytest.raises(BadFile) as caught:
        file.count_rows()
    assert caught.value.code == "unreadable_file"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"encoding": "utf-9"}, "unknown_encoding"),
        ({"encoding": "hex"}, "unknown_encoding"),
        ({"delimiter": ""}, "bad_delimiter"),
        ({"delimiter": ";;"}, "bad_delimiter"),
        ({"delimiter": '"'}, "bad_delimiter"),
    ],
)
def test_options_that_make_no_sense(save, options, code):
    with pytest.raises(BadFile) as caught:
        CsvFile(save("phone\n1\n"), **options)
    assert caught.value.code == code


def test_memory_does_not_grow_with_the_file(save):
    path = save("phone;имя\n" + "79991234567;Константин\n" * 150_000)
    tracemalloc.start()
    try:
        file = CsvFile(path)
        assert file.count_rows() == 150_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 4_500_000
    assert peak < 2_000_000  # a block of bytes and the letters in it


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.tuples(CELLS, CELLS), max_size=5),
    delimiter=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_text_comes_through_quoting_and_template(save, values, delimiter, encoding):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["phone", "имя", "город"])
    writer.writerows(["79991234567", *pair] for pair in values)
    file = CsvFile(save(out.getvalue(), encoding))
    assert [(row, cells[1:]) for row, cells in file] == [
        (row, list(pair)) for row, pair in enumerate(values, 2)
    ]
    render = Template("{{{имя}}} из {город}%").bind(file.columns)
    for (_, cells), (name, city) in zip(file, values, strict=True):
        if name.strip() and city.strip():
            assert render(cells) == f"{{{name.strip()}}} из {city.strip()}%"
