"""Transliteration, values 1 and 2 of ``translit`` (SMSC protocol §3.1).

The provider publishes one word for each: ``translit`` and ``mpaHc/Ium``. The rest of both tables is
[assumed]; what matters here is that the text becomes Latin and therefore takes fewer segments.
"""

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_PHONETIC = "a b v g d e yo zh z i y k l m n o p r s t u f h ts ch sh sch ' y ' e yu ya"
_LOOK_ALIKE = "a 6 B r g e e >I< 3 u u k /I M H o n p c m y cp x u, 4 LLI LLI, 'b bI b E Io 9I"


def _table(spellings: str) -> dict[int, str]:
    latin = spellings.split()
    table = dict(zip(map(ord, _CYRILLIC), latin, strict=True))
    return table | {
        ord(letter.upper()): letters.capitalize() for letter, letters in zip(_CYRILLIC, latin, strict=True)
    }


_TABLES = {"1": _table(_PHONETIC), "2": _table(_LOOK_ALIKE)}


def transliterate(text: str, way: str) -> str:
    """Transliterate a text.

    Args:
        text: the text.
        way: value of ``translit``: ``1`` by sound, ``2`` by look, anything else not at all.

    Returns:
        The text as it will be sent.
    """
    table = _TABLES.get(way)
    return text if table is None or text.isascii() else text.translate(table)
