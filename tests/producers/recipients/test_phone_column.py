"""Which column is taken for the phones."""

from __future__ import annotations

import pytest

from producers.errors import BadFile
from producers.recipients import phone_column


@pytest.mark.parametrize(
    ("columns", "wanted", "found"),
    [
        (["phone"], None, 0),
        (["name", "PHONE "], None, 1),
        (["name", "phone_number"], None, 1),
        (["name", "Phone-No."], None, 1),
        (["name", "msisdn"], None, 1),
        (["name", "tel."], None, 1),
        (["Имя", "Номер телефона"], None, 1),
        (["Имя", "Моб. телефон"], None, 1),
        (["Имя", "моб.тел."], None, 1),
        (["Имя", "Сотовый"], None, 1),
        (["Имя", "Контакт"], None, 1),
        (["Имя", "номер"], None, 1),
        # an exact name wins over one that contains a word; a vague one loses to both
        (["Телефон друга", "Телефон"], None, 1),
        (["Номер", "Телефон"], None, 1),
        (["Номер", "Телефон клиента"], None, 1),
        (["id", "client_phone"], None, 1),
        (["phone", "phone"], "2", 1),
        (["a", "b"], "1", 0),
        (["a", "b", "2"], "2", 2),  # a name wins over a number
        (["Телефон", "Доп. телефон"], "доп телефон", 1),
        (["Phone", "phone!"], "phone!", 1),
        (["Телефон", "Жёнин тел"], "женин тел.", 1),
    ],
)
def test_found(columns, wanted, found):
    assert phone_column(columns, wanted) == found


@pytest.mark.parametrize(
    ("columns", "wanted", "code", "told"),
    [
        (["name", "city"], None, "no_phone_column", "name, city"),
        (["name", ""], None, "no_phone_column", "name, (no name)"),
        (["phone", "mobile", "x"], None, "ambiguous_phone_column", "mobile (2); all columns: phone"),
        (["Телефон", "телефон"], None, "ambiguous_phone_column", "Телефон (1), телефон (2)"),
        (["Телефон 1", "Телефон 2"], None, "ambiguous_phone_column", "Телефон 1 (1), Телефон 2 (2)"),
        (["phone", "Phone"], "phone", "ambiguous_phone_column", "phone (1), Phone (2)"),
        (["phone"], "mobile", "no_phone_column", "no column mobile; there are: phone"),
        (["phone"], "2", "no_phone_column", "no column 2"),
        (["phone"], "0", "no_phone_column", "no column 0"),
        (["phone", ""], "!", "no_phone_column", "no column !"),
        (["phone"], "+79991234567", "no_phone_column", "there is no column +***"),
    ],
)  # fmt: skip
def test_refused_with_the_columns_listed(columns, wanted, code, told):
    with pytest.raises(BadFile) as caught:
        phone_column(columns, wanted)
    assert caught.value.code == code
    assert told in caught.value.message
    assert caught.value.hint
