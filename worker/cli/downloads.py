"""Deferred downloads: the list, and waiting until one is ready."""

from __future__ import annotations

import time
from pathlib import Path

from producers.answers import Download, Downloads
from producers.asking import PATIENCE
from producers.errors import NotFound, SmsqError, UsageError, WaitTimeout
from producers.questions import AskDownloads
from producers.settings import Settings
from worker.cli import answers, asking
from worker.cli.inbox import account_time
from worker.cli.progress import show_progress
from worker.cli.serving import require_credentials
from worker.governor.rules import RULES, window_seconds

_WAITS, _RUNS, _DONE, _CANCELLED, _FAILED = range(5)
_WORDS = {_WAITS: "waits", _RUNS: "running", _DONE: "done", _CANCELLED: "cancelled", _FAILED: "failed"}
_COLUMNS = ("id", "name", "status", "created", "started", "file")


def show(*, after: int, count: int, timeout: float, as_json: bool) -> None:
    """List the downloads."""
    found = asking.ask(AskDownloads(count=count, after=after), timeout=timeout)
    downloads = asking.expect(found, Downloads).downloads
    if as_json:
        written = [
            {
                "id": item.id,
                "name": item.name,
                "status": item.status,
                "state": _word(item),
                "created": account_time(item.created),
                "started": account_time(item.started),
                "file": item.file,
            }
            for item in downloads
        ]
        answers.write_json({"downloads": written, "age_seconds": round(found.age, 3)})
        return
    answers.write_table(
        _COLUMNS,
        ((item.id, item.name, _word(item), item.created, item.started, item.file) for item in downloads),
        right=("id",),
    )
    answers.note_age(found.age)


def _word(item: Download) -> str:
    return _WORDS.get(item.status if item.status is not None else -1, f"status {item.status}")


def get(which: str, output: Path | None, *, wait: bool, timeout: float, as_json: bool) -> None:
    """Fetch the file of a download, when it is ready."""
    from worker.cli.download_file import fetch

    settings = Settings.from_env()
    require_credentials(settings)
    deadline = time.monotonic() + timeout
    item = _ready(which, settings, deadline if wait else None, timeout)
    path = output or Path(Path(item.file.replace("\\", "/")).name or f"download-{item.id}.csv")
    if path.is_dir():
        raise UsageError(
            f"can't write {path}: it is a directory", hint="choose a file with -o", code="unwritable_file"
        )
    size = fetch(settings, item.id, path)
    if as_json:
        answers.write_json({"id": item.id, "name": item.name, "file": str(path), "bytes": size})
    else:
        answers.write_lines(f"{size} bytes in {path}")


def _ready(which: str, settings: Settings, deadline: float | None, timeout: float) -> Download:
    """Return the download when its file is there.

    Raises:
        NotFound: There is no such download.
        WaitTimeout: It isn't ready in time.
        SmsqError: It never will be, or it isn't ready and nobody wants to wait.
    """
    pause = window_seconds(settings.provider_minute) / (RULES["smsc", "downloads"].identical - 1)
    item = _find(which, None, timeout if deadline is not None else PATIENCE)
    if deadline is None or item.status not in {_WAITS, _RUNS}:
        return _checked(item)
    with show_progress("waiting", _DONE) as progress:
        while item.status in {_WAITS, _RUNS} and (left := deadline - time.monotonic()) > 0:
            progress.show(item.status or 0, _word(item))
            time.sleep(min(pause, left))
            try:
                item = _find(which, pause, max(deadline - time.monotonic(), 1.0))
            except WaitTimeout:
                break
        progress.show(item.status or 0, _word(item))
    if item.status in {_WAITS, _RUNS}:
        raise WaitTimeout(
            f"download {item.id} was not ready within {timeout:g} s: {_word(item)}",
            hint="the same command waits again",
        )
    return _checked(item)


def _checked(item: Download) -> Download:
    if item.status == _DONE:
        return item
    if item.status == _CANCELLED:
        raise SmsqError(
            f"download {item.id} was cancelled: there is no file",
            hint="order it again on the provider's page",
            code="download_cancelled",
        )
    if item.status == _FAILED:
        raise SmsqError(
            f"download {item.id} failed at the provider: there is no file",
            hint="order it again on the provider's page",
            code="download_failed",
        )
    raise SmsqError(
        f"download {item.id} isn't ready yet: {_word(item)}", hint="--wait waits for it", code="not_ready"
    )


def _find(which: str, max_age: float | None, timeout: float) -> Download:
    """Return the download as the list has it; a list from a while ago isn't taken for the last word."""
    began = time.monotonic()
    fits, age = _fitting(which, max_age, timeout)
    from_before = age > time.monotonic() - began
    if from_before and (not fits or any(item.status in {_WAITS, _RUNS} for item in fits)):
        fits, _ = _fitting(which, 0.0, timeout)
    if not fits:
        raise NotFound(f"there is no download {which[:40]!r}", hint="smsq downloads list shows them")
    if len(fits) > 1:
        raise UsageError(
            f"{len(fits)} downloads have that name: {', '.join(str(item.id) for item in fits[:10])}",
            hint="give the id",
            code="ambiguous",
        )
    return fits[0]


def _fitting(which: str, max_age: float | None, timeout: float) -> tuple[list[Download], float]:
    number = int(which) if which.isascii() and which.isdecimal() and len(which) < 16 else 0
    # Beginning just before the number, whatever the provider's default length of the list.
    question = AskDownloads(after=number - 1) if number > 1 else AskDownloads()
    found = asking.ask(question, timeout=timeout, max_age=max_age)
    downloads = asking.expect(found, Downloads).downloads
    fits = [item for item in downloads if (item.id == number if number else which in {item.name, item.file})]
    return fits, found.age
