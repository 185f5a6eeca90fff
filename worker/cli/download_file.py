"""Fetching the file of a deferred download: continued where it broke off, in place only when complete."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import BinaryIO

from producers.asking import PATIENCE
from producers.errors import SmsqError, UsageError
from producers.ledger.store import AsyncStore
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from producers.states import Lane
from worker.accounts import Account, make_accounts
from worker.asking import Turn, ask_within_rules
from worker.cli import asking
from worker.cli.interrupts import Interrupted
from worker.cli.progress import Progress, show_progress
from worker.governor.gate import Wait
from worker.patience import PatientStore
from worker.providers.base import FileStream, ProviderError
from worker.providers.smsc import create_session

_ENDPOINT = "download_file"
_UNWRITABLE = "unwritable_file"
#: Reasons after which what is there may not fit what the provider has now.
_DONT_FIT = frozenset({"http_416", "bad_reply"})


def fetch(settings: Settings, number: int, path: Path) -> int:
    """Fetch the file of a download; returns its size.

    What has come so far is in ``PATH.ID.part``, so that another download never goes on from it.

    Raises:
        UsageError: The file can't be written.
        SmsqError: The provider doesn't give it, or it broke off.
        Interrupted: Ctrl-C; the same command goes on from there.
    """
    part = path.with_name(f"{path.name}.{number}.part")
    try:
        stream = part.open("ab")
    except OSError as error:
        raise UsageError(
            f"can't write {path}: {error.strerror}",
            hint="choose another file with -o",
            code="unwritable_file",
        ) from None
    try:
        with stream:
            asyncio.run(_fetch(settings, number, stream))
            stream.flush()
            os.fsync(stream.fileno())
            size = stream.tell()
        part.replace(path)
    except KeyboardInterrupt:
        raise Interrupted(
            f"interrupted; what has come is in {part}", hint="the same command goes on from there"
        ) from None
    finally:
        if part.exists() and not part.stat().st_size:
            part.unlink()
    return size


async def _fetch(settings: Settings, number: int, stream: BinaryIO) -> None:
    asking.be_quiet()
    store = AsyncStore(RedisAddress.parse(settings.redis_url))
    try:
        async with create_session() as session:
            account = make_accounts(settings, session)[settings.account]
            await _ask(PatientStore(store), account, number, stream)
    except ProviderError as error:
        raise _failed(error) from None
    finally:
        await store.close()


async def _ask(ledger: PatientStore, account: Account, number: int, stream: BinaryIO) -> None:
    """Wait for the governor's permission and fetch."""

    async def request(turn: Turn) -> bool:
        offset = stream.tell()
        async with account.provider.download(id=number, offset=offset, may_send=turn.may_send) as found:
            with show_progress("fetching", found.size or 0) as progress:
                await _write(found, stream, progress)
        return True

    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        stream.seek(0, os.SEEK_END)
        told = await ask_within_rules(ledger, account, _ENDPOINT, str(number), Lane.CONTROL, request)
        if not isinstance(told, Wait):
            return
        pause = max(told.seconds, 0.05)
        if asyncio.get_running_loop().time() + pause > deadline:
            raise SmsqError(
                f"the file can't be asked for now ({told.reason or told.rule})",
                hint=f"ask again in {pause:.0f} s",
                code=told.reason or "throttled",
            )
        await asyncio.sleep(pause)


async def _write(found: FileStream, stream: BinaryIO, progress: Progress) -> None:
    if found.start < stream.tell():
        # The provider can't begin in the middle, or not there.
        stream.truncate(found.start)
        stream.seek(0, os.SEEK_END)
    async for piece in found:
        try:
            stream.write(piece)
        except OSError as error:
            raise ProviderError(f"{_UNWRITABLE}: {error.strerror}") from None
        progress.show(stream.tell())
    if found.size is not None and stream.tell() != found.size:
        raise ProviderError("reply_cut")


def _failed(error: ProviderError) -> SmsqError:
    code = f", error {error.code}" if error.code else ""
    if error.reason.startswith(_UNWRITABLE):
        return SmsqError(
            f"the file can't be written: {error.reason.partition(': ')[2]}",
            hint="make room; the same command goes on from where it broke off",
            code=_UNWRITABLE,
        )
    hint = "the same command goes on from where it broke off"
    if error.reason in _DONT_FIT:
        hint = "delete the .part file to begin anew"
    elif error.code:
        hint = "smsq downloads list shows whether it is still there"
    return SmsqError(
        f"the provider did not give the whole file ({error.reason}{code})", hint=hint, code=error.reason
    )
