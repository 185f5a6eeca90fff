"""Files of lines ``phone#text``, as 1C writes them."""

from __future__ import annotations

import csv
import tracemalloc

import pytest

from producers.errors import BadFile
from producers.recipients import Chunk, Intake, OneCFile, RejectsFile
from producers.recipients.one_c_file import looks_like_one_c
from producers.recipients.source import BadRow
from producers.texts import Template

TEXT = Template("{text}")
ANNA, OLEG = [1, ["79991234567", "Привет"]], [2, ["79997654321", "Скидка"]]


@pytest.fixture
def save(tmp_path):
    def save(content):
        path = tmp_path / "sms.txt"
        path.write_bytes(content)
        return path

    return save


def rows(path, **options):
    return [[row, list(cells)] for row, cells in OneCFile(path, **options)]


CP1251 = b"79991234567#\xcf\xf0\xe8\xe2\xe5\xf2\r\n79997654321#\xd1\xea\xe8\xe4\xea\xe0\r\nend\r\n"
UTF8 = (
    b"79991234567#\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82\r\n"
    b"79997654321#\xd0\xa1\xd0\xba\xd0\xb8\xd0\xb4\xd0\xba\xd0\xb0\r\nend\r\n"
)


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
@pytest.mark.parametrize("last", [b"end\r\n", b"end", b"END\r\n", b" end \r\n\r\n"])
@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CP1251, "windows-1251"),
        (UTF8, "utf-8"),
        (b"\xef\xbb\xbf" + UTF8, "utf-8-sig"),
        (b"\xff\xfe" + UTF8.decode().encode("utf-16-le"), "utf-16"),
    ],
)
def test_both_encodings_and_line_ends(save, content, encoding, ending, last):
    text = content.decode(encoding).replace("end\r\n", last.decode())
    path = save(text.replace("\r\n", ending.decode()).encode(encoding))
    file = OneCFile(path)
    assert (file.encoding, file.name, file.columns) == (encoding, "sms.txt", ["phone", "text"])
    assert rows(path) == rows(path) == [ANNA, OLEG]
    assert file.count_rows() == 2


def test_a_given_encoding_is_used(save):
    path = save("79991234567#Привет\nend\n".encode("koi8-r"))
    assert rows(path, encoding="koi8-r") == [ANNA]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        (b"79991234567#order #5 #", ["79991234567", "order #5 #"]),
        (b'+7 (999) 123-45-67#"a; b", c\td', ["+7 (999) 123-45-67", '"a; b", c\td']),
        (b"79991234567#{name} 100% end", ["79991234567", "{name} 100% end"]),
        (b"79991234567#one\rtwo", ["79991234567", "one\rtwo"]),
        (b"79991234567#end", ["79991234567", "end"]),
        (b"79991234567#", ["79991234567", ""]),
        (b"#text", ["", "text"]),
        (b"end#text", ["end", "text"]),
    ],
)
def test_the_first_hash_parts_phone_and_text(save, line, cells):
    assert rows(save(line + b"\r\nend\r\n")) == [[1, cells]]


def test_blank_lines_keep_their_numbers(save):
    assert [row for row, _ in OneCFile(save(b"\r\n7#a\n \n\n8#b\nend\n\n"))] == [2, 5]


EVERY_REJECT = (
    "79991000001#Заказ #1 готов\r\n"
    "8 (999) 100-00-01#Заказ #2\r\n"
    "и ещё строка\r\n"
    "79991000002#\r\n"
    "#Текст\r\n"
    "84951234567#Текст\r\n"
    "79991000003#Текст \\n\r\n"
    "+79991000004#{name} 10%\r\n"
    "end\r\n"
    "\r\n"
    "79991000005#Поздно\r\n"
    "end\r\n"
)


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8"])
def test_what_can_t_be_used_is_rejected_with_its_line(save, tmp_path, encoding):
    path = save(EVERY_REJECT.encode(encoding))
    with RejectsFile(tmp_path / "rejects.csv") as rejects:
        intake = Intake(OneCFile(path), TEXT, size=10, rejects=rejects)
        chunks = list(intake.chunks())
        assert list(intake.chunks()) == chunks
    assert chunks == [Chunk([79991000001, 79991000004], ["Заказ #1 готов", "{name} 10%"], [1, 1])]
    with rejects.path.open(encoding="utf-8-sig", newline="") as file:
        found = [
            (row["row"], row["field"], row["reason"], row["value"])
            for row in csv.DictReader(file, delimiter=";")
        ]
    assert found == [
        ("3", "row", "row_without_hash", "и ещё строка"),
        ("4", "text", "field_empty", ""),
        ("5", "phone", "phone_empty", ""),
        ("6", "phone", "phone_not_mobile", "84951234567"),
        ("7", "text", "text_backslash_n", "Текст \\n"),
        ("11", "row", "row_behind_end", "79991000005#Поздно"),
    ]
    assert (intake.stats.rows, intake.stats.duplicates, intake.stats.rejected) == (9, 1, 6)


def test_the_rules_are_the_provider_s(save):
    path = save("79991000001#Прuвет\n+447911123456#Hello\n79991000003#a \\n b\nend\n".encode())
    intake = Intake(OneCFile(path), TEXT, size=1, provider="sms2")
    assert [chunk.phones for chunk in intake.chunks()] == [[79991000003]]
    assert intake.stats.rejected_by_reason == {"text_mixed_alphabets": 1, "phone_unsupported": 1}


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty_file", "sms.txt is empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty_file", "sms.txt is empty"),
        (b"end\r\n", "no_recipients", "sms.txt has no recipient"),
        (b"\r\nend\r\nend\r\n", "no_recipients", "sms.txt has no recipient"),
        (b"79991234567#a\r\n79991234568#b\r\n", "no_end", "behind its 2 lines"),
        (b"79991234567#a\r\n79991234568#b\r\nen", "no_end", "behind its 3 lines"),
        (b"79991234567#a\r\n79991234568#the end", "no_end", "may have broken off"),
        (b"79991234567#a\rend\r", "no_end", "behind its 1 lines"),
        (b"79991234567#a\r\n79991234568#\x98\r\nend\r\n", "undecodable", "row 2 of sms.txt"),
        (UTF8[:14] + b"\xff" + UTF8[14:], "undecodable", "row 1 of sms.txt"),
        (b"\xff\xfe7\x00#\x00a", "undecodable", "sms.txt holds bytes that are not utf-16"),
        (b"PK\x03\x04", "not_text", "workbook"),
        (b"7\x00#", "not_text", "binary zeros"),
        (b"7#" + b"a" * 70_000 + b"\nend", "not_text", "has no end"),
    ],
)
def test_a_file_that_can_t_be_used_is_refused_before_its_first_row(save, content, code, words):
    with pytest.raises(BadFile) as caught:
        OneCFile(save(content))
    assert caught.value.code == code
    assert words in caught.value.message
    assert "7999" not in str(caught.value)


def test_a_broken_off_export_says_what_to_do(save):
    with pytest.raises(BadFile) as caught:
        OneCFile(save(CP1251.removesuffix(b"end\r\n")))
    assert caught.value.hint == (
        "export it again; if nothing is missing, add a line with the word end and nothing else"
    )


@pytest.mark.parametrize("name", ["nowhere.txt", "."])
def test_a_file_that_isn_t_there(tmp_path, name):
    with pytest.raises(BadFile) as caught:
        OneCFile(tmp_path / name)
    assert caught.value.code == "missing_file"


@pytest.mark.parametrize(
    ("after", "code"), [(b"79991234567#a\n", "no_end"), (b"7#\xff\xff\xff\nend\n", "undecodable")]
)
def test_a_file_that_is_changed_while_it_is_used(save, after, code):
    file = OneCFile(save(UTF8))
    save(after)
    with pytest.raises(BadFile) as caught:
        list(file)
    assert caught.value.code == code


def test_a_file_that_vanishes(save):
    path = save(UTF8)
    file = OneCFile(path)
    path.unlink()
    with pytest.raises(BadFile) as caught:
        list(file)
    assert caught.value.code == "unreadable_file"


def test_a_bad_row_holds_the_line(save):
    [(_, row)] = OneCFile(save(b"no hash\nend\n"))
    assert isinstance(row, BadRow)
    assert (row, row.error.code) == (["no hash"], "row_without_hash")


def test_memory_doesn_t_grow_with_the_file(save):
    path = save(b"".join(b"%d#text %d\r\n" % (79990000000 + n, n) for n in range(100_000)) + b"end\r\n")
    tracemalloc.start()
    try:
        file = OneCFile(path)
        assert sum(1 for _ in file) == file.count_rows() == 100_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CP1251, True),
        (b"\xef\xbb\xbf\r\n" + UTF8, True),
        (b"8 (999) 123-45-67#a", True),
        (b"phone#text\n79991234567#a", False),
        (b"phone;text\n79991234567;a#b", False),
        (b"79991234567", False),
        (b"", False),
    ],
)
def test_the_form_is_recognised_by_the_first_line(save, content, expected):
    assert looks_like_one_c(save(content)) is expected


def test_nothing_is_recognised_where_there_is_no_file(tmp_path):
    assert not looks_like_one_c(tmp_path)
    assert not looks_like_one_c(tmp_path / "nowhere.txt")
