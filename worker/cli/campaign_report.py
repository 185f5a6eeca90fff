"""A campaign's report, streamed: memory doesn't grow with the campaign."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from producers import Producer
from producers.errors import UsageError
from producers.views import REPORT_COLUMNS
from worker.cli import answers


def write(campaign: str, output: Path | None, *, as_json: bool) -> None:
    """Write a report to a file, or to standard output when there is none or it is ``-``."""
    with Producer.from_env() as producer:
        found = producer.find_campaign(campaign)
        if output is None or str(output) == "-":
            if isinstance(sys.stdout, io.TextIOWrapper):
                sys.stdout.reconfigure(encoding="utf-8", newline="")
            _write_rows(found.report(), sys.stdout, as_json=as_json)
            return
        with _whole_file(output) as stream:
            rows = _write_rows(found.report(), stream, as_json=as_json)
    if as_json:
        answers.write_json({"id": found.id, "file": str(output), "rows": rows})
    else:
        answers.write_lines(f"{rows} rows in {output}")


def _write_rows(rows: Iterable[Mapping[str, str]], stream: TextIO, *, as_json: bool) -> int:
    return _write_json(rows, stream) if as_json else _write_csv(rows, stream)


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
