"""Messages: one text to a few phones, written once for each idempotency key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from producers.contract import SendJob
from producers.ids import batch_id
from producers.ledger import keys
from producers.ledger.calls import Call
from producers.ledger.campaigns import REWAKE_MS, batch_fields, encode_job


def write(
    message: str,
    job: SendJob,
    parts: Sequence[Sequence[int]],
    segments: int,
    *,
    digest: str,
    key: str | None = None,
    key_seconds: int = 0,
    now_ms: int = 0,
) -> Call[tuple[str, Literal["created", "same", "differs", "clash"]]]:
    """Write a message of one text, a batch for each part; see ``lua/message.lua``.

    Args:
        message: Id of the message.
        job: What is the same for all recipients, the text included.
        parts: Phones of each batch.
        segments: Segments of the text.
        digest: Digest of everything that the caller asked for; compared when the key is known.
        key: The caller's idempotency key.
        key_seconds: How long the key is remembered.
        now_ms: For tests: the time; 0 is the server's clock.
    """
    batches = [batch_id(message, number) for number in range(len(parts))]
    encoded = encode_job(job)
    args: list[Any] = []
    width = 0
    for name, phones in zip(batches, parts, strict=True):
        fields = batch_fields(encoded, job.lane, phones, None, [segments] * len(phones), version=job.version)
        width = len(fields)
        args += [name, *(item for pair in fields.items() for item in pair)]
    return Call.lua(
        "message",
        [
            keys.idempotency(key or ""),
            keys.TIMER,
            keys.GAUGES,
            keys.MESSAGES,
            *map(keys.batch, batches),
        ],
        [message, digest, key_seconds if key else 0, REWAKE_MS[job.lane], now_ms, width, *args],
        lambda reply: (reply[0].decode(), reply[1].decode()),
    )
