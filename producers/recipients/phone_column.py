"""Which column of a file holds the phone numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from producers.errors import BadFile
from producers.texts.columns import fold_name, list_columns

# Names that can mean nothing else.
_EXACT = frozenset({
    "phone", "phones", "phone number", "phonenumber", "phone no", "mobile", "mobile phone", "mobile number",
    "cell", "cellphone", "cell phone", "msisdn", "tel", "telephone",
    "телефон", "телефоны", "номер телефона", "номер тел", "тел", "моб", "мобильный", "мобильный телефон",
    "мобильный номер", "номер мобильного", "моб телефон", "моб тел", "сотовый", "сотовый телефон", "сот тел",
})  # fmt: skip
_STEMS = ("phone", "msisdn", "телефон", "мобильн", "сотов")
# Names that are often something else, a row's or a contract's number: only if nothing better is there.
_VAGUE = frozenset({"number", "numbers", "номер", "номера", "контакт", "контакты", "contact", "contacts"})

_sign = re.compile(r"[^\w]+|_")


def phone_column(columns: Sequence[str], wanted: str | None = None) -> int:
    """Return the index of the phone column, from 0.

    Args:
        columns: Names of the columns. Case, punctuation and ``ё`` don't count.
        wanted: The column's name, or its number from 1, as given by the user; otherwise it is found: a usual
            name, else one that contains a word like ``phone`` or ``телефон``, else a vague one (``номер``).

    Raises:
        BadFile: No column fits, or more than one does (``no_phone_column``, ``ambiguous_phone_column``).
    """
    names = [_simplify(column) for column in columns]
    if wanted is not None:
        return _find_wanted(columns, names, wanted)
    for found in (
        [at for at, name in enumerate(names) if name in _EXACT],
        [at for at, name in enumerate(names) if any(stem in name for stem in _STEMS)],
        [at for at, name in enumerate(names) if name in _VAGUE],
    ):
        if found:
            return _single(columns, found)
    raise BadFile(
        f"no column looks like the one with the phones; there are: {list_columns(columns)}",
        hint='call it "phone", or name the phone column',
        code="no_phone_column",
    )


def _find_wanted(columns: Sequence[str], names: list[str], wanted: str) -> int:
    exact = [at for at, column in enumerate(columns) if fold_name(column) == fold_name(wanted)]
    found = exact or [at for at, name in enumerate(names) if name and name == _simplify(wanted)]
    if found:
        return _single(columns, found)
    if wanted.strip().isdecimal() and 1 <= int(wanted) <= len(columns):
        return int(wanted) - 1
    raise BadFile(
        f"there is no column {list_columns([wanted])}; there are: {list_columns(columns)}",
        hint=f"give a name or a number from 1 to {len(columns)}",
        code="no_phone_column",
    )


def _single(columns: Sequence[str], found: list[int]) -> int:
    if len(found) == 1:
        return found[0]
    numbered = [f"{columns[at].strip()} ({at + 1})" for at in found]
    raise BadFile(
        f"more than one column may hold the phones: {list_columns(numbered)}; "
        f"all columns: {list_columns(columns)}",
        hint="name the phone column, or give its number counted from 1",
        code="ambiguous_phone_column",
    )


def _simplify(name: str) -> str:
    return " ".join(_sign.sub(" ", fold_name(name).replace("ё", "е")).split())
