from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from producers.contract import Taken
from producers.ledger import batches, campaigns
from producers.ledger.keys import batch as batch_key
from producers.ledger.outcomes import change_for
from producers.ledger.records import (
    Row,
    count_states,
    pack_phones,
    pack_rows,
    pack_segments,
    pack_texts,
    unpack_phones,
    unpack_rows,
    unpack_segments,
    unpack_texts,
)
from producers.ledger.store import Store
from producers.states import BatchState, RecipientState
from tests.producers.ledger.ledger_cases import NOW, claim, make_campaign

rows = st.builds(
    Row,
    state=st.sampled_from(list(RecipientState)).map(int),
    status=st.integers(-128, 127),
    err=st.integers(0, 65_535),
    cost=st.integers(0, 2**32 - 1),
    changed_at=st.integers(0, 2**32 - 1),
    attempt=st.integers(0, 255),
)


@given(st.lists(st.integers(10**9, 10**15 - 1), max_size=50))
def test_phones_round_trip(phones: list[int]) -> None:
    assert unpack_phones(pack_phones(phones)) == tuple(phones)


@given(st.lists(rows, min_size=1, max_size=50))
def test_rows_round_trip(given_rows: list[Row]) -> None:
    packed = pack_rows(given_rows)
    assert unpack_rows(packed, len(given_rows)) == given_rows
    counted = count_states(packed, len(given_rows))
    assert sum(counted.values()) == len(given_rows)
    assert counted == {
        state: sum(row.state == state for row in given_rows)
        for state in RecipientState
        if any(row.state == state for row in given_rows)
    }


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=30))
def test_texts_round_trip(texts: list[str]) -> None:
    assert unpack_texts(pack_texts(texts)) == tuple(texts)


def test_long_texts_are_compressed() -> None:
    texts = [f"Уважаемый {number}, скидка 20% только сегодня, ждём вас в магазине" for number in range(500)]
    assert len(pack_texts(texts)) < 20 * len(texts)
    assert unpack_texts(pack_texts(texts)) == tuple(texts)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=50))
def test_segments_round_trip(segments: list[int]) -> None:
    assert unpack_segments(pack_segments(segments), len(segments)) == segments


def test_a_recipient_of_a_shared_text_takes_at_most_40_bytes(store: Store) -> None:
    size, count = 500, 20
    before = store.ledger.info("memory")["used_memory"]
    campaign = make_campaign(store, count=count, size=size)
    store.run(campaigns.feed(campaign, window=count, now_ms=NOW))
    for number in range(count):
        claimed = claim(store, f"{campaign}.{number}")
        moved = batches.move(
            claimed.batch,
            claimed.token,
            BatchState.SENDING,
            due_ms=60_000,
            fields={"provider_id": f"{claimed.batch}.1", "attempt": 1},
        )
        assert store.run(moved).result == "moved"
        change = change_for(claimed, Taken(f"{claimed.batch}.1", cost=size * 14_000), now=1_800_000_000)
        done = batches.move(
            claimed.batch,
            claimed.token,
            BatchState.TAKEN,
            due_ms=None,
            rev=claimed.rev,
            fields={"results": change.results or b"", **change.fields},
            counters=change.counters,
            totals=change.totals,
        )
        assert store.run(done).result == "moved"
    recipients = size * count
    by_key = sum(store.ledger.memory_usage(batch_key(f"{campaign}.{n}"), samples=0) for n in range(count))
    grown = store.ledger.info("memory")["used_memory"] - before
    assert by_key / recipients <= 40
    assert grown / recipients <= 40
    print(f"{by_key / recipients:.1f} bytes by key, {grown / recipients:.1f} by the server's own account")
