"""The demo as ``make run`` runs it: the books agree, and no process is left, however it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import wait_until
from tests.worker.conftest import ROOT

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")


class Demo:
    """A demo whose processes, and theirs, can be told by a mark in their environment."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory = directory
        self.mark = uuid4().hex
        self.process = subprocess.Popen(
            [sys.executable, "-m", "worker.demo", *options],
            cwd=directory,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "DEMO_TEST": self.mark, "SMSQ_SMSC_API_KEY": "a-real-one"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.out = ""

    def read_until(self, words: str) -> None:
        assert self.process.stdout is not None
        while words not in self.out:
            line = self.process.stdout.readline()
            assert line, self.out
            self.out += line

    def end(self, seconds: float = 60.0) -> int:
        out, _ = self.process.communicate(timeout=seconds)
        self.out += out
        return self.process.returncode

    def left(self) -> list[str]:
        """The command lines of its processes that run."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if self.mark.encode() in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return found


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """Where the demo runs; a real account's settings lie there."""
    (tmp_path / ".env").write_text("SMSQ_SMSC_URL=https://smsc.invalid\nSMSQ_SMSC_BATCH_SIZE=7\n", "utf-8")
    yield tmp_path
    left = tmp_path / "var"
    assert [path.name for path in left.iterdir() if path.name != "up"] == []


def test_the_books_agree_and_nothing_is_left(directory: Path) -> None:
    demo, other = Demo(directory), Demo(directory)
    for one in (demo, other):
        assert one.end() == 0, one.out
        assert one.left() == []
        assert "\nthe books agree\n" in one.out
        assert re.search(r"^taken +9997$", one.out, re.MULTILINE)
        assert re.search(r"^messages taken +9998 +9998$", one.out, re.MULTILINE)
        assert re.search(r"^urgent +taken \d+ ms after it was sent", one.out, re.MULTILINE)
        assert "<- differs" not in one.out


@pytest.mark.parametrize(
    ("words", "number", "status"),
    [("server", signal.SIGINT, 130), ("metrics", signal.SIGINT, 130), ("metrics", signal.SIGTERM, 143)],
)
def test_a_signal_ends_it_cleanly(directory: Path, words: str, number: signal.Signals, status: int) -> None:
    demo = Demo(directory)
    demo.read_until(words)
    demo.process.send_signal(number)
    assert demo.end(20) == status, demo.out
    assert demo.left() == []
    assert "Traceback" not in demo.out
    assert "goes on" not in demo.out


def test_killed_it_still_leaves_nothing(directory: Path) -> None:
    demo = Demo(directory)
    demo.read_until("metrics")
    demo.process.kill()
    demo.process.wait()
    wait_until(lambda: not demo.left(), seconds=60, what=f"nothing runs any more: {demo.left()}")
    wait_until(lambda: not list((directory / "var").iterdir()), what="the directory is gone")


def test_it_stays_up_until_told_to_end(directory: Path) -> None:
    demo = Demo(directory, "--stay")
    demo.read_until("smsq doctor")
    settings = dict(
        part.split("=", 1)
        for part in next(line for line in demo.out.splitlines() if "export" in line).split()[1:]
    )
    done = subprocess.run(
        [sys.executable, "-m", "worker.cli", "send", "79991234567", "--text", "x", "--wait"],
        env={name: value for name, value in os.environ.items() if not name.startswith("SMSQ_")} | settings,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0
    second = Demo(directory, "--stay")
    assert second.end(20) == 1
    assert "another server works in" in second.out
    demo.process.send_signal(signal.SIGINT)
    assert demo.end(20) == 0, demo.out
    assert demo.left() == []
