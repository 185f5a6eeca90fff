"""What a provider's answer changes: from an outcome to one move of the batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from producers.contract import (
    NO_ERR,
    NO_STATUS,
    Hold,
    InDoubt,
    NotSent,
    RecipientResult,
    Refused,
    SendOutcome,
    Taken,
)
from producers.ledger.batches import Claim, Moved, move, pack_ids, state_deltas
from producers.ledger.calls import Call
from producers.ledger.records import NO_COST, Row, pack_row, pack_rows, unpack_rows
from producers.ledger.totals import total
from producers.money import share
from producers.states import BatchState, RecipientState, may_follow

Fields = dict[str, str | int | bytes]

#: Extra milliseconds on the wait of a batch that will be sent again, so that its wake-up doesn't come a
#: moment too early for the throttle that it waits for.
_MARGIN_MS = 50


def intend(claim: Claim, provider_id: str, *, lease_ms: int, now_ms: int = 0) -> Call[Moved]:
    """Write down, before any money is spent, that the batch is about to be sent under ``provider_id``."""
    fields: Fields = {"provider_id": provider_id, "attempt": claim.attempt + 1, "reason": "", "code": 0}
    ids = _former_ids(claim)
    if ids:
        fields["ids"] = pack_ids(ids)
    return move(
        claim.batch,
        claim.token,
        BatchState.SENDING,
        due_ms=lease_ms,
        sources=[BatchState.CLAIMED],
        fields=fields,
        counters={"requests": 1},
        now_ms=now_ms,
    )


def _former_ids(claim: Claim) -> dict[int, str]:
    """Return the message ids of former attempts under which the provider knows recipients."""
    if claim.before is BatchState.SENDING or not claim.results:
        return claim.ids
    return {**claim.ids, claim.attempt: claim.provider_id}


def give_back(claim: Claim, reason: str, wait: float, *, now_ms: int = 0) -> Call[Moved]:
    """Put a claimed batch that was not sent back on the timer, due in ``wait`` seconds."""
    return move(
        claim.batch,
        claim.token,
        BatchState.QUEUED,
        due_ms=round(wait * 1000),
        sources=[BatchState.CLAIMED],
        fields={"reason": reason},
        now_ms=now_ms,
    )


def hold(claim: Claim, reason: str, *, now: int, now_ms: int = 0) -> Call[Moved]:
    """Hold a claimed batch that can't be sent as it is: a person decides."""
    row = Row(RecipientState.HELD, changed_at=now)
    change = _uniform(claim, BatchState.HELD, row, {"reason": reason, "code": 0})
    return _as_move(claim, change, [BatchState.CLAIMED], now_ms)


def cancel(claim: Claim, *, now: int, now_ms: int = 0) -> Call[Moved]:
    """Cancel a claimed batch whose campaign was cancelled before the request went out."""
    row = Row(RecipientState.CANCELLED, changed_at=now)
    change = _uniform(claim, BatchState.CANCELLED, row, {})
    return _as_move(claim, change, [BatchState.CLAIMED], now_ms)


@dataclass(frozen=True)
class Change:
    """A move that an outcome asks for."""

    to: BatchState
    results: bytes | None
    due_ms: int | None
    fields: Mapping[str, str | int | bytes]
    counters: Mapping[str, int]
    totals: Mapping[str, int]


def record(
    claim: Claim,
    outcome: SendOutcome,
    *,
    now: int,
    totals: Mapping[str, int] | None = None,
    grace: float = 60.0,
    now_ms: int = 0,
) -> Call[Moved]:
    """Record an outcome of a batch in ``sending``.

    When the reply is ``stale``, call again with `refreshed`'s claim.

    Args:
        claim: The claim under which the request was made.
        outcome: What came of it.
        now: Unix seconds, for the recipients' records.
        totals: More numbers to count in the same step.
        grace: Seconds before a batch that is in doubt now is looked up at the provider.
        now_ms: For tests: the time in ms; 0 is the server's clock.
    """
    change = change_for(claim, outcome, now)
    if change.to is BatchState.IN_DOUBT:
        change = replace(change, due_ms=round(grace * 1000))
    if totals:
        change = replace(change, totals={**change.totals, **totals})
    return _as_move(claim, change, [BatchState.SENDING], now_ms)


def _as_move(claim: Claim, change: Change, sources: list[BatchState], now_ms: int) -> Call[Moved]:
    fields = dict(change.fields)
    if change.results is not None:
        fields["results"] = change.results
    return move(
        claim.batch,
        claim.token,
        change.to,
        due_ms=change.due_ms,
        account=claim.job.account,
        rev=None if change.results is None else claim.rev,
        sources=sources,
        fields=fields,
        counters=change.counters,
        totals=change.totals,
        now_ms=now_ms,
    )


def refreshed(claim: Claim, moved: Moved) -> Claim:
    """Return the claim with the results that a ``stale`` reply brought."""
    return replace(claim, rev=moved.rev, results=moved.results)


def change_for(claim: Claim, outcome: SendOutcome, now: int) -> Change:
    """Work out what an outcome changes, without doing it."""
    attempt = claim.attempt + (claim.before is not BatchState.SENDING)
    match outcome:
        case Taken():
            return _taken(claim, outcome, attempt, now)
        case Refused():
            row = Row(RecipientState.REFUSED, NO_STATUS, outcome.code or NO_ERR, 0, now, attempt)
            fields: Fields = {"reason": outcome.reason, "code": outcome.code, "sent_at": now}
            if outcome.provider_id:
                fields["ids"] = pack_ids({**_former_ids(claim), attempt: outcome.provider_id})
            return _uniform(claim, BatchState.REFUSED, row, fields)
        case InDoubt():
            row = Row(RecipientState.IN_DOUBT, changed_at=now, attempt=attempt)
            fields = {"reason": outcome.reason, "code": 0, "sent_at": now, "unknown": 0, "looks": 0}
            if outcome.provider_id:
                fields["provider_id"] = outcome.provider_id
            return _uniform(claim, BatchState.IN_DOUBT, row, fields)
        case Hold():
            row = Row(RecipientState.HELD, NO_STATUS, outcome.code or NO_ERR, NO_COST, now, attempt)
            return _uniform(
                claim,
                BatchState.HELD,
                row,
                {"reason": outcome.reason, "code": outcome.code, "detail": outcome.detail},
            )
        case NotSent():
            return Change(
                BatchState.QUEUED,
                None,
                round(outcome.wait * 1000) + _MARGIN_MS,
                {"reason": outcome.reason, "code": outcome.code, "by_mail": int(outcome.by_mail)},
                {},
                {},
            )


def _uniform(claim: Claim, to: BatchState, row: Row, fields: Fields) -> Change:
    """Give all recipients of the request the same result, but those that a report has settled meanwhile."""
    if not claim.results:
        return _change(claim, to, pack_row(row) * len(claim.phones), fields)
    rows = unpack_rows(claim.results, len(claim.phones))
    for index in claim.asked:
        if may_follow(RecipientState(rows[index].state), RecipientState(row.state)):
            rows[index] = row
    return _change(claim, to, pack_rows(rows), fields)


def _taken(claim: Claim, outcome: Taken, attempt: int, now: int) -> Change:
    segments = claim.pick(claim.segments)
    costs = costs_of(outcome, segments)
    if claim.results:
        results = _taken_rows(claim, outcome, costs, attempt, now)
    else:
        results = _fresh_rows(outcome, costs, attempt, now)
    fields: Fields = {"provider_id": outcome.provider_id, "reason": "", "code": 0, "sent_at": now}
    if outcome.voice_code:
        fields["voice_code"] = outcome.voice_code
    ids = _former_ids(claim)
    if ids:
        fields["ids"] = pack_ids({**ids, attempt: outcome.provider_id})
    cost = sum(cost for cost in costs if cost != NO_COST)
    account = claim.job.account
    return _change(
        claim,
        BatchState.TAKEN,
        results,
        fields,
        counters={"cost": cost},
        totals={
            total("smsq_segments_total", account=account): (
                sum(segments) if outcome.segments is None else outcome.segments
            ),
            total("smsq_cost_roubles_total", account=account): cost,
        },
    )


_TAKEN = RecipientResult(RecipientState.TAKEN)


def _fresh_rows(outcome: Taken, costs: Sequence[int], attempt: int, now: int) -> bytes:
    """Return the results of a batch that had none; most recipients of a batch share one row."""
    packed: dict[tuple[tuple[int, int, int], int], bytes] = {}
    get = outcome.exceptions.get
    rows = []
    for position, cost in enumerate(costs):
        said = get(position, _TAKEN)
        key = (said.state, said.status, said.err), cost
        row = packed.get(key)
        if row is None:
            row = packed[key] = pack_row(Row(said.state, said.status, said.err, cost, now, attempt))
        rows.append(row)
    return b"".join(rows)


def _taken_rows(claim: Claim, outcome: Taken, costs: Sequence[int], attempt: int, now: int) -> bytes:
    """Return the results of a batch of which some recipients were decided before."""
    rows = unpack_rows(claim.results, len(claim.phones))
    for position, index in enumerate(claim.asked):
        said = outcome.exceptions.get(position, _TAKEN)
        old = rows[index]
        row = Row(said.state, said.status, said.err, costs[position], now, attempt)
        if old.state and not may_follow(RecipientState(old.state), RecipientState(row.state)):
            # A delivery report came before the answer to the request: keep it, add what it cost.
            row = old._replace(cost=row.cost, attempt=attempt)
        rows[index] = row
    return pack_rows(rows)


def costs_of(outcome: Taken, segments: Sequence[int]) -> list[int]:
    """Give each recipient of a request a cost so that the sum is what the provider says the request cost.

    Args:
        outcome: What the provider said.
        segments: Segments of each recipient's text.
    """
    recipients = range(len(segments))
    if len(outcome.exceptions) == len(segments) and outcome.cost is not None:
        told = [
            said.cost for said in map(outcome.exceptions.__getitem__, recipients) if said.cost is not None
        ]
        if len(told) == len(segments) and sum(told) == outcome.cost:
            return told
    refused = {
        position
        for position, said in outcome.exceptions.items()
        if said.state is RecipientState.REFUSED and said.cost is None
    }
    known = {position: said.cost for position, said in outcome.exceptions.items() if said.cost is not None}
    known |= dict.fromkeys(refused, 0)
    if outcome.cost is None:
        return [known.get(position, NO_COST) for position in recipients]
    rest = [position for position in recipients if position not in known]
    difference = outcome.cost - sum(known.values())
    if not rest and difference == 0:
        return [known[position] for position in recipients]
    if not rest or difference < 0:
        # The parts don't add up to the whole. The whole is what left the account: share it anew.
        rest = [position for position in recipients if position not in refused] or list(recipients)
        known, difference = {}, outcome.cost
    parts = share(difference, [segments[position] for position in rest])
    known |= dict(zip(rest, parts, strict=True))
    return [known.get(position, 0) for position in recipients]


def _change(
    claim: Claim,
    to: BatchState,
    results: bytes,
    fields: Fields,
    *,
    counters: Mapping[str, int] | None = None,
    totals: Mapping[str, int] | None = None,
) -> Change:
    deltas = state_deltas(claim.results, results, len(claim.phones))
    labels = {"account": claim.job.account, "lane": claim.job.lane.value}
    outcomes = {
        total("smsq_recipients_total", **labels, outcome=name.removeprefix("n.")): count
        for name, count in deltas.items()
        if count > 0
    }
    return Change(
        to=to,
        results=results,
        due_ms=None,
        fields=fields,
        counters={**deltas, **(counters or {})},
        totals={**outcomes, **(totals or {})},
    )
