"""Names of columns: how two of them are compared, and how they are shown in an error."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SHOWN = 20
_SHOWN_CHARACTERS = 40
# The "names" of a file without a header are its first recipient, whose phone must not get into an error.
_number = re.compile(r"\d(?:[\s().-]*\d){6,}")


def fold_name(name: str) -> str:
    """Return the form in which names are compared: case and the amount and kind of spaces don't count."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def list_columns(columns: Sequence[str]) -> str:
    """Return the names of columns for an error message; long lists are cut, numbers in names are hidden."""
    names = [_number.sub("***", name.strip())[:_SHOWN_CHARACTERS] or "(no name)" for name in columns]
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
