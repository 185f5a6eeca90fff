"""Sending a message and showing what became of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from producers import BadRecipient, NotFound, Producer, Receipt, Unavailable, UsageError, WaitTimeout
from producers.flows import read_campaign
from worker.cli import answers
from worker.cli.answered import AnsweredError
from worker.cli.interrupts import Interrupted, Interrupts

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
) -> None:
    """Send a message; wait for its outcome when ``timeout`` is given."""
    body = read_text(text)
    receipt = None
    with Producer.from_env() as producer, Interrupts() as interrupts:
        try:
            with interrupts.held():
                receipt = producer.send(
                    phones, body, sender=sender, provider=provider, urgent=urgent, key=key
                )
                if not as_json:
                    answers.write_lines(receipt.id)
            interrupts.check()
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
    try:
        message = receipt.outcome(timeout)
    except WaitTimeout as error:
        message = receipt.status()
        if not as_json:
            _write(message)
        raise AnsweredError(
            error.message,
            hint=f"smsq status {receipt.id} tells more later; smsq doctor shows whether workers run",
            code=error.code,
            answer=message,
        ) from None
    bad = sum(recipient["state"] not in _WELL for recipient in message["recipients"])
    if not as_json:
        _write(message)
    if bad:
        raise AnsweredError(
            f"{bad} of {len(message['recipients'])} recipients {'was' if bad == 1 else 'were'} not taken",
            hint="state and provider's codes are with each recipient",
            code="not_taken",
            answer=message,
        )
    if as_json:
        answers.write_json(message)


def show(message: str, *, timeout: float | None, as_json: bool) -> None:
    """Show a message as the ledger knows it; with a ``timeout`` in seconds, ask the provider first."""
    with Producer.from_env() as producer:
        try:
            receipt = producer.message(message)
            found = receipt.status() if timeout is None else receipt.refresh(timeout)
        except NotFound:
            if _is_campaign(producer, message):
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


def _is_campaign(producer: Producer, name: str) -> bool:
    try:
        producer.store.drive(read_campaign(name))
    except NotFound:
        return False
    return True


def _write(message: dict[str, Any]) -> None:
    answers.write_table(
        _COLUMNS,
        (
            (
                recipient["phone"],
                recipient["state"],
                recipient["cost"] or "",
                _meaning(recipient),
            )
            for recipient in message["recipients"]
        ),
        right=("cost",),
    )


def _meaning(recipient: dict[str, Any]) -> str:
    codes = [f"{name} {recipient[name]}" for name in ("status", "err") if recipient[name] is not None]
    words = recipient["meaning"] or recipient["reason"]
    return f"{words} ({', '.join(codes)})" if words and codes else words or ", ".join(codes)
