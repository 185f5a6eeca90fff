"""Incoming messages: `get.php?get_answers=1`."""

from __future__ import annotations

import re

from producers.answers import Inbox, Incoming
from producers.questions import AskInbox
from worker.providers.smsc.call import GET_PATH, Call
from worker.providers.smsc.replies import Document, UnreadableError
from worker.providers.smsc.rows import Row, rows
from worker.providers.smsc.values import as_int, as_text

#: Format 1 (SMSC protocol, inbox).
_COLUMNS = ("id", "received", "phone", "to_phone", "sent", "message")
#: Where a message begins in formats 0 and 1; a text has line breaks of its own.
_BEGIN = re.compile(r"^(?=\d{1,18},\d\d\.\d\d\.\d{4}[ ,]|(?:ID|id) = \d)", re.MULTILINE)

#: Stands for a line break in a text; a letter that no text holds.
_BREAK = "\0"


def ask(question: AskInbox) -> Call:
    """Return the request for incoming messages."""
    given = [
        ("cnt", str(question.count)),
        ("hour", str(question.hours) if question.hours else ""),
        ("after_id", str(question.after) if question.after else ""),
        ("to_phone", question.to_phone),
    ]
    return Call(
        GET_PATH, [("get_answers", "1"), *[(name, value) for name, value in given if value]], reads=True
    )


def answer(document: Document, question: AskInbox) -> Inbox:  # noqa: ARG001
    """Return the messages, in the provider's order.

    Raises:
        UnreadableError: ``bad_reply``: something else than messages, or one without its number.
    """
    if document.members is None and document.items is None:
        pieces = [piece.strip("\r\n") for piece in _BEGIN.split(document.text)]
        found: list[Row] = []
        for piece in filter(None, pieces):
            # One line for `rows`; the text's own breaks are put back in `_message`.
            found += rows(Document(text=piece.replace("\n", _BREAK).replace("\r", "")), _COLUMNS, fewest=6)
    else:
        found = rows(document)
    return Inbox(tuple(map(_message, found)))


def _message(row: Row) -> Incoming:
    number = as_int(row.get("id"))
    if number is None:
        raise UnreadableError("bad_reply")
    text = row.get("message")
    return Incoming(
        number,
        as_text(row.get("phone")),
        to_phone=as_text(row.get("to_phone")),
        text=text.replace(_BREAK, "\n") if isinstance(text, str) else as_text(text),
        received=as_text(row.get("received")),
        sent=as_text(row.get("sent")),
    )
