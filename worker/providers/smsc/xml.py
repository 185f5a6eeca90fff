"""The XML of replies: elements and text, nothing else.

There is no DOCTYPE, entity declaration or attribute in the replies that we know, so that none of what makes
reading XML dangerous is understood here. How lists are wrapped is unconfirmed: an element is a list when all
that is in it are elements with elements of their own, or when there are several of the same name.
"""

from __future__ import annotations

import re

Value = str | dict[str, "Value"] | list["Value"]

_HEAD = re.compile(r"<\?xml\b[^<>]*\?>\s*")
_PIECE = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z_]\w*)\s*(?P<alone>/?)>|(?P<text>[^<>]+)")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))

#: Elements within elements; the deepest reply that makes sense has three.
MAX_DEPTH = 8


class _Element:
    __slots__ = ("children", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        self.children: list[tuple[str, Value]] = []

    def value(self) -> Value:
        """Return text, members or a list.

        Raises:
            ValueError: Text between elements.
        """
        if not self.children:
            return _ENTITY.sub(lambda found: _ENTITIES[found[0]], self.text.strip())
        if self.text.strip():
            raise ValueError("text between elements")
        names = {name for name, _ in self.children}
        nested = all(not isinstance(value, str) for _, value in self.children)
        if nested or (len(names) == 1 and len(self.children) > 1):
            return [value for _, value in self.children]
        return dict(self.children)


def read(text: str) -> tuple[str, Value]:
    """Return the name and the content of a document's only element.

    Raises:
        ValueError: It isn't such a document.
    """
    root = _Element("")
    open_elements = [root]
    position = _HEAD.match(text)
    place = position.end() if position else 0
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None:
            raise ValueError("no XML that we know")
        place = piece.end()
        _take(piece, open_elements)
    if len(open_elements) != 1 or len(root.children) != 1 or root.text.strip():
        raise ValueError("not one element")
    return root.children[0]


def _take(piece: re.Match[str], open_elements: list[_Element]) -> None:
    current = open_elements[-1]
    if piece["text"] is not None:
        current.text += piece["text"]
    elif piece["alone"] and not piece["end"]:
        current.children.append((piece["name"], ""))
    elif not piece["end"]:
        if len(open_elements) > MAX_DEPTH:
            raise ValueError("too deep")
        open_elements.append(_Element(piece["name"]))
    elif piece["name"] != current.name or len(open_elements) == 1:
        raise ValueError("elements overlap")
    else:
        open_elements.pop()
        open_elements[-1].children.append((current.name, current.value()))
