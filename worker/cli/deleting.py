"""Deleting messages at the provider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from producers import NotFound, Producer
from producers.errors import SettingsError, SmsqError
from producers.questions import DeleteMessage
from worker.cli import answers, asking
from worker.cli.answered import AnsweredError
from worker.cli.interrupts import Interrupted
from worker.cli.provider_ids import find_pairs, plain


def delete(message: str, recipients: Sequence[str], *, timeout: float, as_json: bool) -> None:
    """Delete a message for its recipients, one by one."""
    with Producer.from_env() as producer:
        try:
            pairs = find_pairs(producer, message, recipients)
        except NotFound:
            if not recipients:
                raise
            pairs = [(message, plain(recipient)) for recipient in recipients]
    done: list[dict[str, Any]] = []
    for provider_id, recipient in pairs:
        row: dict[str, Any] = {"phone": recipient, "provider_id": provider_id, "deleted": True}
        try:
            asking.ask(DeleteMessage(message_id=provider_id, recipient=recipient), timeout=timeout)
        except (SettingsError, Interrupted):
            # The others would fare no better.
            raise
        except SmsqError as error:
            row |= {"deleted": False, "error": error.as_dict()}
        done.append(row)
    answer = {"id": message, "recipients": done}
    bad = [row["error"] for row in done if not row["deleted"]]
    if not as_json:
        answers.write_table(
            ("phone", "deleted", "why not"),
            (
                (row["phone"], "yes" if row["deleted"] else "no", row.get("error", {}).get("message", ""))
                for row in done
            ),
        )
    if bad:
        raise AnsweredError(
            f"{len(bad)} of {len(done)} could not be deleted: {bad[0]['message']}",
            hint=bad[0]["hint"],
            code=bad[0]["code"] if len(done) == 1 else "not_deleted",
            answer=answer,
        )
    if as_json:
        answers.write_json(answer)
