"""Campaigns: creating, planning batch by batch, starting, feeding, pausing, reading."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from producers.contract import SendJob
from producers.ids import batch_id
from producers.ledger import keys
from producers.ledger.calls import Call
from producers.ledger.records import Row, pack_phones, pack_row, pack_segments, pack_texts
from producers.states import CampaignState, Lane, RecipientState

_encode_job = msgspec.json.Encoder().encode

#: How many batches of one campaign have wake-ups at a time. Twice the 14 requests that SMSC allows at once
#: keeps every connection busy, and what stands in front of another campaign's first batch stays short.
WINDOW = 32
#: A queued batch that nobody claimed is woken again after this long: the wake-up may have been lost.
REWAKE_MS: dict[Lane, int] = {
    Lane.BULK: 15_000,
    Lane.URGENT: 2_000,
    Lane.STATUS: 15_000,
    Lane.CONTROL: 15_000,
}
#: Workers feed a campaign as its batches end; the timer does it this often in case none does.
FEED_MS = 1_000


def encode_job(job: SendJob) -> bytes:
    """Return a job as it is stored."""
    return _encode_job(job)


def batch_fields(
    job: bytes,
    lane: Lane,
    phones: Sequence[int],
    texts: Sequence[str] | None,
    segments: Sequence[int],
    *,
    version: int = 1,
) -> dict[str, bytes | str | int]:
    """Return the fields of a new batch."""
    fields: dict[str, bytes | str | int] = {
        "version": version,
        "lane": lane.value,
        "job": job,
        "n": len(phones),
        "phones": pack_phones(phones),
        "segments": pack_segments(segments),
    }
    if texts is not None:
        fields["texts"] = pack_texts(texts)
    return fields


def create(
    campaign: str, name: str, digest: str, lane: Lane, *, fields: dict[str, str | int], now_ms: int = 0
) -> Call[tuple[str, Literal["created", "same", "differs"]]]:
    """Create a campaign under a name, or find the one that has it; see ``lua/create.lua``."""
    pairs = [item for pair in fields.items() for item in pair]
    return Call.lua(
        "create",
        [keys.CAMPAIGN_NAMES, keys.campaign(campaign), keys.CAMPAIGNS],
        [name, campaign, digest, now_ms, "lane", lane.value, *pairs],
        lambda reply: (reply[0].decode(), reply[1].decode()),
    )


PlanResult = Literal["added", "same", "differs", "gap", "closed", "gone"]


def plan(
    campaign: str,
    number: int,
    job: bytes,
    lane: Lane,
    phones: Sequence[int],
    texts: Sequence[str] | None,
    segments: Sequence[int],
) -> Call[PlanResult]:
    """Add the ``number``-th batch to a campaign that is being planned; see ``lua/plan.lua``."""
    fields = batch_fields(job, lane, phones, texts, segments)
    digest = hashlib.blake2b(fields["phones"], digest_size=12)  # type: ignore[arg-type]
    if texts is not None:
        digest.update("\0".join(texts).encode())
    pairs = [item for pair in fields.items() for item in pair]
    return Call.lua(
        "plan",
        [keys.campaign(campaign), keys.batch(batch_id(campaign, number)), keys.GAUGES],
        [number, digest.digest(), len(phones), sum(segments), *pairs],
        lambda reply: reply.decode(),
    )


StartResult = Literal["started", "same", "differs", "gone"]


def start(
    campaign: str, *, batches: int, rejected: int, duplicates: int, at_ms: int = 0, now_ms: int = 0
) -> Call[StartResult]:
    """End a campaign's planning and put it on the timer; see ``lua/start.lua``."""
    return Call.lua(
        "start",
        [keys.campaign(campaign), keys.TIMER],
        [campaign, batches, rejected, duplicates, at_ms, now_ms],
        lambda reply: reply.decode(),
    )


@dataclass(frozen=True)
class Fed:
    """Batches that want a wake-up, and their lane."""

    lane: Lane = Lane.BULK
    batches: tuple[str, ...] = ()


def feed(campaign: str, *, window: int = WINDOW, now_ms: int = 0) -> Call[Fed]:
    """Open planned batches up to the campaign's window; see ``lua/feed.lua``."""

    def parse(reply: list[bytes]) -> Fed:
        if not reply:
            return Fed()
        return Fed(Lane(reply[0].decode()), tuple(item.decode() for item in reply[1:]))

    return Call.lua(
        "feed",
        [
            keys.campaign(campaign),
            keys.open_batches(campaign),
            keys.TIMER,
            keys.GAUGES,
            keys.BATCH_PREFIX,
        ],
        [campaign, window, REWAKE_MS[Lane.BULK], FEED_MS, now_ms],
        parse,
    )


def change(
    campaign: str, to: CampaignState, *, now_ms: int = 0
) -> Call[tuple[Literal["done", "refused", "gone"], str]]:
    """Pause, resume (``running``) or begin to cancel a campaign; see ``lua/campaign.lua``."""

    def parse(reply: list[bytes]) -> tuple[Literal["done", "refused", "gone"], str]:
        word = reply[0].decode()
        state = reply[1].decode() if len(reply) > 1 else ""
        return ("done" if word == "done" else "refused" if word == "refused" else "gone"), state

    return Call.lua(
        "campaign",
        [keys.campaign(campaign), keys.open_batches(campaign), keys.TIMER],
        [campaign, to.value, now_ms],
        parse,
    )


def cancel_batches(campaign: str, first: int, count: int, *, now: int) -> Call[tuple[int, int]]:
    """Cancel a stretch of a cancelled campaign's batches; returns (looked at, still in a worker's hands)."""
    row = pack_row(Row(state=RecipientState.CANCELLED, changed_at=now))
    return Call.lua(
        "cancel",
        [
            keys.campaign(campaign),
            keys.open_batches(campaign),
            keys.TIMER,
            keys.GAUGES,
            keys.BATCH_PREFIX,
            keys.TOTALS,
        ],
        [campaign, first, count, row, 0],
        lambda reply: (reply[0], reply[1]),
    )


@dataclass(frozen=True)
class CampaignView:
    """A campaign as it stands. Money in 1/10000 rouble, times in unix milliseconds."""

    id: str
    name: str
    stored_state: CampaignState
    complete: bool
    lane: Lane
    counts: dict[RecipientState, int]
    total: int
    duplicates: int
    segments: int
    cost: int
    requests: int
    batches: int
    created: int
    start_at: int
    fields: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def state(self) -> CampaignState:
        """The public state: ``sent`` and ``settled`` follow from the counts."""
        if self.stored_state is not CampaignState.RUNNING:
            return self.stored_state
        waiting = self.counts[RecipientState.PENDING] + self.counts[RecipientState.IN_DOUBT]
        if waiting:
            return CampaignState.RUNNING
        if self.counts[RecipientState.TAKEN] + self.counts[RecipientState.HELD]:
            return CampaignState.SENT
        return CampaignState.SETTLED

    @property
    def difference(self) -> int:
        """Recipients accepted less recipients accounted for: 0 unless something is badly wrong."""
        return self.total - sum(self.counts.values())


def read(campaign: str) -> Call[CampaignView | None]:
    """Read a campaign; None when there is none of that id."""

    def parse(reply: Any) -> CampaignView | None:
        values = _as_text(reply)
        if not values:
            return None

        def number(name: str) -> int:
            return int(values.get(name, "0"))

        return CampaignView(
            id=campaign,
            name=values["name"],
            stored_state=CampaignState(values["state"]),
            complete=values.get("complete") == "1",
            lane=Lane(values["lane"]),
            counts={state: number(f"n.{state.public}") for state in RecipientState},
            total=number("n.total"),
            duplicates=number("duplicates"),
            segments=number("segments"),
            cost=number("cost"),
            requests=number("requests"),
            batches=number("planned"),
            created=number("created"),
            start_at=number("start_at"),
            fields=values,
        )

    return Call(("HGETALL", keys.campaign(campaign)), parse)


def _as_text(reply: Any) -> dict[str, str]:
    # RESP2 gives a flat list, RESP3 and redis-py's own callbacks a mapping.
    items = reply.items() if isinstance(reply, dict) else zip(reply[::2], reply[1::2], strict=True)
    return {name.decode(): value.decode() for name, value in items}


def find_by_name(name: str) -> Call[str | None]:
    """Return the id of the campaign of that name."""
    return Call(("HGET", keys.CAMPAIGN_NAMES, name), lambda reply: reply.decode() if reply else None)


def recent(count: int = 100) -> Call[list[str]]:
    """Return the ids of the newest campaigns, newest first."""
    return Call(("ZREVRANGE", keys.CAMPAIGNS, 0, count - 1), lambda reply: [item.decode() for item in reply])
