"""Deferred downloads: `downloads.php`, their list and the request for a file."""

from __future__ import annotations

from producers.answers import Download, Downloads
from producers.questions import AskDownloads
from worker.providers.smsc.call import DOWNLOADS_PATH, Call
from worker.providers.smsc.replies import Document, UnreadableError
from worker.providers.smsc.rows import Row, rows
from worker.providers.smsc.values import as_int, as_text

#: Format 1 in the documented order of the members; unconfirmed.
_COLUMNS = ("id", "name", "status", "created", "time", "file")


def ask(question: AskDownloads) -> Call:
    """Return the request for the list."""
    given = [("cnt", question.count), ("after_id", question.after)]
    return Call(
        DOWNLOADS_PATH,
        [("get_list", "1"), *[(name, str(value)) for name, value in given if value]],
        reads=True,
    )


def answer(document: Document, question: AskDownloads) -> Downloads:  # noqa: ARG001
    """Return the downloads.

    Raises:
        UnreadableError: ``bad_reply``: one without its number.
    """
    return Downloads(tuple(map(_download, rows(document, _COLUMNS, fewest=3))))


def _download(row: Row) -> Download:
    number = as_int(row.get("id"))
    if number is None:
        raise UnreadableError("bad_reply")
    return Download(
        number,
        name=as_text(row.get("name")),
        status=as_int(row.get("status")),
        created=as_text(row.get("created")),
        started=as_text(row.get("time")),
        file=as_text(row.get("file")),
    )


def file_call(number: int) -> Call:
    """Return the request for a download's file."""
    return Call(DOWNLOADS_PATH, [("get_file", "1"), ("id", str(number))], reads=True)
