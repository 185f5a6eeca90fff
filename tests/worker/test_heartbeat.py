from __future__ import annotations

import asyncio

from producers.ledger import batches, campaigns, outcomes
from producers.ledger.batches import Claim, NoClaim
from producers.ledger.store import AsyncStore, Store
from producers.states import Lane
from tests.producers.ledger.ledger_cases import make_campaign
from worker import heartbeat
from worker.governor.gate import Gate, Permit
from worker.heartbeat import LEASE_MS, MARGIN, Heartbeat

START = 1_700_000_000_000


def sending(store: Store, *, lease_ms: int) -> Claim:
    campaign = make_campaign(store, count=1)
    store.ledger.hset("{smsq}:c:" + campaign, "start_at", START)
    store.run(campaigns.feed(campaign))
    claim = store.run(batches.claim(f"{campaign}.0", lease_ms=lease_ms))
    assert isinstance(claim, Claim)
    store.run(outcomes.intend(claim, "x", lease_ms=lease_ms))
    return claim


def test_a_lease_is_renewed_for_its_owner_only(store: Store) -> None:
    claim = sending(store, lease_ms=10)
    assert store.run(batches.renew(claim.batch, claim.token, lease_ms=60_000))
    assert store.run(batches.claim(claim.batch, lease_ms=10)) == NoClaim("busy")
    assert not store.run(batches.renew(claim.batch, claim.token + 1, lease_ms=1))
    assert not store.run(batches.renew("nobody.0", 1, lease_ms=1))
    store.ledger.hset("{smsq}:b:" + claim.batch, "state", "taken")
    assert not store.run(batches.renew(claim.batch, claim.token, lease_ms=60_000))


def test_it_beats_while_it_is_entered_and_stops_when_the_lease_is_lost(store: Store, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(heartbeat, "BEAT", 0.01)
    claim = sending(store, lease_ms=1_000)
    gate = Gate("default", "smsc", "credentials")
    permit = store.run(gate.acquire("send", "a", Lane.BULK))
    assert isinstance(permit, Permit)
    now = 100.0
    key, flight = "{smsq}:b:" + claim.batch, "{smsq}:g:default:flight:send"
    first_lease, first_slot = (
        int(store.ledger.hget(key, "lease") or 0),
        store.ledger.zscore(flight, permit.token),
    )

    async def use() -> None:
        nonlocal now
        own = AsyncStore(store.address)
        beat = Heartbeat(own, claim, gate, permit, since=now, clock=lambda: now)
        assert beat.may_send()
        now += LEASE_MS / 1000 - MARGIN
        assert not beat.may_send()
        async with beat, asyncio.timeout(10):
            while not beat.may_send():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            assert int(store.ledger.hget(key, "lease") or 0) > first_lease
            assert (store.ledger.zscore(flight, permit.token) or 0) > (first_slot or 0)
            store.ledger.hset(key, "token", claim.token + 1)
            while beat.may_send():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await own.close()

    asyncio.run(use())
