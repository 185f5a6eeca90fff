"""What must fit together in a message: one row a rule, with what breaks it and what just passes."""

from __future__ import annotations

from typing import Any

import pytest

from producers.errors import BadRecipient, UsageError
from producers.kind_checks import check_message, file_ref, parse_recipient, parse_recipients
from producers.kinds import FIRST_ADDRESS, FileRef, Kind, SendOptions
from producers.option_checks import MAX_FILES, check_options

PDF = FileRef("a.pdf", "0" * 32, 10)
EMPTY = FileRef("a.pdf", "0" * 32, 0)
HALF = FileRef("a.pdf", "0" * 32, MAX_FILES // 2)
REST = FileRef("b.pdf", "1" * 32, MAX_FILES - MAX_FILES // 2)
MORE = FileRef("b.pdf", "1" * 32, REST.size + 1)
URL = "https://example.org/a.mp3"


def options(**members: Any) -> SendOptions:
    return SendOptions(**members)


CALL: dict[str, Any] = {"kind": Kind.CALL}
MMS: dict[str, Any] = {"kind": Kind.MMS}
MAIL: dict[str, Any] = {"kind": Kind.EMAIL, "subject": "Счёт"}
TELEGRAM: dict[str, Any] = {"kind": Kind.TELEGRAM}

#: Code without ``bad_``, members that break the rule, members that keep it.
OPTION_RULES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("translit", {"translit": 3}, {"translit": 2}),
    ("translit", {"translit": -1}, {"translit": 0}),
    ("time", {"time": "0101271200 "}, {"time": "0101271200"}),
    ("time", {"time": "010127120"}, {"time": "0101271200"}),
    ("time", {"time": "01.01.2027 12:00"}, {"time": "01.01.27 12:00"}),
    ("time", {"time": "9-"}, {"time": "9-18"}),
    ("time", {"time": "1800000000x"}, {"time": "01800000000"}),
    ("time", {"time": "+"}, {"time": "+5"}),
    ("time", {"time": "-5"}, {"time": "+525600"}),
    ("time", {"time": "tomorrow"}, {"time": ""}),
    ("time", {"time": "٠١٠١٢٧١٢٠٠"}, {"time": "0-23"}),
    ("tz", {"tz": 15}, {"tz": 14}),
    ("tz", {"tz": -15}, {"tz": -14}),
    ("period", {"period": "0.09"}, {"period": "0.1"}),
    ("period", {"period": "720.1"}, {"period": "720"}),
    ("period", {"period": "day"}, {"period": "24.5"}),
    ("period", {"period": "NaN"}, {"period": ""}),
    ("freq", {"freq": 10}, {"freq": 10, "period": "1"}),
    ("freq", {"freq": 1441, "period": "48"}, {"freq": 1440, "period": "48"}),
    ("freq", {"freq": -1, "period": "48"}, {"freq": 1, "period": "48"}),
    ("valid", {"valid": "00:00"}, {"valid": "00:01"}),
    ("valid", {"valid": "24:01"}, {"valid": "24:00"}),
    ("valid", {"valid": "1:00"}, {"valid": "01:00"}),
    ("valid", {"valid": "12:60"}, {"valid": "23:59"}),
    ("max_segments", {"max_segments": -1}, {"max_segments": 1}),
    ("captcha", {"captcha": "12345"}, {"captcha": "12345", "user_ip": "203.0.113.9"}),
    ("user_ip", {"user_ip": "203.0.113"}, {"user_ip": "203.0.113.9"}),
    ("user_ip", {"user_ip": "host"}, {"user_ip": "2001:db8::1"}),
    ("file_url", {**MMS, "file_url": "ftp://example.org/a"}, {**MMS, "file_url": URL}),
    ("file_url", {"file_url": URL}, {**CALL, "file_url": URL}),
    ("file_url", {**MAIL, "file_url": URL}, {**MMS, "file_url": URL}),
    ("files", {"files": (PDF,)}, {**MAIL, "files": (PDF,)}),
    ("files", {"kind": Kind.VIBER, "files": (PDF,)}, {**MMS, "files": (PDF,)}),
    ("files", {**MAIL, "files": (HALF, MORE)}, {**MAIL, "files": (HALF, REST)}),
    ("files", {**CALL, "files": (PDF, EMPTY)}, {**CALL, "files": (PDF,)}),
    ("subject", {"subject": "Счёт"}, MAIL),
    ("subject", {"kind": Kind.CALL, "subject": "Счёт"}, {**MMS, "subject": "Счёт"}),
    ("voice", {"voice": "m"}, {**CALL, "voice": "m"}),
    ("voice", {**CALL, "voice": "m5"}, {**CALL, "voice": "w4"}),
    ("voice", {**CALL, "voice": "w,EN"}, {**CALL, "voice": "w,en"}),
    ("call_timing", {"call_timing": "22,20,5"}, {**CALL, "call_timing": "22,20,5"}),
    ("call_timing", {**CALL, "call_timing": "100,20,5"}, {**CALL, "call_timing": "99,20,5"}),
    ("call_timing", {**CALL, "call_timing": "22,9,5"}, {**CALL, "call_timing": "22,10,5"}),
    ("call_timing", {**CALL, "call_timing": "22,3601,5"}, {**CALL, "call_timing": "22,3600,5"}),
    ("call_timing", {**CALL, "call_timing": "22,20,0"}, {**CALL, "call_timing": "22,20,1"}),
    ("call_timing", {**CALL, "call_timing": "22,20,10"}, {**CALL, "call_timing": "22,20,9"}),
    ("call_timing", {**CALL, "call_timing": "22,20"}, {**CALL, "call_timing": "0,20,9"}),
    ("call_timing", {**CALL, "call_timing": "-1,20,5"}, {**CALL, "call_timing": "1,20,5"}),
    ("bot", {"bot": "@shop_bot"}, {**TELEGRAM, "bot": "@shop_bot"}),
    ("bot", {**TELEGRAM, "bot": "shop_bot"}, {**TELEGRAM, "bot": "@shop_bot"}),
]


@pytest.mark.parametrize(("code", "wrong", "right"), OPTION_RULES, ids=str)
def test_options(code: str, wrong: dict[str, Any], right: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        check_options(options(**wrong))
    assert caught.value.code == f"bad_{code}"
    check_options(options(**right))


#: Code, then (text, sender, options) that is refused, then one that passes.
Message = tuple[str, str, SendOptions]
MESSAGE_RULES: list[tuple[str, Message, Message]] = [
    (
        "bad_push",
        ("http://example.org", "", options(kind=Kind.PUSH)),
        ("http://example.org\nСкидки", "", options(kind=Kind.PUSH)),
    ),
    (
        "bad_push",
        ("http://example.org\n  ", "", options(kind=Kind.PUSH)),
        ("HTTPS://example.org/a \nСкидки\nи ещё", "", options(kind=Kind.PUSH)),
    ),
    (
        "bad_push",
        ("Скидки\nhttp://example.org", "", options(kind=Kind.PUSH)),
        ("http://example.org\r\nСкидки", "", options(kind=Kind.PUSH)),
    ),
    ("bad_call", ("", "", options(**CALL)), ("Код 1234", "", options(**CALL))),
    (
        "bad_call",
        ("Код 1234", "", options(**CALL, files=(PDF,))),
        ("  ", "", options(**CALL, files=(PDF,))),
    ),
    ("bad_call", ("Код", "", options(**CALL, file_url=URL)), ("", "", options(**CALL, file_url=URL))),
    (
        "bad_call",
        ("", "", options(**CALL, file_url=URL, files=(PDF,))),
        ("code", "", options(**CALL)),
    ),
    (
        "bad_mms",
        ("Фото", "", options(**MMS)),
        ("Фото", "", options(**MMS, files=(PDF,))),
    ),
    (
        "bad_mms",
        ("", "", options(**MMS, file_url=URL)),
        ("", "", options(**MMS, file_url=URL, subject="Фото")),
    ),
    (
        "bad_email",
        ("Текст", "shop@example.org", options(kind=Kind.EMAIL)),
        ("Текст", "shop@example.org", options(**MAIL)),
    ),
    (
        "bad_email",
        ("Текст", "", options(**MAIL)),
        ("Текст", "a.b+c@mail.example.org", options(**MAIL)),
    ),
    ("bad_email", ("Текст", "Shop", options(**MAIL)), ("Ы", "a@example.рф", options(**MAIL))),
    ("text_empty", ("", "shop@example.org", options(**MAIL)), ("Ы", "a@b.ru", options(**MAIL))),
    ("text_empty", (" \n", "", options()), (" \nы", "", options())),
    ("text_empty", ("", "", options(kind=Kind.VIBER)), ("", "", options(kind=Kind.HLR))),
    ("text_empty", ("", "", options(kind=Kind.FLASH)), (" ", "", options(kind=Kind.PING))),
    ("text_too_long", ("Ы" * 1001, "", options()), ("Ы" * 1000, "", options())),
    (
        "bad_binary",
        ("06 05 04 0", "", options(kind=Kind.BINARY_HEX)),
        ("06 05 04 0b\n8423F0", "", options(kind=Kind.BINARY_HEX)),
    ),
    (
        "bad_binary",
        ("0605zz", "", options(kind=Kind.BINARY_HEX)),
        ("0605FF", "", options(kind=Kind.BINARY_HEX)),
    ),
    ("bad_binary", ("", "", options(kind=Kind.BINARY_HEX)), ("00", "", options(kind=Kind.BINARY_HEX))),
    (
        "bad_binary",
        ("\x02\x70\u0100a", "", options(kind=Kind.BINARY)),
        ("\x02\x70\x00\xffa", "", options(kind=Kind.BINARY)),
    ),
    ("bad_binary", ("", "", options(kind=Kind.BINARY)), (" ", "", options(kind=Kind.BINARY))),
    ("bad_valid", ("Ы", "", options(valid="x")), ("Ы", "", options(valid="01:00"))),
]


@pytest.mark.parametrize(("code", "wrong", "right"), MESSAGE_RULES, ids=str)
def test_messages(code: str, wrong: Message, right: Message) -> None:
    with pytest.raises(UsageError) as caught:
        check_message(*wrong)
    assert caught.value.code == code
    assert check_message(*right)[1] >= 1


@pytest.mark.parametrize(
    ("text", "kind", "sent"),
    [
        ("a\r\nb", Kind.SMS, "a\nb"),
        ("06 05\n04 0b", Kind.BINARY_HEX, "0605040b"),
        ("\x02\x70\x00\r\n", Kind.BINARY, "\x02\x70\x00\r\n"),
        ("  ", Kind.HLR, ""),
        ("  ", Kind.PING, ""),
    ],
)
def test_the_text_as_it_is_sent(text: str, kind: Kind, sent: str) -> None:
    assert check_message(text, "", options(kind=kind))[0] == sent


@pytest.mark.parametrize(
    ("text", "members", "segments"),
    [
        ("Ы" * 70, {}, 1),
        ("Ы" * 71, {}, 2),
        ("Ы" * 70 + "\n~~~\n" + "к" * 500, {}, 1),
        ("Ы" * 71 + "\n~~~\nкомментарий", {}, 2),
        ("A" * 160 + "\n~~~\nкомментарий", {}, 1),
        ("A" * 160 + "\r\n~~~\r\nкомментарий", {}, 1),
        ("Ы" * 71, {"max_segments": 1}, 1),
        ("Ы" * 201, {"max_segments": 3}, 3),
        ("Ы" * 202, {"max_segments": 3}, 3),
        ("Ы" * 71, {"max_segments": 5}, 2),
        ("Ы" * 71, {"kind": Kind.FLASH}, 2),
        ("Ы" * 710, {"kind": Kind.VIBER}, 1),
        ("Ы" * 710, {"kind": Kind.CALL}, 1),
        ("", {"kind": Kind.HLR}, 1),
        ("ff" * 140, {"kind": Kind.BINARY_HEX}, 1),
        ("ff" * 141, {"kind": Kind.BINARY_HEX}, 2),
        ("\xff" * 140, {"kind": Kind.BINARY}, 1),
        ("\xff" * 281, {"kind": Kind.BINARY}, 3),
    ],
)
def test_segments(text: str, members: dict[str, Any], segments: int) -> None:
    assert check_message(text, "", options(**members))[1] == segments


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        (Kind.SMS, " +7 999 123-45-67 ", 79991234567),
        (Kind.SMS, "G12", "G12"),
        (Kind.VIBER, "G1", "G1"),
        (Kind.TELEGRAM, "@smith_j", "@smith_j"),
        (Kind.TELEGRAM, "smith_j", "smith_j"),
        (Kind.TELEGRAM, "#123", "#123"),
        (Kind.TELEGRAM, "G12", "G12"),
        (Kind.TELEGRAM, "89991234567", 79991234567),
        (Kind.EMAIL, " a.b+c@mail.example.org ", "a.b+c@mail.example.org"),
    ],
)
def test_recipients(kind: Kind, value: str, found: int | str) -> None:
    assert parse_recipient(kind, value) == found


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (Kind.SMS, "@smith_j", "phone_not_a_number"),
        (Kind.SMS, "#123", "phone_not_a_number"),
        (Kind.SMS, "G", "phone_not_a_number"),
        (Kind.SMS, "g12", "phone_not_a_number"),
        (Kind.SMS, "G1,G2", "phone_not_a_number"),
        (Kind.SMS, "a@example.org", "phone_not_a_number"),
        (Kind.TELEGRAM, "@ab", "phone_not_a_number"),
        (Kind.TELEGRAM, "#", "phone_empty"),
        (Kind.TELEGRAM, "", "phone_empty"),
        (Kind.EMAIL, "79991234567", "bad_email"),
        (Kind.EMAIL, "G12", "bad_email"),
        (Kind.EMAIL, "a@example", "bad_email"),
        (Kind.EMAIL, "a b@example.org", "bad_email"),
        (Kind.EMAIL, "a@example.org,b@example.org", "bad_email"),
        (Kind.EMAIL, f"{'a' * 60}@{'b' * 200}.org", "bad_email"),
    ],
)
def test_recipients_of_no_use(kind: Kind, value: str, code: str) -> None:
    with pytest.raises(BadRecipient) as caught:
        parse_recipient(kind, value)
    assert caught.value.code == code


def test_phones_and_addresses_in_one_list() -> None:
    numbers, addresses = parse_recipients(
        Kind.TELEGRAM, ["79991234567", "@smith_j", "8 999 123-45-67", "#7", "@smith_j", "79991234568"]
    )
    assert addresses == ("@smith_j", "#7")
    assert numbers == [79991234567, FIRST_ADDRESS, FIRST_ADDRESS + 1, 79991234568]


def test_the_wrong_one_of_several_is_named_by_its_place() -> None:
    with pytest.raises(BadRecipient) as caught:
        parse_recipients(Kind.SMS, ["79991234567", "G1", "12"])
    assert (caught.value.row, caught.value.code) == (3, "phone_too_short")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("/srv/in/счёт.pdf", "счёт.pdf"),
        ("C:\\in\\a.pdf", "a.pdf"),
        ("a.pdf", "a.pdf"),
        ("", "file"),
        ("in/", "file"),
        ("a" * 120, "a" * 100),
    ],
)
def test_a_file_is_named_without_its_directory(name: str, short: str) -> None:
    found = file_ref(name, b"content")
    assert (found.name, found.size) == (short, 7)
    assert found.digest == file_ref("other", b"content").digest != file_ref(name, b"Content").digest


def test_no_message_s_parts_are_in_a_repr() -> None:
    said = options(**MAIL, user_ip="203.0.113.9")
    assert repr(said) == "SendOptions(kind='email')"
