"""Delivery reports: what the provider says of recipients after it took them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from producers.answers import Hlr
from producers.contract import RecipientResult
from producers.ledger import keys
from producers.ledger.batches import BatchView, pack_hlr, state_deltas
from producers.ledger.calls import Call
from producers.ledger.records import NO_COST, Row, pack_rows, unpack_rows
from producers.ledger.totals import total
from producers.states import RANK, RecipientState, may_follow


@dataclass(frozen=True)
class Recorded:
    """What became of recording a report; ``rev`` and ``results`` are the present ones when it was stale."""

    result: Literal["recorded", "stale", "gone"]
    rev: int = 0
    results: bytes = b""


def record(
    batch: BatchView,
    reports: Mapping[int, tuple[RecipientResult, int]],
    *,
    rev: int,
    results: bytes,
    now: int,
    hlr: Mapping[int, Hlr] | None = None,
) -> Call[Recorded]:
    """Record reports on recipients of a batch; see ``lua/report.lua``.

    Args:
        batch: The batch.
        reports: What is said of recipients, by their position, with the unix seconds since when (0: unknown).
        rev: Version of ``results``.
        results: The results that the change is computed from.
        now: Unix seconds.
        hlr: What the network says of recipients, by their position; None when nothing new.
    """
    rows = unpack_rows(results, len(batch.phones))
    cost = 0
    for index, (said, since) in reports.items():
        old = rows[index]
        if not may_follow(RecipientState(old.state), said.state) and not _says_more(old, said):
            continue
        known = old.cost != NO_COST or said.cost is None
        cost += 0 if known else said.cost or 0
        rows[index] = old._replace(
            state=said.state,
            status=said.status,
            err=said.err,
            cost=old.cost if known else said.cost or 0,
            changed_at=since or now,
        )
    changed = pack_rows(rows)
    deltas = {} if changed == results else state_deltas(results, changed, len(rows))
    labels = {"account": batch.job.account, "lane": batch.job.lane.value}
    outcomes = {
        total("smsq_recipients_total", **labels, outcome=name.removeprefix("n.")): count
        for name, count in deltas.items()
        if count > 0
    }
    counters = {name: delta for name, delta in {**deltas, "cost": cost}.items() if delta}
    if cost:
        outcomes[total("smsq_cost_roubles_total", account=batch.job.account)] = cost
    pairs = [item for mapping in (counters, outcomes) for pair in mapping.items() for item in pair]

    packed = pack_hlr({**batch.hlr, **hlr}) if hlr else b""

    def parse(reply: list[Any]) -> Recorded:
        word = reply[0].decode()
        if word == "stale":
            return Recorded("stale", reply[1], reply[2])
        return Recorded("recorded", reply[1]) if word == "recorded" else Recorded("gone")

    return Call.lua(
        "report",
        [keys.batch(batch.batch), keys.owner(batch.batch), keys.TOTALS, keys.TIMER],
        [
            rev,
            b"" if changed == results else changed,
            len(counters),
            len(outcomes),
            0,
            batch.batch,
            packed,
            *pairs,
        ],
        parse,
    )


def _says_more(old: Row, said: RecipientResult) -> bool:
    """Whether a report of the same rank tells a newer status, such as queued, then handed to the operator."""
    return RANK[RecipientState(old.state)] == RANK[said.state] == 1 and said.status > old.status
