"""Batches: claiming one, moving it on, reading it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from uuid import uuid4

import msgspec

from producers.answers import Hlr
from producers.contract import JOB_VERSION, SendJob
from producers.ids import owner_of
from producers.ledger import keys
from producers.ledger.calls import Call
from producers.ledger.records import (
    Row,
    count_states,
    indexes_in,
    unpack_phones,
    unpack_rows,
    unpack_segments,
    unpack_texts,
)
from producers.states import BATCH_MOVES, BatchState, RecipientState

T = TypeVar("T")

_decode_hlr = msgspec.json.Decoder(dict[str, Hlr]).decode
_decode_job = msgspec.json.Decoder(SendJob).decode

#: Milliseconds after which a batch whose job is of a newer version is looked at again: by then a newer worker
#: may be there. Long enough not to spin through a rolling upgrade, short enough not to be noticed after it.
PARK_MS = 60_000


def pack_ids(ids: Mapping[int, str]) -> bytes:
    """Return message ids by attempt as they are stored."""
    return msgspec.json.encode({str(attempt): name for attempt, name in ids.items()})


def unpack_ids(blob: bytes | None) -> dict[int, str]:
    """Read what `pack_ids` wrote."""
    return {int(attempt): name for attempt, name in msgspec.json.decode(blob or b"{}").items()}


def pack_hlr(found: Mapping[int, Hlr]) -> bytes:
    """Return what the network says of recipients, by their position, as it is stored."""
    return msgspec.json.encode({str(index): hlr for index, hlr in found.items()})


def unpack_hlr(blob: bytes | None) -> dict[int, Hlr]:
    """Read what `pack_hlr` wrote."""
    return {int(index): hlr for index, hlr in _decode_hlr(blob).items()} if blob else {}


@dataclass(frozen=True)
class Claim:
    """One worker's right to work on one batch until the lease ends.

    Attributes:
        batch: Id of the batch.
        before: State in which it was found; ``sending`` means that a former owner may have sent it.
        token: Fencing token: every later move must show it.
        attempt: How many requests have been started for the batch so far.
        rev: Version of the results.
        provider_id: Message id of the latest attempt, or empty.
        ids: Message ids by attempt, of those under which the provider knows recipients.
        asked: Positions of the recipients that this claim is about: those still pending.
        claimed_at: Server time in ms.
        doubted: Message id of the last attempt that was in doubt and proven unknown, or empty.
        by_mail: The provider couldn't be reached by HTTP: this attempt goes by mail.
    """

    batch: str
    before: BatchState
    token: int
    attempt: int
    rev: int
    job: SendJob
    phones: tuple[int, ...]
    segments: tuple[int, ...]
    texts: tuple[str, ...] | None
    results: bytes
    provider_id: str
    ids: dict[int, str]
    asked: tuple[int, ...]
    claimed_at: int
    doubted: str = ""
    by_mail: bool = False

    def __repr__(self) -> str:
        return f"Claim(batch={self.batch!r}, token={self.token}, attempt={self.attempt})"

    @property
    def campaign(self) -> str:
        """Id of the campaign or message that the batch belongs to."""
        return owner_of(self.batch)

    def pick(self, items: tuple[T, ...]) -> tuple[T, ...]:
        """Return what belongs to the recipients that the claim is about."""
        if len(self.asked) == len(items):
            return items
        return tuple(items[index] for index in self.asked)


@dataclass(frozen=True)
class NoClaim:
    """Why there is nothing to do: ``gone``, ``busy``, ``paused``, ``newer`` or ``idle``."""

    reason: str


def claim(batch: str, *, lease_ms: int, version: int = JOB_VERSION, now_ms: int = 0) -> Call[Claim | NoClaim]:
    """Claim a batch for ``lease_ms``; see ``lua/claim.lua``. The same call repeated gives the same claim."""

    def parse(reply: list[Any]) -> Claim | NoClaim:
        if reply[0] != b"claimed":
            return NoClaim(reply[0].decode())
        (
            _,
            before,
            token,
            attempt,
            rev,
            job,
            phones,
            segments,
            texts,
            results,
            provider_id,
            ids,
            doubted,
            by_mail,
            now,
        ) = reply
        recipients = unpack_phones(phones)
        return Claim(
            batch=batch,
            before=BatchState(before.decode()),
            token=token,
            attempt=attempt,
            rev=rev,
            job=_decode_job(job),
            phones=recipients,
            segments=tuple(unpack_segments(segments, len(recipients))),
            texts=unpack_texts(texts) if texts else None,
            results=results,
            provider_id=provider_id.decode(),
            ids=unpack_ids(ids),
            asked=indexes_in(RecipientState.PENDING, results, len(recipients)),
            claimed_at=now,
            doubted=doubted.decode(),
            by_mail=by_mail == b"1",
        )

    return Call.lua(
        "claim",
        [keys.batch(batch), keys.owner(batch), keys.TIMER, keys.GAUGES],
        [batch, lease_ms, version, PARK_MS, uuid4().hex, now_ms],
        parse,
    )


def renew(batch: str, token: int, *, lease_ms: int, now_ms: int = 0) -> Call[bool]:
    """Lengthen the lease of a claim; False when the batch is no longer its owner's; see ``lua/renew.lua``."""
    return Call.lua("renew", [keys.batch(batch), keys.TIMER], [batch, token, lease_ms, now_ms], bool)


@dataclass(frozen=True)
class Moved:
    """What a move did.

    Attributes:
        result: ``moved``; ``fenced``: somebody else owns the batch now, nothing was changed; ``stopped``: the
            campaign was paused or cancelled before the request went out; ``stale``: results were changed
            meanwhile, compute the move again from these.
        state: The state found when fenced, the campaign's when stopped.
        rev: Version of the results now.
        results: The results now, when stale.
        owned: When fenced: the token still counts, so it was the state that forbade the move. A move repeated
            after a lost reply finds its own work that way.
    """

    result: Literal["moved", "fenced", "stopped", "stale"]
    state: str = ""
    rev: int = 0
    results: bytes = b""
    owned: bool = False


def move(
    batch: str,
    token: int,
    to: BatchState,
    *,
    due_ms: int | None,
    account: str = "",
    rev: int | None = None,
    sources: Sequence[BatchState] | None = None,
    fields: Mapping[str, str | int | bytes] | None = None,
    counters: Mapping[str, int] | None = None,
    totals: Mapping[str, int] | None = None,
    now_ms: int = 0,
) -> Call[Moved]:
    """Move a batch to another state with everything that changes with it; see ``lua/move.lua``.

    Args:
        batch: Id of the batch.
        token: The fencing token of the claim.
        to: The new state.
        due_ms: Milliseconds to its next step on the timer; None takes it off.
        account: The account whose look-ups a batch in doubt waits for.
        rev: Version of the results that ``fields["results"]`` was computed from; None leaves them alone.
        sources: States that it may be in; by default all from which the move is allowed.
        fields: Fields of the batch to set.
        counters: Numbers to add to the campaign's counters.
        totals: Numbers to add to the totals behind the metrics.
        now_ms: For tests: the time; 0 is the server's clock.
    """
    if sources is None:
        sources = [state for state, targets in BATCH_MOVES.items() if to in targets]
    fields, counters, totals = fields or {}, counters or {}, totals or {}
    counters = {name: delta for name, delta in counters.items() if delta}
    totals = {name: delta for name, delta in totals.items() if delta}
    pairs = [item for mapping in (fields, counters, totals) for pair in mapping.items() for item in pair]

    def parse(reply: list[Any]) -> Moved:
        word = reply[0].decode()
        if word == "moved":
            return Moved("moved", rev=reply[1])
        if word == "stale":
            return Moved("stale", rev=reply[1], results=reply[2])
        if word == "stopped":
            return Moved("stopped", state=reply[1].decode())
        return Moved("fenced", state=reply[1].decode(), owned=reply[2] == 1)

    owner = owner_of(batch)
    return Call.lua(
        "move",
        [
            keys.batch(batch),
            keys.campaign(owner),
            keys.open_batches(owner),
            keys.TIMER,
            keys.GAUGES,
            keys.TOTALS,
            keys.IN_DOUBT,
            keys.HELD,
            keys.doubts(account),
        ],
        [
            batch,
            token,
            "" if rev is None else rev,
            ",".join(sources),
            to.value,
            "" if due_ms is None else due_ms,
            now_ms,
            len(fields),
            len(counters),
            len(totals),
            account,
            *pairs,
        ],
        parse,
    )


@dataclass(frozen=True)
class BatchView:
    """A batch as it stands, for reports and status. Times are unix milliseconds, 0 when not yet."""

    batch: str
    state: BatchState
    job: SendJob
    phones: tuple[int, ...]
    segments: tuple[int, ...]
    rows: tuple[Row, ...]
    texts: tuple[str, ...] | None
    provider_id: str
    ids: dict[int, str]
    attempt: int
    reason: str
    code: int
    sent_at: int
    changed: int
    created: int
    parts: int
    reported: int
    rev: int
    results: bytes
    voice_code: str = ""
    hlr: Mapping[int, Hlr] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"BatchView(batch={self.batch!r}, state={self.state.value!r}, recipients={len(self.phones)})"

    def id_of(self, row: Row) -> str:
        """Return the message id under which the provider knows, or may know, a recipient."""
        return self.ids.get(row.attempt, self.provider_id if row.attempt else "")

    def counts(self) -> dict[RecipientState, int]:
        """Return how many recipients stand in each state."""
        counts: dict[RecipientState, int] = {}
        for row in self.rows:
            state = RecipientState(row.state)
            counts[state] = counts.get(state, 0) + 1
        return counts


_VIEW_FIELDS = (
    "state",
    "job",
    "phones",
    "segments",
    "results",
    "texts",
    "provider_id",
    "ids",
    "attempt",
    "reason",
    "code",
    "sent_at",
    "changed",
    "created",
    "parts",
    "reported",
    "rev",
    "voice_code",
    "hlr",
)


def read(batch: str, *, texts: bool = False) -> Call[BatchView | None]:
    """Read a batch; None when there is none of that id.

    Args:
        batch: Id of the batch.
        texts: Whether to read personal texts too.
    """

    def parse(reply: list[Any]) -> BatchView | None:
        if reply[0] is None:
            return None
        values = dict(zip(_VIEW_FIELDS, reply, strict=True))
        recipients = unpack_phones(values["phones"])

        def number(name: str) -> int:
            return int(values[name] or 0)

        def word(name: str) -> str:
            return (values[name] or b"").decode()

        return BatchView(
            batch=batch,
            state=BatchState(word("state")),
            job=_decode_job(values["job"]),
            phones=recipients,
            segments=tuple(unpack_segments(values["segments"], len(recipients))),
            rows=tuple(unpack_rows(values["results"] or b"", len(recipients))),
            texts=unpack_texts(values["texts"]) if texts and values["texts"] else None,
            provider_id=word("provider_id"),
            ids=unpack_ids(values["ids"]),
            attempt=number("attempt"),
            reason=word("reason"),
            code=number("code"),
            sent_at=number("sent_at"),
            changed=number("changed"),
            created=number("created"),
            parts=number("parts"),
            reported=number("reported"),
            rev=number("rev"),
            results=values["results"] or b"",
            voice_code=word("voice_code"),
            hlr=unpack_hlr(values["hlr"]),
        )

    return Call(("HMGET", keys.batch(batch), *_VIEW_FIELDS), parse)


def parts(first: str) -> Call[int]:
    """Return of how many batches a message consists, by its first one; 0 when it isn't there."""
    return Call(("HGET", keys.batch(first), "parts"), lambda reply: int(reply or 0))


def state_deltas(before: bytes, after: bytes, recipients: int) -> dict[str, int]:
    """Return what to add to a campaign's counters when results change from ``before`` to ``after``."""
    deltas: dict[str, int] = {}
    for state, count in count_states(after, recipients).items():
        deltas[f"n.{state.public}"] = count
    for state, count in count_states(before, recipients).items():
        name = f"n.{state.public}"
        deltas[name] = deltas.get(name, 0) - count
    return deltas
