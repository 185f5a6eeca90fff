"""What a person decides of batches that are held or in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from producers.contract import SendJob
from producers.ledger import keys
from producers.ledger.batches import Claim, Moved, move, state_deltas, unpack_ids
from producers.ledger.calls import Call
from producers.ledger.records import PENDING_ROW, pack_rows, unpack_phones, unpack_rows, unpack_segments
from producers.states import BatchState, RecipientState

_decode_job = msgspec.json.Decoder(SendJob).decode
#: Recipients in these states wait for somebody's word.
_UNDECIDED = (RecipientState.HELD, RecipientState.IN_DOUBT)


@dataclass(frozen=True)
class NotSeized:
    """Why a batch can't be decided on: the state that it is in, empty when there is no such batch."""

    state: str


def seize(batch: str, *, now_ms: int = 0) -> Call[Claim | NotSeized]:
    """Take a held batch, or one in doubt, into a person's hands; see ``lua/seize.lua``."""

    def parse(reply: list[Any]) -> Claim | NotSeized:
        if len(reply) < 2:
            return NotSeized(reply[0].decode() if reply else "")
        token, attempt, rev, job, phones, segments, results, provider_id, ids, state, now = reply
        recipients = unpack_phones(phones)
        rows = unpack_rows(results, len(recipients))
        return Claim(
            batch=batch,
            before=BatchState(state.decode()),
            token=token,
            attempt=attempt,
            rev=rev,
            job=_decode_job(job),
            phones=recipients,
            segments=tuple(unpack_segments(segments, len(recipients))),
            texts=None,
            results=results,
            provider_id=provider_id.decode(),
            ids=unpack_ids(ids),
            asked=tuple(index for index, row in enumerate(rows) if row.state in _UNDECIDED),
            claimed_at=now,
        )

    states = f"{BatchState.HELD},{BatchState.IN_DOUBT}"
    return Call.lua("seize", [keys.batch(batch)], [states, now_ms], parse)


def resolve(claim: Claim, *, taken: bool, now: int, now_ms: int = 0) -> Call[Moved]:
    """Record a person's word on a seized batch.

    Args:
        claim: What `seize` gave.
        taken: True: the provider has taken it, nothing is sent. False: it surely has not, and is sent again
            under a fresh id.
        now: Unix seconds.
        now_ms: For tests.
    """
    rows = unpack_rows(claim.results, len(claim.phones))
    for index in claim.asked:
        if taken:
            attempt = rows[index].attempt or claim.attempt
            rows[index] = rows[index]._replace(state=RecipientState.TAKEN, changed_at=now, attempt=attempt)
        else:
            rows[index] = PENDING_ROW._replace(changed_at=now)
    results = pack_rows(rows)
    return move(
        claim.batch,
        claim.token,
        BatchState.TAKEN if taken else BatchState.QUEUED,
        due_ms=None if taken else 0,
        account=claim.job.account,
        rev=claim.rev,
        sources=[claim.before],
        fields={"results": results, "reason": "resolved_taken" if taken else "released", "code": 0},
        counters=state_deltas(claim.results, results, len(claim.phones)),
        now_ms=now_ms,
    )


def undecided(count: int = 1_000) -> tuple[Call[list[tuple[str, int]]], Call[list[tuple[str, int]]]]:
    """Return the calls for held batches and for those in doubt: (batch, since unix ms), oldest first."""
    return _oldest(keys.HELD, count), _oldest(keys.IN_DOUBT, count)


def _oldest(key: str, count: int) -> Call[list[tuple[str, int]]]:
    def parse(reply: list[Any]) -> list[tuple[str, int]]:
        pairs = (
            reply
            if not reply or isinstance(reply[0], (list, tuple))
            else zip(reply[::2], reply[1::2], strict=True)
        )
        return [(name.decode(), int(float(score))) for name, score in pairs]

    return Call(("ZRANGE", key, 0, count - 1, "WITHSCORES"), parse)
