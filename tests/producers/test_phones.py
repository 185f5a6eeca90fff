"""Every way to write a phone number that was met in files, and what becomes of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from producers.errors import BadRecipient
from producers.phones import looks_like_phone, parse_phone

IVAN = 79991234567

ACCEPTED = [
    # clean
    ("79991234567", IVAN),
    ("+79991234567", IVAN),
    ("89991234567", IVAN),
    ("9991234567", IVAN),
    # punctuated by people
    ("+7 (999) 123-45-67", IVAN),
    ("8 999 123 45 67", IVAN),
    ("8(999)1234567", IVAN),
    ("8-999-123-45-67", IVAN),
    ("8.999.123.45.67", IVAN),
    ("8 [999] 123_45_67", IVAN),
    ("(8) 999 1234567", IVAN),
    ("+ 7 999 123 45 67", IVAN),
    ("  79991234567\t", IVAN),
    ("79991234567;", IVAN),
    ("«79991234567»", IVAN),
    ("7,9991234567", IVAN),
    ("8 999\n123-45-67", IVAN),
    ("8.999.123.45.00", 79991234500),  # the last dot is no decimal point
    # other spaces, dashes, digits, marks
    ("8\xa0999\xa0123\u201145\u201167", IVAN),
    ("+7\u202f999\u2009123\u2013\u200a45\u201467", IVAN),
    ("8 999 123\u221245\u221267", IVAN),
    ("\u202a+7 999 123-45-67\u202c", IVAN),
    ("\ufeff79991234567\u200b", IVAN),
    ("\uff0b\uff17\uff19\uff19\uff19\uff11\uff12\uff13\uff14\uff15\uff16\uff17", IVAN),
    ("٧٩٩٩١٢٣٤٥٦٧", IVAN),
    # a trunk prefix that got a plus; international prefixes
    ("+8 999 123-45-67", IVAN),
    ("0079991234567", IVAN),
    ("8-10-375-29-123-45-67", 375291234567),
    # spreadsheets
    ("'79991234567", IVAN),
    ("’+79991234567", IVAN),
    ('="79991234567"', IVAN),
    ('="+7 999 123-45-67"', IVAN),
    ("=79991234567", IVAN),
    ("79991234567.0", IVAN),
    ("79991234567,00", IVAN),
    ("79 991 234 567", IVAN),
    ("79,991,234,567", IVAN),
    ("7.9991234567E+10", IVAN),
    ("7,9991234567e+10", IVAN),
    ("7.99912345670E10", IVAN),
    # Kazakhstan shares +7
    ("77771234567", 77771234567),
    ("8 777 123 45 67", 77771234567),
    ("7012345678", 77012345678),
    # abroad
    ("+375 (29) 123-45-67", 375291234567),
    ("00375291234567", 375291234567),
    ("375291234567", 375291234567),
    ("380501234567", 380501234567),
    ("998901234567", 998901234567),
    ("37491123456", 37491123456),
    ("+99365123456", 99365123456),
    ("+44 (0) 7911 123456", 447911123456),
    ("+12025550123", 12025550123),
    ("+49 30 123456", 4930123456),  # only Russia's own fixed lines are known to take no SMS
]

REJECTED = [
    ("", "phone_empty"),
    (" \xa0\t", "phone_empty"),
    ("-", "phone_empty"),
    ("'", "phone_empty"),
    ("+", "phone_empty"),
    ("нет", "phone_not_a_number"),
    ("nan", "phone_not_a_number"),
    ("None", "phone_not_a_number"),
    ("8 999 123 45 6O", "phone_not_a_number"),
    ("тел. 89991234567", "phone_not_a_number"),
    ("8 999 123 45 67 доб. 5", "phone_not_a_number"),
    ("ivan@example.com", "phone_not_a_number"),
    ("*100#", "phone_not_a_number"),
    ("79991234567#", "phone_not_a_number"),
    ("8 999 123-45-67/68", "phone_not_a_number"),
    ("7²9991234567", "phone_not_a_number"),
    ("7999123.4567", "phone_not_a_number"),
    ("7.99912345678E+10", "phone_not_a_number"),
    ("89991234567, 89997654321", "phone_several"),
    ("89991234567 89997654321", "phone_several"),
    ("89991234567\n89997654321", "phone_several"),
    ("8 999 123-45-67 / 123-45-68", "phone_several"),
    ("+79991234567+79997654321", "phone_several"),
    ("9" * 5000, "phone_several"),
    ("7.99912E+10", "phone_rounded_by_spreadsheet"),
    ("7,99912E+10", "phone_rounded_by_spreadsheet"),
    ("8E+10", "phone_rounded_by_spreadsheet"),
    ("7.999E+10", "phone_rounded_by_spreadsheet"),
    ("0", "phone_too_short"),
    ("112", "phone_too_short"),
    ("123-45-67", "phone_too_short"),
    ("7999123456", "phone_too_short"),
    ("8999123456", "phone_too_short"),
    ("7999123456.0", "phone_too_short"),  # with the dot dropped it would be somebody else's number
    ("+7999123456", "phone_too_short"),
    ("+1202555012", "phone_too_short"),
    ("799912345678", "phone_too_long"),
    ("899912345678", "phone_too_long"),
    ("+799912345678", "phone_too_long"),
    ("1234567890123456", "phone_too_long"),
    ("+120255501234", "phone_too_long"),
    ("99991234567", "phone_ambiguous"),  # a Russian number with a digit too many?
    ("99365123456", "phone_ambiguous"),
    ("7771234567", "phone_ambiguous"),  # a Kazakh one without its 7, or with its last digit lost?
    ("84951234567", "phone_not_mobile"),
    ("+7 (812) 123-45-67", "phone_not_mobile"),
    ("3431234567", "phone_not_mobile"),
    ("8-800-555-35-35", "phone_not_mobile"),
    ("+77172123456", "phone_not_mobile"),
    ("375172123456", "phone_not_mobile"),
    ("75001234567", "phone_invalid"),
    ("80291234567", "phone_invalid"),
    ("77991234567", "phone_invalid"),
    ("2025550123", "phone_invalid"),
    ("19991234567", "phone_invalid"),
    ("+9991234567", "phone_invalid"),
    ("09991234567", "phone_invalid"),
    ("00", "phone_invalid"),
]


@pytest.mark.parametrize(("raw", "phone"), ACCEPTED)
def test_accepted(raw, phone):
    assert parse_phone(raw) == phone


@pytest.mark.parametrize(("raw", "code"), REJECTED)
def test_rejected(raw, code):
    with pytest.raises(BadRecipient) as caught:
        parse_phone(raw)
    assert (caught.value.code, caught.value.field) == (code, "phone")
    assert not leaks(raw, str(caught.value))


def test_a_rounded_number_says_what_to_do():
    with pytest.raises(BadRecipient, match="format the column"):
        parse_phone("7.99912E+10")


@pytest.mark.parametrize(
    ("cell", "looks"),
    [
        ("79991234567", True),
        ("+7 495 123-45-67", True),
        ("7.99912E+10", True),
        ("телефон", False),
        ("", False),
        ("2024", False),
        ("01.01.2024 - 31.12.2024", False),
    ],
)
def test_looks_like_phone(cell, looks):
    assert looks_like_phone(cell) is looks


def leaks(raw, message):
    digits = "".join(char for char in raw if char in "0123456789")
    shown = "".join(char for char in message if char in "0123456789")
    return len(digits) >= 7 and digits in shown


PUNCTUATION = st.text(" -()[]_\xa0\u2009\u202f\u2010\u2011\u2012\u2013\u2014\u2212\u200b\t", max_size=3)


@given(
    prefix=st.sampled_from(["7", "8", "+7", "", "007", "+8"]),
    rest=st.integers(0, 999_999_999),
    gaps=st.lists(PUNCTUATION, min_size=12, max_size=12),
    around=st.sampled_from(["{}", "'{}", '="{}"', '"{}"', " {} ", "{};"]),
)
def test_any_punctuation_gives_the_same_number(prefix, rest, gaps, around):
    national = f"9{rest:09}"
    written = prefix + "".join(gap + digit for gap, digit in zip(gaps, national, strict=False)) + gaps[-1]
    assert parse_phone(around.format(written)) == int("7" + national)


@given(national=st.integers(9_000_000_000, 9_999_999_999), ending=st.sampled_from(["", ".0", ",0", ".00"]))
def test_what_a_spreadsheet_makes_of_a_number_is_undone(national, ending):
    phone = int(f"7{national}")
    assert parse_phone(f"{phone}{ending}") == phone
    assert parse_phone(f"{phone / 10**10:.10f}E+10") == phone


@given(st.text("0123456789+-() .,;/eE\n\xa0", max_size=30) | st.text(max_size=20))
@example("+")
@example("00")
@example("0" * 30)
def test_any_cell_is_a_number_or_a_clean_refusal(raw):
    try:
        phone = parse_phone(raw)
    except BadRecipient as error:
        refusal = error
    else:
        assert 6 <= len(str(phone)) <= 15
        assert parse_phone(f"+{phone}") == phone
        return
    assert refusal.code.startswith("phone_")
    assert not leaks(raw, str(refusal))


def test_phonenumbers_is_not_imported_for_russian_mobiles():
    code = (
        "import sys\nfrom producers.phones import parse_phone\n"
        "parse_phone('8 999 123-45-67'), parse_phone('8.999.123.45.67')\n"
        "print('phonenumbers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
