"""Sending a message and showing what became of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from producers import BadRecipient, NotFound, Producer, Receipt, Unavailable, UsageError, WaitTimeout
from producers.flows import read_campaign
from producers.kinds import PLAIN, SendOptions
from worker.cli import answers
from worker.cli.answered import AnsweredError
from worker.cli.interrupts import Interrupted, Interrupts
from worker.cli.kind_options import check_files

#: Taken, and so far nothing against it; in any other state a waiting command has failed.
_WELL = {"taken", "delivered", "read"}
_COLUMNS = ("phone", "state", "cost", "meaning")


def read_text(given: str) -> str:
    """Return a text from the command line, or from standard input when it is ``-``.

    Raises:
        UsageError: Standard input isn't UTF-8.
    """
    if given != "-":
        return given
    if sys.stdin.isatty():
        answers.note("the text, please; end it with Ctrl-D on a line of its own")
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("the text on standard input is not UTF-8", code="not_text") from None
    # echo and editors end the last line: that isn't part of the text.
    return text.removesuffix("\n").removesuffix("\r")


def send(
    phones: Sequence[str],
    text: str,
    *,
    sender: str | None,
    provider: str | None,
    urgent: bool,
    key: str | None,
    timeout: float | None,
    as_json: bool,
    options: SendOptions = PLAIN,
    files: Sequence[Path] = (),
    show: Callable[[Receipt, float | None], None] | None = None,
) -> None:
    """Send a message; wait for its outcome when ``timeout`` is given.

    Args:
        phones: The recipients.
        text: The text; ``-`` for standard input.
        sender: Sender ID.
        provider: Name of the provider.
        urgent: Whether it overtakes campaigns.
        key: Idempotency key.
        timeout: Seconds to wait for the outcome; None: not at all.
        as_json: Whether the answer is JSON.
        options: Kind of message and what goes with it.
        files: Files that go with it.
        show: What shows the outcome; None: a table, or the message in JSON.
    """
    body = read_text(text)
    check_files(files)
    receipt = None
    with Producer.from_env() as producer, Interrupts() as interrupts:
        try:
            with interrupts.held():
                receipt = producer.send(
                    phones,
                    body,
                    sender=sender,
                    provider=provider,
                    urgent=urgent,
                    key=key,
                    options=options,
                    files=files,
                )
                if not as_json:
                    answers.write_lines(receipt.id)
            interrupts.check()
            if show is not None:
                show(receipt, timeout)
            else:
                _show_outcome(receipt, timeout, as_json=as_json)
        except BadRecipient as error:
            if error.row and len(phones) > 1:
                error.message = f"recipient {error.row}: {error.message}; nothing was sent"
            raise
        except Unavailable as error:
            if receipt is not None:
                raise _out_of_sight(receipt, error) from None
            error.hint = _after_a_failure(error.hint, key)
            raise
        except KeyboardInterrupt:
            raise _interrupted(receipt, key, interrupts) from None


def _interrupted(receipt: Receipt | None, key: str | None, interrupts: Interrupts) -> Interrupted:
    if receipt is None:
        return Interrupted(
            "interrupted while the message was written: whether it will be sent isn't known",
            hint=_after_a_failure("", key),
            number=interrupts.number,
        )
    return Interrupted(
        f"message {receipt.id} is in the ledger and stays on its way",
        hint=f"smsq status {receipt.id}",
        number=interrupts.number,
        id=receipt.id,
    )


def _out_of_sight(receipt: Receipt, error: Unavailable) -> AnsweredError:
    return AnsweredError(
        f"message {receipt.id} is in the ledger and stays on its way, but it can't be followed now:"
        f" {error.message}",
        hint=f"don't repeat the command; smsq status {receipt.id} tells more when Redis is back",
        code=error.code,
        answer={"id": receipt.id},
    )


def _after_a_failure(hint: str, key: str | None) -> str:
    """Say whether the command may be repeated: without a key nobody knows what a lost reply had done."""
    if key is not None:
        return "the same command again is safe: --key lets it send once"
    start = hint.partition(";")[0]
    return (
        f"{start}; with --key a command may be repeated, without it the message could be sent twice".lstrip(
            "; "
        )
    )


def _show_outcome(receipt: Receipt, timeout: float | None, *, as_json: bool) -> None:
    if timeout is None:
        if as_json:
            answers.write_json(receipt.status())
        return
    message = wait_for_outcome(receipt, timeout, None if as_json else _write)
    if not as_json:
        _write(message)
    refuse(message)
    if as_json:
        answers.write_json(message)


def wait_for_outcome(
    receipt: Receipt, timeout: float, write: Callable[[dict[str, Any]], None] | None
) -> dict[str, Any]:
    """Wait until the provider has taken or refused every recipient.

    Args:
        receipt: The message.
        timeout: Seconds.
        write: Shows what is known when the time runs out.

    Raises:
        AnsweredError: The time ran out.
    """
    try:
        return receipt.outcome(timeout)
    except WaitTimeout as error:
        message = receipt.status()
        if write is not None:
            write(message)
        raise AnsweredError(
            error.message,
            hint=f"smsq status {receipt.id} tells more later; smsq doctor shows whether workers run",
            code=error.code,
            answer=message,
        ) from None


def refuse(message: dict[str, Any]) -> None:
    """Make an error of it when a recipient wasn't taken.

    Raises:
        AnsweredError: One was not.
    """
    bad = sum(recipient["state"] not in _WELL for recipient in message["recipients"])
    if bad:
        raise AnsweredError(
            f"{bad} of {len(message['recipients'])} recipients {'was' if bad == 1 else 'were'} not taken",
            hint="state and provider's codes are with each recipient",
            code="not_taken",
            answer=message,
        )


def show(message: str, *, timeout: float | None, as_json: bool) -> None:
    """Show a message as the ledger knows it; with a ``timeout`` in seconds, ask the provider first."""
    with Producer.from_env() as producer:
        try:
            receipt = producer.message(message)
            found = receipt.status() if timeout is None else receipt.refresh(timeout)
        except NotFound:
            if is_campaign(producer, message):
                raise UsageError(
                    "that is a campaign, not a message",
                    hint=f"smsq campaign show {message}",
                    code="is_campaign",
                ) from None
            raise
    if as_json:
        answers.write_json(found)
    else:
        _write(found)


def is_campaign(producer: Producer, name: str) -> bool:
    """Whether the id or name belongs to a campaign."""
    try:
        producer.store.drive(read_campaign(name))
    except NotFound:
        return False
    return True


def _write(message: dict[str, Any]) -> None:
    recipients = message["recipients"]
    # The code that the provider made up for a call and reads out.
    code = ("code",) if any("voice_code" in recipient for recipient in recipients) else ()
    answers.write_table(
        (*_COLUMNS[:-1], *code, _COLUMNS[-1]),
        (
            (
                recipient["phone"],
                recipient["state"],
                recipient["cost"] or "",
                *(recipient.get("voice_code", "") for _ in code),
                meaning_of(recipient),
            )
            for recipient in recipients
        ),
        right=("cost",),
    )


def meaning_of(recipient: dict[str, Any]) -> str:
    """Return what the provider's codes of a recipient mean, with the codes."""
    codes = [f"{name} {recipient[name]}" for name in ("status", "err") if recipient[name] is not None]
    words = recipient["meaning"] or recipient["reason"]
    return f"{words} ({', '.join(codes)})" if words and codes else words or ", ".join(codes)
