"""The answer that is written in Perl: ``{"success"=>2, "errors"=>["7098", "17"]}``."""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.providers.sms2.replies import UnreadableError

_TOKEN = re.compile(r'\s*(?:(?P<sign>[{}\[\],]|=>)|"(?P<text>[^"\\\x00-\x1f]{0,64})"|(?P<number>[0-9]{1,9}))')


class AddedPhones(NamedTuple):
    """What became of phones that were to be added to a base.

    Attributes:
        added: How many were.
        refused: Those that weren't, as they were given.
    """

    added: int
    refused: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"AddedPhones(added={self.added}, refused={len(self.refused)})"


def added_phones(text: str) -> AddedPhones:
    """Read the answer; what isn't exactly it is refused, JSON too.

    Raises:
        UnreadableError: It is something else.
    """
    reader = _Reader(text)
    reader.expect("{", '"success"', "=>")
    added = reader.number()
    reader.expect(",", '"errors"', "=>", "[")
    refused: list[str] = []
    if not reader.took("]"):
        refused.append(reader.text())
        while reader.took(","):
            refused.append(reader.text())
        reader.expect("]")
    reader.expect("}")
    reader.end()
    return AddedPhones(added, tuple(refused))


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def _next(self) -> re.Match[str]:
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            raise UnreadableError
        return match

    def expect(self, *words: str) -> None:
        for word in words:
            match = self._next()
            if match[0].strip() != word:
                raise UnreadableError
            self._at = match.end()

    def took(self, sign: str) -> bool:
        match = self._next()
        if match["sign"] != sign:
            return False
        self._at = match.end()
        return True

    def number(self) -> int:
        match = self._next()
        if match["number"] is None:
            raise UnreadableError
        self._at = match.end()
        return int(match["number"])

    def text(self) -> str:
        match = self._next()
        if match["text"] is None:
            raise UnreadableError
        self._at = match.end()
        return match["text"]

    def end(self) -> None:
        if self._text[self._at :].strip():
            raise UnreadableError
