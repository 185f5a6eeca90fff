"""Hundreds who ask at once: the provider's throttles are kept, and everybody is answered or told why."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from producers import Settings
from producers.answers import Downloads, FreeNumbers, WaitCallNumber
from producers.asking import Answered
from producers.errors import SmsqError
from producers.questions import AskDownloads, AskNumbers, AskWaitCall, Question
from tests.worker.cli.conftest import Shell, Stack
from worker.cli.asking import ask_async

MANY = 100


def questions() -> list[Question]:
    numbers: list[Question] = [AskNumbers()] * MANY
    downloads: list[Question] = [AskDownloads()] * MANY
    return numbers + downloads + [AskWaitCall(phone=f"7999123{number:04}") for number in range(MANY)]


@pytest.mark.parametrize("credentials", [True, False], ids=["lending a hand", "by workers alone"])
async def test_three_hundred_at_once(shell: Shell, stack: Stack, credentials: bool) -> None:
    environ = (
        shell.environ if credentials else shell.environ | {"SMSQ_SMSC_LOGIN": "", "SMSQ_SMSC_PASSWORD": ""}
    )
    settings = Settings.from_env(environ, env_file=shell.directory / "none")
    before = stack.books()
    found = await asyncio.gather(
        *(ask_async(settings, question, 60.0) for question in questions()), return_exceptions=True
    )
    told = Counter(type(one).__name__ for one in found if not isinstance(one, Answered))
    assert all(isinstance(one, Answered | SmsqError) for one in found), told
    answers = Counter(type(one.answer) for one in found if isinstance(one, Answered))
    assert answers == {FreeNumbers: MANY, Downloads: MANY, WaitCallNumber: MANY}, told
    after = stack.books()
    for endpoint in ("receive_phones.php", "downloads.php", "wait_call.php", "get.php"):
        assert "9" not in after["errors"].get(endpoint, {}), endpoint
    assert after["calls_asked"] - before["calls_asked"] == MANY
    # Shared: a hundred who ask the same are one request to the provider, or very few.
    for endpoint in ("receive_phones.php", "downloads.php"):
        assert after["requests"].get(endpoint, 0) - before["requests"].get(endpoint, 0) <= 3
