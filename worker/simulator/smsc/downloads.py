"""Deferred exports: ``downloads.php`` (SMSC protocol §8.3)."""

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from worker.simulator.books import Books
from worker.simulator.calls import Call, Reply
from worker.simulator.config import SimulatorConfig
from worker.simulator.smsc.errors import NO_DATA, RefusedError
from worker.simulator.smsc.exports import Export, make_export
from worker.simulator.smsc.numbers import read_whole

WAITS, RUNS, DONE, CANCELLED, FAILED = range(5)
"""The states of a job."""

MOST_JOBS = 1_000
"""Most that ``cnt`` may ask for [assumed]."""

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class JobPlan(NamedTuple):
    """A job as it is ordered.

    Attributes:
        name: its name, empty for one that is made up.
        rows: lines of its file.
        ends: its last state: DONE, CANCELLED or FAILED; or WAITS or RUNS, where it stays.
        wait: sixtieths of the provider's minute until it runs.
        run: sixtieths of the provider's minute that it runs.
    """

    name: str
    rows: int
    ends: int
    wait: float
    run: float


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    name: str
    file: str
    plan: JobPlan
    created: float
    started: float
    ended: float

    def status(self, now: float) -> int:
        if now < self.started or self.plan.ends == WAITS:
            return WAITS
        return RUNS if now < self.ended else self.plan.ends


class JobState(NamedTuple):
    """One job at a moment.

    Attributes:
        number: its id.
        name: its name.
        status: 0 to 4.
        created: when it was ordered, seconds since 1970.
        started: when it began to run, None before.
        file: the file's name, empty before it is there [assumed].
    """

    number: int
    name: str
    status: int
    created: float
    started: float | None
    file: str


class Downloads:
    """All jobs.

    Args:
        config: the simulator's settings.
        books: where files are counted.
    """

    def __init__(self, config: SimulatorConfig, books: Books) -> None:
        self._config = config
        self._books = books
        self._ids = itertools.count(1)
        self._jobs: dict[int, _Job] = {}

    def order(self, plan: JobPlan, now: float) -> None:
        """Order a job."""
        number = next(self._ids)
        second = self._config.minute / 60
        started = now + plan.wait * second
        name = plan.name or f"export {number}"
        file = f"{name.replace(' ', '_')}.csv"
        self._jobs[number] = _Job(number, name, file, plan, now, started, started + plan.run * second)

    def find(self, given: Mapping[str, str], now: float) -> list[JobState]:
        """List jobs by id, ascending [assumed].

        Args:
            given: the request's parameters: ``cnt`` (all by default [assumed]) and ``after_id``.
            now: seconds since 1970.

        Returns:
            The jobs; none is no error [assumed].

        Raises:
            RefusedError: error 1 for numbers that are none.
        """
        most = read_whole(given, "cnt", 1, MOST_JOBS) or MOST_JOBS
        after = read_whole(given, "after_id", 0, 10**15) or 0
        jobs = [job for job in self._jobs.values() if job.number > after]
        return [self._describe(job, now) for job in jobs[:most]]

    def file(self, call: Call, now: float) -> Reply:
        """Answer with a job's file.

        Args:
            call: the request, with ``id`` or the file's ``name``.
            now: seconds since 1970.

        Returns:
            The file, or with ``download_ranges`` the part that the headers ask for.

        Raises:
            RefusedError: error 1 with neither, error 3 for a file that isn't there, or not yet [assumed].
        """
        job = self._choose(call.parameters)
        if job is None or job.status(now) != DONE:
            raise RefusedError(3, NO_DATA)
        self._books.count_file(job.file)
        export = make_export(job.plan.rows)
        headers = {"Content-Disposition": f'attachment; filename="{job.file}"'}
        reply = Reply(b"", "text/csv; charset=windows-1251", headers=headers, source=export)
        return _part_of(reply, export, call.headers or {}) if self._config.download_ranges else reply

    def _choose(self, given: Mapping[str, str]) -> _Job | None:
        number, name = read_whole(given, "id", 1, 10**15), given.get("name", "")
        if number is None and not name:
            raise RefusedError(1)
        if number is not None:
            return self._jobs.get(number)
        return next((job for job in self._jobs.values() if job.file == name), None)

    def _describe(self, job: _Job, now: float) -> JobState:
        status = job.status(now)
        started = None if status == WAITS else job.started
        return JobState(
            job.number, job.name, status, job.created, started, job.file if status == DONE else ""
        )


def _part_of(whole: Reply, export: Export, asked: Mapping[str, str]) -> Reply:
    """Answer a ``Range`` of one part as RFC 9110 says; anything else gets the whole file."""
    headers = {**whole.headers, "Accept-Ranges": "bytes", "ETag": export.tag}
    found = _RANGE.fullmatch(asked.get("Range", ""))
    if found is None or found[0] == "bytes=-" or asked.get("If-Range", export.tag) != export.tag:
        return Reply(b"", whole.content_type, headers=headers, source=export)
    if found[1]:
        start = int(found[1])
        stop = min(int(found[2]) + 1, export.size) if found[2] else export.size
    else:
        start, stop = max(export.size - int(found[2]), 0), export.size
    if start >= stop:
        return Reply(
            b"", whole.content_type, 416, headers=headers | {"Content-Range": f"bytes */{export.size}"}
        )
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{export.size}"
    return Reply(b"", whole.content_type, 206, headers=headers, source=export.part(start, stop))
