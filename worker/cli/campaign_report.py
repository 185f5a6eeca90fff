"""A campaign's report, streamed: memory doesn't grow with the campaign."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TextIO

from producers import Producer
from producers.errors import UsageError
from producers.views import REPORT_COLUMNS
from worker.cli import answers

#: Of who was taken, whatever became of it later: 1C's script knows only what SMS2 answers to a send.
_TAKEN = {"taken", "delivered", "read", "failed", "expired"}
#: What SMS2 has no answer for.
_OPEN = {
    "pending": "Pending: not sent yet",
    "in_doubt": "In doubt: it may have been sent, don't send it again",
    "held": "Held: a person must decide, don't send it again",
    "cancelled": "Cancelled: not sent",
}


def write(campaign: str, output: Path | None, *, format: str = "csv", as_json: bool) -> None:  # noqa: A002
    """Write a report to a file, or to standard output when there is none or it is ``-``.

    Raises:
        UsageError: There is no such format, or two were asked for; or the file can't be written.
    """
    if format not in _WRITERS or (as_json and format != "csv"):
        two = f"--json and --format {format} are both given"
        raise UsageError(
            two if format in _WRITERS else f"there is no format {format!r}",
            hint="csv or 1c, or --json alone",
            code="bad_format",
        )
    write_rows = _write_json if as_json else _WRITERS[format]
    with Producer.from_env() as producer:
        found = producer.find_campaign(campaign)
        if output is None or str(output) == "-":
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", newline="")
            write_rows(found.report(), sys.stdout)
            return
        with _whole_file(output) as stream:
            rows = write_rows(found.report(), stream)
    if as_json:
        answers.write_json({"id": found.id, "file": str(output), "rows": rows})
    else:
        answers.write_lines(f"{rows} rows in {output}")


def _write_csv(rows: Iterable[Mapping[str, str]], stream: TextIO) -> int:
    writer = csv.DictWriter(stream, REPORT_COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def _write_json(rows: Iterable[Mapping[str, str]], stream: TextIO) -> int:
    # An array that breaks off, should Redis go away, is no JSON: nobody takes it for the whole.
    stream.write("[")
    count = 0
    for row in rows:
        stream.write(",\n" if count else "\n")
        stream.write(json.dumps(row, ensure_ascii=False))
        count += 1
    stream.write("\n]\n")
    return count


def _write_one_c(rows: Iterable[Mapping[str, str]], stream: TextIO) -> int:
    """Write lines ``phone answer`` as the script in SMS2's manual does, with CR LF."""
    count = 0
    for row in rows:
        stream.write(f"{row['phone']} {sms2_answer(row)}\r\n")
        count += 1
    return count


def sms2_answer(row: Mapping[str, str]) -> str:
    """Return what SMS2 answers, or would have answered, to the send that a row of the report tells of."""
    state = row["state"]
    if state in _TAKEN:
        # Without an id: SMS2's refusal of a repetition has proven that the first one was taken.
        return f"Message successfully sent! Message_ID={row['provider_id'] or 'unknown'}"
    if state in _OPEN:
        return _OPEN[state]
    documented = _sms2_errors().get(row["err"]) if row["provider"] == "sms2" else None
    return f"Error: {documented or row['meaning'] or 'refused'}"


@cache
def _sms2_errors() -> dict[str, str]:
    """Return SMS2's error texts by our numbers for them."""
    from worker.providers.sms2.codes import SEND_ERRORS

    return {str(row.outcome.code): words for words, row in SEND_ERRORS.items()}


_WRITERS = {"csv": _write_csv, "1c": _write_one_c}


@contextlib.contextmanager
def _whole_file(path: Path) -> Iterator[TextIO]:
    """Open a file that takes its name when the block has ended well; until then an older one stays."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        stream = unfinished.open("x", encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(
            f"can't write {path}: {error.strerror}",
            hint="choose another file with -o",
            code="unwritable_file",
        ) from None
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
