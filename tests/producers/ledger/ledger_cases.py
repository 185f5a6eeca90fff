"""What the ledger's tests share: a campaign of small batches, planned as a producer would."""

from __future__ import annotations

from producers.contract import SendJob
from producers.ledger import batches, campaigns
from producers.ledger.batches import Claim
from producers.ledger.store import Store
from producers.states import Lane

NOW = 1_800_000_000_000
LEASE = 60_000
JOB = SendJob(account="default", provider="smsc", sender="Shop", text="Привет")


def phones_of(number: int, size: int = 3) -> list[int]:
    return [79_990_000_000 + number * size + at for at in range(size)]


def make_campaign(store: Store, *, count: int = 3, size: int = 3, name: str = "spring") -> str:
    """Plan and start a campaign of ``count`` batches at `NOW`; returns its id."""
    campaign, _ = store.run(campaigns.create(f"c-{name}", name, "digest", Lane.BULK, fields={}, now_ms=NOW))
    job = campaigns.encode_job(JOB)
    for number in range(count):
        planned = campaigns.plan(campaign, number, job, Lane.BULK, phones_of(number, size), None, [1] * size)
        assert store.run(planned) == "added"
    started = campaigns.start(campaign, batches=count, rejected=0, duplicates=0, now_ms=NOW)
    assert store.run(started) == "started"
    return campaign


def claim(store: Store, batch: str, *, now: int = NOW) -> Claim:
    """Claim a batch that must be free."""
    found = store.run(batches.claim(batch, lease_ms=LEASE, now_ms=now))
    assert isinstance(found, Claim), found
    return found
