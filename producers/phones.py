"""Phone numbers: whatever a stranger's file holds becomes one form, E.164 digits in an ``int``.

Russian mobiles, nearly all of every file, are recognised by a regular expression. Other cells are cleaned
step by step and, outside Russia, checked against the numbering plans of ``phonenumbers``, which is imported
when the first of them comes. Nothing is ever guessed: what can be read as two different numbers is refused,
because a wrong guess is a text sent, and paid, to a stranger.
"""

from __future__ import annotations

import re
import unicodedata

from producers.errors import BadRecipient
from producers.masking import mask_phone

_RUSSIA = 70_000_000_000
_NATIONAL_DIGITS = 10  # of a Russian or Kazakh number, the country code not counted
_MAX_DIGITS = 15  # E.164
_PART_DIGITS = 5  # fewer digits behind a comma are a piece of the same number, not a second one

_clean = re.compile(r"(?:\+?[78])?(9[0-9]{9})").fullmatch
# Dots are left to the slow path: "7999123456.0" is a float with a digit missing, not a dot in a number.
_GAP = r"[ \xa0\u202f\u2010-\u2015\u2212-]*"
_spaced = re.compile(
    rf"[ \xa0]*(?:\+?[78])?{_GAP}\(?(9[0-9]{{2}})\)?"
    rf"{_GAP}([0-9]{{3}}){_GAP}([0-9]{{2}}){_GAP}([0-9]{{2}})[ \xa0]*"
).fullmatch

# What Excel and people leave around a number: ="7999…", '7999…, «7999…», a last semicolon.
_WRAPPING = " \n\"'`´‘’“”«»=,;|"
_scientific = re.compile(r"([0-9]+)(?:[.,]([0-9]*))?[eEеЕ]\+?([0-9]{1,2})").fullmatch
_decimal = re.compile(r"(\+?([0-9 ]+))[.,]([0-9]+)").fullmatch
_separator = re.compile(r"[,;/|\n]")
_punctuation = re.compile(r"[ \n().,_\[\]-]+")
_number = re.compile(r"(\+?)([0-9]+)").fullmatch


def parse_phone(raw: str) -> int:
    """Read one phone number, written in any usual way.

    A number without a country code is Russian. A foreign one needs ``+``, ``00`` or ``810`` in front;
    without them, eleven digits or more are taken when they are some country's mobile number and can't be
    a Russian one with a slip.

    Args:
        raw: The cell as it stands in the file.

    Returns:
        The E.164 digits as an integer: ``79991234567``.

    Raises:
        BadRecipient: An SMS can't be sent to this. The message never holds the full number; ``code`` is
            ``phone_empty``, ``phone_not_a_number``, ``phone_several``, ``phone_rounded_by_spreadsheet``,
            ``phone_too_short``, ``phone_too_long``, ``phone_ambiguous``, ``phone_not_mobile`` or
            ``phone_invalid``.
    """
    match = _clean(raw)
    if match is not None:
        return _RUSSIA + int(match[1])
    match = _spaced(raw)
    if match is not None:
        return _RUSSIA + int("".join(match.groups()))
    digits, has_country = _read_cell(raw)
    return _place_international(digits) if has_country else _place_bare(digits)


def looks_like_phone(raw: str) -> bool:
    """Tell whether a cell holds a phone number, usable or not: the cells of a header never do."""
    try:
        parse_phone(raw)
    except BadRecipient as error:
        return error.code in {"phone_not_mobile", "phone_ambiguous", "phone_rounded_by_spreadsheet"}
    return True


def _read_cell(raw: str) -> tuple[str, bool]:
    """Return the digits of a cell, and whether they begin with a country code for certain."""
    text = "".join(map(_plain, raw)).strip(_WRAPPING)
    if not any(char.isalnum() for char in text):
        raise _bad("phone_empty", "the cell holds no phone number")
    text = _undo_spreadsheet(text)
    if any(char.isalpha() for char in text):
        raise _bad("phone_not_a_number", "the cell holds letters where a phone number should be")
    _check_single(text)
    match = _number(_punctuation.sub("", text))
    if match is None:
        raise _bad("phone_not_a_number", "the cell holds signs that don't belong in a phone number")
    plus, digits = match.groups()
    if plus:
        return digits, True
    if digits.startswith("00"):
        return digits[2:], True
    if digits.startswith("810") and len(digits) > 1 + _NATIONAL_DIGITS:  # how Russia dials abroad
        return digits[3:], True
    return digits, False


def _plain(char: str) -> str:
    """Return the ASCII twin of a digit, space, dash or line end; invisible characters become nothing."""
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind == "Pd" or char == "\u2212":
        return "-"
    if kind == "Zs" or char == "\t":
        return " "
    if kind == "Cf":  # a number copied from a phone's contacts comes between direction marks
        return ""
    if char == "\r":
        return "\n"
    return "+" if char == "\uff0b" else char


def _undo_spreadsheet(text: str) -> str:
    """Return the number behind ``79991234567.0`` and ``7.9991234567E+10``."""
    match = _scientific(text)
    if match is not None:
        fraction, exponent = match[2] or "", int(match[3])
        if len(fraction) < exponent:
            raise _bad(
                "phone_rounded_by_spreadsheet",
                "the spreadsheet rounded the number and its last digits are lost",
                hint="format the column as text or as a whole number, then export the file again",
            )
        if fraction[exponent:].strip("0"):
            raise _bad("phone_not_a_number", "the cell holds a fraction")
        return match[1] + fraction[:exponent]
    match = _decimal(text)
    if match is not None:
        signed, whole, fraction = match.groups()
        if fraction in {"0", "00"}:
            return signed
        if len(whole) > 3:
            raise _bad("phone_not_a_number", "the cell holds a fraction")
    return text


def _check_single(text: str) -> None:
    long_parts = [part for part in _separator.split(text) if _count_digits(part) >= _PART_DIGITS]
    if len(long_parts) > 1 or _count_digits(text) >= 2 * _NATIONAL_DIGITS:
        raise _bad(
            "phone_several",
            "the cell holds more than one phone number",
            hint="put each number into a row of its own",
        )


def _count_digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _place_bare(digits: str) -> int:
    """Place digits that came without ``+``."""
    length = len(digits)
    if length < _NATIONAL_DIGITS or (length == _NATIONAL_DIGITS and digits.startswith(("79", "89"))):
        raise _wrong_length(digits, too="short")
    if length == _NATIONAL_DIGITS:
        # A Kazakh number without its 7, or one that kept the 7 and lost the last digit: both are valid.
        if digits.startswith("77"):
            raise _ambiguous(digits)
        return _place_russian(digits)
    if length == _NATIONAL_DIGITS + 1:
        if digits[0] in "78":
            return _place_russian(digits[1:])
        if digits[0] == "9":
            raise _ambiguous(digits)
    elif length > _MAX_DIGITS or digits.startswith(("7", "89")):
        raise _wrong_length(digits, too="long")
    return _place_foreign(digits, mobile_only=True)


def _place_international(digits: str) -> int:
    """Place digits that begin with a country code."""
    length = len(digits)
    if digits.startswith("7"):
        if length != _NATIONAL_DIGITS + 1:
            raise _wrong_length(digits, too="short" if length <= _NATIONAL_DIGITS else "long")
        return _place_russian(digits[1:])
    if digits.startswith("89") and length == _NATIONAL_DIGITS + 1:  # "+8 999 …": no country has the code 89
        return _place_russian(digits[1:])
    return _place_foreign(digits, mobile_only=False)


def _place_russian(national: str) -> int:
    """Place ten digits behind +7: Russia's mobiles begin with 9, Kazakhstan's numbers with 7."""
    digits = "7" + national
    if national[0] == "9":
        return int(digits)
    if national[0] == "7":
        return _place_foreign(digits, mobile_only=True)
    if national[0] in "348":
        raise _not_mobile(digits)
    raise _bad("phone_invalid", f"{mask_phone(digits)} is not a number of any Russian operator")


def _place_foreign(digits: str, *, mobile_only: bool) -> int:
    import phonenumbers
    from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        raise _bad("phone_invalid", f"{mask_phone(digits)} begins with no country's code") from None
    if not phonenumbers.is_valid_number(number):
        match phonenumbers.is_possible_number_with_reason(number):
            case ValidationResult.TOO_SHORT:
                raise _wrong_length(digits, too="short")
            case ValidationResult.TOO_LONG:
                raise _wrong_length(digits, too="long")
        raise _bad("phone_invalid", f"{mask_phone(digits)} is not a valid number of its country")
    kind = phonenumbers.number_type(number)
    if mobile_only and kind not in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}:
        raise _not_mobile(digits)
    return int(phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:])


def _wrong_length(digits: str, *, too: str) -> BadRecipient:
    return _bad(f"phone_too_{too}", f"{mask_phone(digits)} is too {too}: it has {len(digits)} digits")


def _not_mobile(digits: str) -> BadRecipient:
    return _bad("phone_not_mobile", f"{mask_phone(digits)} is not a mobile number and can't receive an SMS")


def _ambiguous(digits: str) -> BadRecipient:
    return _bad(
        "phone_ambiguous",
        f"{mask_phone(digits)} may be a number with a wrong count of digits or one of another country",
        hint="write it with + and the country code",
    )


def _bad(code: str, message: str, *, hint: str = "") -> BadRecipient:
    return BadRecipient(message, field="phone", code=code, hint=hint)
