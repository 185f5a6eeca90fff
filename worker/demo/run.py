"""The course of the demo: put up, send, compare, take down."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from producers import SmsqError
from producers.ids import new_id
from worker.demo import report
from worker.demo.books import compare, read_books
from worker.demo.campaign import send
from worker.demo.processes import BrokenError, EndedError, Processes
from worker.demo.recipients import write_recipients
from worker.demo.stage import clean_environ, put_up
from worker.embedded import lock_directory

RECIPIENTS = 10_000
_HOME = Path("var")


def run(*, stay: bool) -> int:
    """Run the demo; returns the exit status."""
    started = time.monotonic()
    try:
        directory = _make_directory(stay=stay)
    except (OSError, SmsqError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    # The last letters of an id are random: two demos of one second differ.
    name = new_id("")[-6:]
    environ = clean_environ(name)
    processes = Processes(directory, environ, temporary=not stay)
    processes.watch()
    status, stayed = 1, False
    try:
        stage = put_up(processes, environ, usual_ports=stay)
        report.say_parts(stage)
        file = directory / "clients.csv"
        write_recipients(file, RECIPIENTS, name)
        outcome = send(processes, stage, file, name)
        report.say_campaign(outcome)
        agree = report.say_books(compare(outcome.tally, outcome.balance, read_books(stage.simulator)))
        status = 0 if agree else 1
        if stay:
            stayed = True
            report.say_stay(stage)
            processes.stay()
    except EndedError as error:
        # A signal is how a demo that stays up is meant to end.
        status = status if stayed else 128 + int(error.args[0])
        report.say("ending")
    except (BrokenError, SmsqError) as error:
        sys.stderr.write(f"error: {error}\n")
    finally:
        processes.end_all()
    if status == 0 and not stay:
        report.say(f"all in all {time.monotonic() - started:.1f} s; nothing is left behind")
    return status


def _make_directory(*, stay: bool) -> Path:
    _HOME.mkdir(exist_ok=True)
    if not stay:
        return Path(tempfile.mkdtemp(prefix="demo-", dir=_HOME)).resolve()
    directory = _HOME / "up"
    # Before anything of the one that may be up is touched.
    lock_directory(directory)
    return directory.resolve()
