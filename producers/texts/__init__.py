"""Texts: templates, the rules that a text must keep, and how many segments it takes."""

from producers.texts.columns import fold_name, list_columns
from producers.texts.rules import MAX_CHARACTERS, clean_text
from producers.texts.segments import Encoding, Segments, count_segments, foreign_characters, measure
from producers.texts.template import Renderer, Template

__all__ = [
    "MAX_CHARACTERS",
    "Encoding",
    "Renderer",
    "Segments",
    "Template",
    "clean_text",
    "count_segments",
    "fold_name",
    "foreign_characters",
    "list_columns",
    "measure",
]
