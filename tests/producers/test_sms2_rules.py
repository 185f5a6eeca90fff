"""SMS2's rules, and the words that mix alphabets."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from producers.errors import BadRecipient, UsageError
from producers.kinds import FileRef, Kind, SendOptions
from producers.sms2_rules import (
    MixedWord,
    check_options,
    check_phone,
    check_sender,
    check_text,
    fix_lookalikes,
    is_mixed,
    is_picture,
    unsupported,
)

WORD = re.compile(r"[\w\u0300-\u036f\u0483-\u0487]+")
CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
TWINS = dict(zip("АВЕЁКМНОРСТУХаеёорсух", "ABEËKMHOPCTYXaeëopcyx", strict=True))

texts = st.text(st.sampled_from(CYRILLIC + LATIN + " -.,1_😀\u0301")) | st.text()


def mixed(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if is_mixed(word)]


@pytest.mark.parametrize("phone", [70_000_000_000, 79119876543, 79_999_999_999])
def test_phones(phone: int) -> None:
    assert check_phone(phone) == phone


@pytest.mark.parametrize("phone", [7911987654, 380501234567, 89119876543, 791198765432, 0, -1])
def test_phones_that_sms2_does_not_have(phone: int) -> None:
    with pytest.raises(BadRecipient, match="begin with 7") as caught:
        check_phone(phone)
    assert caught.value.code == "phone_unsupported"
    assert str(phone) not in str(caught.value) or phone in {0, -1}


@pytest.mark.parametrize("sender", ["abc", "Shop24", "24x", "ABCDEFGHIJK", "12345678901"[:10] + "z"])
def test_senders(sender: str) -> None:
    assert check_sender(sender) == sender


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        ("", "without a sender"),
        ("ab", "3 to 11"),
        ("ABCDEFGHIJKL", "3 to 11"),
        ("12345", "at least one letter"),
        ("My Shop", "Latin letters and digits"),
        ("Shop!", "Latin letters"),
        ("Shоp", "Cyrillic о only looks Latin"),
        ("Магазин", "Latin letters"),
        ("Shop\n", "Latin letters"),
        ("Shop２", "Latin letters"),
    ],
)
def test_senders_that_cannot_be_registered(sender: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        check_sender(sender)
    assert caught.value.code == "bad_sender"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Привет", "Привет"),
        ("Ваш SMS-код: 12", "Ваш SMS-код: 12"),
        ("сайт.com и\r\nwww.сайт", "сайт.com и\nwww.сайт"),
        ("я" * 268, "я" * 268),
        ("naïve ёлка 5G А4", "naïve ёлка 5G А4"),
    ],
)
def test_texts(text: str, sent: str) -> None:
    assert check_text(text) == sent


@pytest.mark.parametrize(
    ("text", "code"), [("", "text_empty"), (" \n", "text_empty"), ("я" * 269, "text_too_long")]
)
def test_texts_that_cannot_be_sent(text: str, code: str) -> None:
    with pytest.raises(BadRecipient) as caught:
        check_text(text)
    assert (caught.value.code, caught.value.field) == (code, "text")


@pytest.mark.parametrize(
    ("word", "says", "fixed"),
    [
        ("Cбербанк", "Latin C only looks Cyrillic", "Сбербанк"),
        ("Cepия", "Latin C, e, p only look Cyrillic", "Серия"),
        ("iPhonе", "Cyrillic е only looks Latin", "iPhone"),
        ("СASH", "Cyrillic С only looks Latin", "CASH"),
        ("COВET", "Cyrillic В only looks Latin", "COBET"),
        ("оo", "Latin o only looks Cyrillic", "оо"),
        ("т0ваp1", "Latin p only looks Cyrillic", "т0вар1"),
        ("приветworld", "mixes Latin and Cyrillic letters", "приветworld"),
        ("SMSка", "«SMSка» mixes Latin and Cyrillic letters", "SMSка"),
        ("ѕms", "Cyrillic ѕ only looks Latin", "sms"),
        ("zж", "«zж» mixes Latin and Cyrillic letters", "zж"),
        ("я" * 50 + "z", "«" + "я" * 39 + "…»", "я" * 50 + "z"),
    ],
)
def test_mixed_words(word: str, says: str, fixed: str) -> None:
    text = f"Акция, {word}!"
    with pytest.raises(MixedWord) as caught:
        check_text(text)
    error = caught.value
    assert error.word == word
    assert (error.code, error.field) == ("text_mixed_alphabets", "text")
    assert says in error.as_dict()["message"] == error.message
    assert ("only look" in error.message) is (fixed != word)
    assert word not in f"{error} {error!r} {error.args}"
    assert ("hyphen" in error.hint) is (fixed == word)
    assert fix_lookalikes(text) == f"Акция, {fixed}!"


@given(texts)
@example("СASH и Cбербанк, приветworld")
def test_fixing(text: str) -> None:
    """Nothing but mixed words changes, in no way that can be seen, and what is left can't be mended."""
    fixed = fix_lookalikes(text)
    assert len(fixed) == len(text)
    assert fix_lookalikes(fixed) == fixed
    before, after = WORD.findall(text), WORD.findall(fixed)
    assert [len(word) for word in before] == [len(word) for word in after]
    for old, new in zip(before, after, strict=True):
        if not is_mixed(old):
            assert new == old
        assert not is_mixed(new) or new == old
    assert WORD.sub("", fixed) == WORD.sub("", text)


@given(st.text(st.sampled_from(CYRILLIC), min_size=1), st.data())
def test_a_russian_word_with_latin_letters_in_it_is_whole_again(word: str, data: st.DataObject) -> None:
    assume(any(letter not in TWINS for letter in word))
    spots = [place for place, letter in enumerate(word) if letter in TWINS]
    chosen = data.draw(st.sets(st.sampled_from(spots))) if spots else set()
    typed = "".join(TWINS[letter] if place in chosen else letter for place, letter in enumerate(word))
    assert is_mixed(typed) is bool(chosen)
    assert fix_lookalikes(typed) == word


@given(texts)
def test_a_text_is_refused_if_and_only_if_a_word_is_mixed(text: str) -> None:
    words = mixed(text.replace("\r\n", "\n").replace("\r", "\n"))
    found: list[str] = []
    try:
        check_text(text)
    except MixedWord as error:
        found.append(error.word)
    except BadRecipient:
        return
    assert found == words[:1]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (SendOptions(), []),
        (SendOptions(kind=Kind.FLASH), []),
        (SendOptions(kind=Kind.MMS, subject="x"), []),
        (SendOptions(subject="x"), ["subject"]),
        (SendOptions(kind=Kind.VIBER), ["kind"]),
        (SendOptions(kind=Kind.PUSH, tz=0, time="1"), ["kind", "time", "tz"]),
    ],
)
def test_options_that_sms2_has_nothing_for(options: SendOptions, names: list[str]) -> None:
    assert unsupported(options) == names
    if names:
        with pytest.raises(UsageError, match=", ".join(names)) as caught:
            check_options(options)
        assert caught.value.code == "unsupported_option"


def mms(*sizes: int) -> SendOptions:
    files = tuple(FileRef("a.png", "d", size) for size in sizes)
    return SendOptions(kind=Kind.MMS, subject="я", files=files)


def test_pictures() -> None:
    assert check_options(SendOptions(kind=Kind.FLASH)) == SendOptions(kind=Kind.FLASH)
    assert check_options(mms(300 * 1024 - 2)) == mms(300 * 1024 - 2)
    for options in (mms(), mms(1, 1), mms(300 * 1024 - 1)):
        with pytest.raises(UsageError) as caught:
            check_options(options)
        assert caught.value.code == "bad_picture"
    assert is_picture(b"\x89PNG\r\n\x1a\n")
    assert not is_picture(b"\x89PNG\r\n\x1a")
