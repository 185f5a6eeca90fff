"""Writing the list of deferred exports in the four forms (SMSC protocol §8.3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from worker.simulator.smsc.downloads import JobState
from worker.simulator.smsc.formats import write_rows


def write_jobs(form: int, jobs: Sequence[JobState], utc_offset_hours: int) -> str:
    """Write jobs.

    Args:
        form: value of ``fmt``.
        jobs: the jobs.
        utc_offset_hours: the account's zone, for dates; they look as elsewhere [assumed].

    Returns:
        The text of the reply.
    """
    zone = timezone(timedelta(hours=utc_offset_hours))

    def date(moment: float | None) -> str:
        return "" if moment is None else datetime.fromtimestamp(moment, zone).strftime("%d.%m.%Y %H:%M:%S")

    return write_rows(
        form,
        [
            {
                "id": job.number,
                "name": job.name,
                "status": job.status,
                "created": date(job.created),
                "time": date(job.started),
                "file": job.file,
            }
            for job in jobs
        ],
    )
