"""Text templates: ``Уважаемый {имя}, скидка {percent}%``.

A placeholder is the name of a column and nothing else. There is no attribute, index, conversion or format to
it, so a template can't reach into the program: ``{name.__class__}`` is a column that the file doesn't have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from producers.errors import BadFile, BadRecipient, BadTemplate
from producers.texts.columns import fold_name, list_columns

_token = re.compile(
    r"(?P<escaped>\{\{|\}\})|(?P<placeholder>\{[^{}]*\})|(?P<stray>[{}])|(?P<plain>[^{}]+)"
).finditer


class Template:
    """A text with placeholders for columns.

    Names are matched without regard to case, outer spaces and the kind of spaces inside. ``{{`` and ``}}``
    stand for literal braces.

    Args:
        source: The text as the user wrote it.

    Raises:
        BadTemplate: A brace has no partner (``unbalanced_brace``) or no name within (``empty_placeholder``).

    Attributes:
        source: The text as given.
        fields: Names of the columns used, as written, each once, in order.
        literals: The pieces of text around the placeholders, with ``{{`` and ``}}`` resolved.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.literals, self._names = _split(source)
        self.fields = _distinct(self._names)

    @property
    def is_constant(self) -> bool:
        """True when every recipient gets the same text."""
        return not self._names

    @property
    def constant_text(self) -> str | None:
        """The text that every recipient gets; None when the template has placeholders."""
        return self.literals[0] if self.is_constant else None

    def bind(self, columns: Sequence[str]) -> Renderer:
        """Resolve the placeholders against the columns of a file.

        Args:
            columns: Names of the columns in their order.

        Returns:
            What makes a text from a row's cells.

        Raises:
            BadTemplate: A placeholder names no column (``unknown_column``).
            BadFile: A column that is used stands in the file more than once (``duplicate_column``).
        """
        folded = [fold_name(column) for column in columns]
        positions = []
        for name in self._names:
            key = fold_name(name)
            if key not in folded:
                raise _unknown(name, columns, folded)
            if folded.count(key) > 1:
                raise BadFile(
                    f"the template uses the column {name!r}, which stands in the file more than once",
                    hint="give the columns different names",
                    code="duplicate_column",
                )
            positions.append(folded.index(key))
        return Renderer(self.literals, positions, self._names)


class Renderer:
    """Makes a text from the cells of a row. Made by ``Template.bind``.

    Attributes:
        positions: Index of the column behind each placeholder, in the order of the text.
    """

    __slots__ = ("_format", "_names", "positions")

    def __init__(self, literals: Sequence[str], positions: Sequence[int], names: Sequence[str]) -> None:
        self.positions = tuple(positions)
        self._names = tuple(names)
        # The %-operator fills in a ready-made text in one pass, so values are never read as a template again.
        self._format = "%s".join(literal.replace("%", "%%") for literal in literals)

    def __call__(self, cells: Sequence[str]) -> str:
        """Return the text for one row; outer spaces of the cells are left out.

        Args:
            cells: The cells in the order of the columns that were bound.

        Raises:
            BadRecipient: A cell that the text needs is empty or missing (``field_empty``).
        """
        try:
            values = tuple([cells[position].strip() for position in self.positions])
        except IndexError:
            values = tuple([cells[at].strip() if at < len(cells) else "" for at in self.positions])
        if "" in values:
            name = self._names[values.index("")]
            raise BadRecipient(
                f"the text needs the column {name!r}, which is empty in this row",
                field=name,
                code="field_empty",
            )
        return self._format % values


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(fold_name(name), name)
    return tuple(first.values())


def _split(source: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the literal pieces and the names between them: one literal more than names."""
    literals, names, piece = [], [], ""
    for match in _token(source):
        kind, token = match.lastgroup, match[0]
        if kind == "placeholder":
            name = token[1:-1].strip()
            if not name:
                raise BadTemplate(
                    f"the placeholder at character {match.start() + 1} names no column",
                    hint="write {{}} for literal braces",
                    code="empty_placeholder",
                )
            literals.append(piece)
            names.append(name)
            piece = ""
        elif kind == "escaped":
            piece += token[0]
        elif kind == "stray":
            raise BadTemplate(
                f"the brace {token} at character {match.start() + 1} has no partner",
                hint=f"write {token * 2} for a literal brace",
                code="unbalanced_brace",
            )
        else:
            piece += token
    return (*literals, piece), tuple(names)


def _unknown(name: str, columns: Sequence[str], folded: list[str]) -> BadTemplate:
    from difflib import get_close_matches

    near = get_close_matches(fold_name(name), folded, n=1, cutoff=0.6)
    hint = (
        f"did you mean {{{columns[folded.index(near[0])]}}}?"
        if near
        else "write {{ and }} for literal braces"
    )
    return BadTemplate(
        f"the template uses {{{name}}}, but the file has no such column; it has: {list_columns(columns)}",
        hint=hint,
        code="unknown_column",
    )
