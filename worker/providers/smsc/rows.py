"""Replies that are lists: each format to the same rows of members."""

from __future__ import annotations

import re
from collections.abc import Mapping

from worker.providers.smsc import lines
from worker.providers.smsc.replies import Document, UnreadableError

Row = Mapping[str, object]

_PAIRS = re.compile(r"[A-Za-z_]\w* = ")


def rows(document: Document, columns: tuple[str, ...] = (), *, fewest: int = 1) -> list[Row]:
    """Return the rows of a reply; a single record is a list of one.

    Args:
        document: The reply.
        columns: What stands where in format 1; the last may hold commas. Empty: that format isn't known.
        fewest: Columns that a line must have.

    Raises:
        UnreadableError: ``bad_reply``: something else than a record among them.
    """
    if document.items is not None:
        found = document.items
    elif document.members is not None:
        found = _members(document.members)
    else:
        found = [_line(line, columns, fewest) for line in document.text.splitlines() if line.strip()]
    if not all(isinstance(row, dict) for row in found):
        raise UnreadableError("bad_reply")
    return found


def _members(members: dict[str, object]) -> list[object]:
    """Return a record as a list of one, and the values of a list that PHP wrote as an object."""
    if members and all(isinstance(value, dict) for value in members.values()):
        return list(members.values())
    if len(members) == 1:
        (only,) = members.values()
        if isinstance(only, list):
            return only
    return [members]


def _line(line: str, columns: tuple[str, ...], fewest: int) -> dict[str, object]:
    if _PAIRS.match(line):
        return lines.pairs(line)
    fields = line.split(",", len(columns) - 1) if columns else []
    if len(fields) < fewest:
        raise UnreadableError("bad_reply")
    return {name: value.strip() for name, value in zip(columns, fields, strict=False)}
