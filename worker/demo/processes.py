"""The demo's processes: started with the commands that a user types, and never left behind."""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeVar

import worker
from worker.demo.guardian import LAST_WORD, SIGNALS

T = TypeVar("T")

#: Seconds between two looks at a condition.
_LOOK = 0.02
#: Seconds for a process to end by itself; workers end what is in flight, which takes the simulator's latency.
_PATIENCE = 15.0
_SHOW_CURSOR = "\x1b[?25h\n"


class EndedError(Exception):
    """A signal came; its number is the argument."""


class BrokenError(Exception):
    """A part of the demo failed; the text is for the user."""


@dataclass
class Child:
    """A process of the demo.

    Attributes:
        name: What it is called.
        process: The process.
        log: What it writes.
        on_terminal: It shows its progress itself, on this process's standard error.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    on_terminal: bool = False

    def said(self) -> str:
        """Return what it has written so far."""
        return self.log.read_text("utf-8", "replace")

    def check(self) -> None:
        """Make sure that it runs.

        Raises:
            BrokenError: It has ended; with its last words.
        """
        code = self.process.poll()
        if code is not None:
            raise BrokenError(f"{self.name} ended with {code}:\n{self.said()[-2000:].rstrip()}")


@dataclass
class Processes:
    """All processes of one demo, and the signals that end it.

    A signal is only noted when it comes; `wait_for`, where all the time is spent, raises it. So none can come
    between the start of a process and its being known here. When this process is killed, the guardian ends
    the others.

    Attributes:
        directory: Where the processes work and write.
        environ: Their environment; may grow.
        temporary: Whether the directory goes with the demo.
    """

    directory: Path
    environ: Mapping[str, str]
    temporary: bool
    _children: list[Child] = field(default_factory=list)
    _guardian: subprocess.Popen[bytes] | None = None
    _signal: int = 0

    def watch(self) -> None:
        """Let Ctrl-C, SIGTERM and a closed terminal end the demo in order; a guardian cares for the rest."""
        for number in SIGNALS:
            signal.signal(number, self._note)
        doomed = [str(self.directory)] if self.temporary else []
        self._guardian = self._popen("worker.demo.guardian", *doomed, stdin=subprocess.PIPE)

    def _note(self, number: int, _frame: object) -> None:
        self._signal = self._signal or number

    def start(self, name: str, *arguments: str, answer: IO[bytes] | None = None) -> Child:
        """Start ``smsq`` with arguments.

        Args:
            name: What to call it.
            arguments: The command line.
            answer: Where its standard output goes while its errors go to this process's; else all that it
                writes goes to a log.
        """
        log = self.directory / f"{name}.log"
        with log.open("wb") as stream:
            process = self._popen(
                "worker.cli", *arguments, stdout=answer or stream, stderr=None if answer else stream
            )
        self._tell_guardian(b"%d" % process.pid)
        child = Child(name, process, log, on_terminal=answer is not None)
        self._children.append(child)
        return child

    def _popen(
        self,
        module: str,
        *arguments: str,
        stdin: int = subprocess.DEVNULL,
        stdout: IO[bytes] | None = None,
        stderr: IO[bytes] | None = None,
    ) -> subprocess.Popen[bytes]:
        root = str(Path(worker.__file__).parents[1])
        path = os.pathsep.join(filter(None, [root, self.environ.get("PYTHONPATH", "")]))
        return subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, "-m", module, *arguments],
            cwd=self.directory,  # no .env of the user's is read there
            env={**self.environ, "PYTHONPATH": path},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            # Ctrl-C reaches the demo alone, which ends the others in the right order.
            start_new_session=True,
        )

    def _tell_guardian(self, word: bytes) -> None:
        if self._guardian is not None and self._guardian.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._guardian.stdin.write(word + b"\n")
                self._guardian.stdin.flush()

    def wait_for(
        self, look: Callable[[], T | None], what: str, *, seconds: float, needs: Child | None = None
    ) -> T:
        """Wait until a look gives something.

        Args:
            look: What to look at; anything that is true ends the waiting.
            what: What is waited for, for the error.
            seconds: At most so long.
            needs: A process without which it can't come true.

        Raises:
            EndedError: A signal came.
            BrokenError: Time is up, or the process has ended.
        """
        deadline = time.monotonic() + seconds
        while True:
            if self._signal:
                raise EndedError(self._signal)
            found = look()
            if found:
                return found
            if needs is not None:
                needs.check()
            if time.monotonic() > deadline:
                raise BrokenError(f"{what}: not within {seconds:.0f} s")
            time.sleep(_LOOK)

    def stay(self) -> None:
        """Wait for a signal; fail when a process ends first.

        Raises:
            EndedError: A signal came.
            BrokenError: A process ended.
        """
        running = [child for child in self._children if child.process.poll() is None]

        def look() -> None:
            for child in running:
                child.check()

        self.wait_for(look, "a signal", seconds=math.inf)

    def end_all(self) -> None:
        """End every process, the last started first: campaign, workers, simulator, server; then clear up."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for child in reversed(self._children):
            if child.process.poll() is None:
                _end(child)
        self._tell_guardian(LAST_WORD)
        if self._guardian is not None:
            self._guardian.communicate()
        if self.temporary:
            shutil.rmtree(self.directory, ignore_errors=True)


def _end(child: Child) -> None:
    if child.on_terminal:
        # It only watches. What it would say, that the campaign goes on, isn't true of a demo.
        child.process.kill()
        if sys.stderr.isatty():
            sys.stderr.write(_SHOW_CURSOR)
    child.process.terminate()
    try:
        child.process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()
