"""What a waiting command shows: bars on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import time

from producers.ledger import keys
from tests.worker.cli.conftest import TEMPLATE, Shell, Stack


def test_bars_on_a_terminal_and_the_answer_apart_from_them(shell: Shell) -> None:
    shell.clients("bars.csv", 3000)
    ours, theirs = pty.openpty()
    command = shell.command("campaign", "start", "bars.csv", "--text", TEMPLATE, "--wait", "--json")
    process = subprocess.Popen(
        command,
        cwd=shell.directory,
        env=shell.environ | {"TERM": "xterm", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux: the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out.startswith(b'{"id"')
    text = shown.decode()
    assert "planning" in text
    assert "3000/3000" in text
    assert "sending" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")  # the cursor is back


def test_lines_elsewhere_say_why_nothing_moves(shell: Shell, stack: Stack) -> None:
    settings = {"SMSQ_REDIS_URL": stack.redis_url.replace("/0", "/12")}
    with shell.producer(**settings) as producer:
        until = int(time.time() * 1000) + 600_000
        pause = {"pause_until": until, "pause_reason": "no_money"}
        producer.store.ledger.hset(keys.account("default"), mapping=pause)  # type: ignore[arg-type]
    shell.clients("lines.csv", 20)
    process = shell.start("campaign", "start", "lines.csv", "--text", "x", "--wait", **settings)
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert line == "sending: 0 of 20, account default is paused for 10 min: no_money\n"
    assert process.returncode == 130
