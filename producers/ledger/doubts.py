"""Batches in doubt: taking those whose look-up is due, and what the provider's answer changes.

A recipient leaves doubt in one of two ways. The provider knows it under our message id: then it was taken,
and its price comes from the provider's record. Or the provider doesn't know it, twice, with a pause between:
then the request never arrived, and it is queued again under a fresh id. What can't be told stays in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from producers.contract import SendJob, StatusResult
from producers.kinds import FIRST_ADDRESS
from producers.ledger import keys
from producers.ledger.batches import Claim, Moved, move, state_deltas, unpack_ids
from producers.ledger.calls import Call
from producers.ledger.records import (
    NO_COST,
    PENDING_ROW,
    Row,
    indexes_in,
    pack_rows,
    unpack_phones,
    unpack_rows,
    unpack_segments,
)
from producers.ledger.totals import total
from producers.states import BatchState, RecipientState, may_follow

_decode_job = msgspec.json.Decoder(SendJob).decode

#: Rounds in which the provider must not know a recipient before it is sent again. One could fall between a
#: request's arrival and its being filed.
PROOFS = 2
#: SMSC's status for a message that it didn't send for want of money. It is filed but was never sent.
STATUS_NO_MONEY = 24


@dataclass(frozen=True)
class Doubt:
    """One worker's right to look one batch up.

    Attributes:
        claim: The claim; ``asked`` are the recipients in doubt.
        unknown: Rounds in which the provider did not know the recipients that are still in doubt.
        looks: Look-ups that told nothing since the last that did.
    """

    claim: Claim
    unknown: int
    looks: int

    @property
    def queries(self) -> list[tuple[str, int | str]]:
        """The (message id, recipient) pairs to ask for: phones, or e-mail addresses as strings."""
        claim = self.claim
        return [(claim.provider_id, query_of(phone, claim.job)) for phone in claim.pick(claim.phones)]


def query_of(phone: int, job: SendJob) -> int | str:
    """Return a recipient as the provider is asked for its status."""
    return phone if phone < FIRST_ADDRESS else job.addresses[phone - FIRST_ADDRESS]


def take(account: str, *, recipients: int, lease_ms: int, now_ms: int = 0) -> Call[list[Doubt]]:
    """Take the account's batches whose look-up is due; see ``lua/take_doubts.lua``.

    Args:
        account: Name of the account.
        recipients: At most so many in all, but always one batch.
        lease_ms: For how long nobody else may look them up.
        now_ms: For tests: the time; 0 is the server's clock.
    """

    def parse(reply: list[list[Any]]) -> list[Doubt]:
        return [_doubt(*item) for item in reply]

    return Call.lua(
        "take_doubts",
        [keys.doubts(account), keys.TIMER, keys.BATCH_PREFIX],
        [account, recipients, lease_ms, now_ms],
        parse,
    )


def _doubt(
    batch: bytes,
    token: int,
    attempt: int,
    rev: int,
    job: bytes,
    phones: bytes,
    segments: bytes,
    results: bytes,
    provider_id: bytes,
    ids: bytes,
    unknown: int,
    looks: int,
    now: int,
) -> Doubt:
    recipients = unpack_phones(phones)
    claim = Claim(
        batch=batch.decode(),
        before=BatchState.IN_DOUBT,
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
        asked=indexes_in(RecipientState.IN_DOUBT, results, len(recipients)),
        claimed_at=now,
    )
    return Doubt(claim, unknown, looks)


def postpone(doubt: Doubt, reason: str, wait: float, *, looked: bool, now_ms: int = 0) -> Call[Moved]:
    """Leave a batch in doubt for another ``wait`` seconds because nothing could be told.

    Args:
        doubt: What was taken.
        reason: Why nothing could be told, as a stable word.
        wait: Seconds to the next look-up.
        looked: Whether the provider was asked.
        now_ms: For tests.
    """
    claim = doubt.claim
    return move(
        claim.batch,
        claim.token,
        BatchState.IN_DOUBT,
        due_ms=round(wait * 1000),
        account=claim.job.account,
        sources=[BatchState.IN_DOUBT],
        fields={"reason": reason, "looks": doubt.looks + 1} if looked else {},
        now_ms=now_ms,
    )


def send_again(doubt: Doubt, *, now: int, now_ms: int = 0) -> Call[Moved]:
    """Queue a batch once more because its provider can't be asked but refuses duplicates: the probe."""
    claim = doubt.claim
    rows = unpack_rows(claim.results, len(claim.phones))
    for index in claim.asked:
        rows[index] = PENDING_ROW._replace(changed_at=now)
    results = pack_rows(rows)
    return move(
        claim.batch,
        claim.token,
        BatchState.QUEUED,
        due_ms=0,
        account=claim.job.account,
        rev=claim.rev,
        sources=[BatchState.IN_DOUBT],
        fields={"results": results, "reason": "probing", "doubted": claim.provider_id},
        counters=state_deltas(claim.results, results, len(claim.phones)),
        now_ms=now_ms,
    )


def settle(
    doubt: Doubt, answers: Sequence[StatusResult], *, now: int, pause: float, now_ms: int = 0
) -> Call[Moved]:
    """Record what the provider said of a batch's recipients in doubt.

    Args:
        doubt: What was taken.
        answers: One for each of ``doubt.queries``, in that order.
        now: Unix seconds.
        pause: Seconds before who isn't known is looked up once more.
        now_ms: For tests.
    """
    claim = doubt.claim
    rows = unpack_rows(claim.results, len(claim.phones))
    cost = known = segments = 0
    unknown: list[int] = []
    for index, answer in zip(claim.asked, answers, strict=True):
        old, said = rows[index], answer.result
        if old.state != RecipientState.IN_DOUBT:
            continue
        if not answer.known or said.status == STATUS_NO_MONEY:
            unknown.append(index)
            continue
        known += 1
        new = Row(
            said.state, said.status, said.err, NO_COST if said.cost is None else said.cost,
            answer.changed_at or now, claim.attempt,
        )  # fmt: skip
        if may_follow(RecipientState(old.state), RecipientState(new.state)):
            rows[index] = new
            cost += said.cost or 0
            segments += answer.segments or 0
    account = claim.job.account
    fields: dict[str, str | int | bytes] = {"looks": 0}
    to, due_ms = BatchState.TAKEN, None
    if unknown and doubt.unknown + 1 >= PROOFS:
        for index in unknown:
            rows[index] = PENDING_ROW._replace(changed_at=now)
        to, due_ms = BatchState.QUEUED, 0
        fields |= {"reason": "proven_unknown", "doubted": claim.provider_id}
    elif unknown:
        to, due_ms = BatchState.IN_DOUBT, round(pause * 1000)
        fields |= {"unknown": doubt.unknown + 1}
    else:
        fields |= {"reason": "", "code": 0}
    results = pack_rows(rows)
    deltas = state_deltas(claim.results, results, len(claim.phones))
    outcomes = {
        total(
            "smsq_recipients_total",
            account=account,
            lane=claim.job.lane.value,
            outcome=name.removeprefix("n."),
        ): count
        for name, count in deltas.items()
        if count > 0
    }
    return move(
        claim.batch,
        claim.token,
        to,
        due_ms=due_ms,
        account=account,
        rev=claim.rev,
        sources=[BatchState.IN_DOUBT],
        fields={"results": results, **fields},
        counters={**deltas, "cost": cost},
        totals={
            **outcomes,
            total("smsq_cost_roubles_total", account=account): cost,
            total("smsq_segments_total", account=account): segments,
        },
        now_ms=now_ms,
    )
