"""What the fault runs found in the product, each as the smallest test that shows it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from producers.contract import InDoubt, SendOutcome, SendRequest
from producers.errors import Unavailable
from producers.ledger import batches, campaigns, outcomes
from producers.ledger.batches import Claim
from producers.ledger.calls import Call
from producers.ledger.store import AsyncStore, Store
from producers.states import CampaignState, Lane
from tests.faults.ledger_play import LEASE_MS, Play
from tests.producers.ledger.ledger_cases import make_campaign
from tests.worker.providers.smsc.servers import LiteralServer
from worker import heartbeat
from worker.accounts import Account
from worker.asking import ask_status
from worker.governor.gate import Gate, Permit, Wait
from worker.heartbeat import Heartbeat
from worker.patience import PatientStore
from worker.providers.smsc import SmscAccount, SmscClient, create_session
from worker.sending import Sender

FLIGHT = "{smsq}:g:default:flight:send"


class Slow(PatientStore):
    """A process that is stopped for a moment when it has just got a permit."""

    async def run(self, call: Call[Any]) -> Any:
        found = await super().run(call)
        if isinstance(found, Permit):
            time.sleep(0.4)  # noqa: ASYNC251 - nothing at all goes on in a process that is stopped
        return found


class Slower(PatientStore):
    """A process that is stopped, with a permit just got, for more than a third of the minute."""

    async def run(self, call: Call[Any]) -> Any:
        found = await super().run(call)
        if isinstance(found, Permit):
            time.sleep(0.8)  # noqa: ASYNC251
        return found


class FakeProvider:
    """Answers every send with the same outcome, and keeps whether it was allowed to send."""

    name = "smsc"
    can_look_up = True

    def __init__(self, outcome: SendOutcome) -> None:
        self.outcome = outcome
        self.allowed: list[bool] = []

    def finds(self, request: SendRequest) -> bool:
        return True

    def message_id(self, batch: str, attempt: int) -> str:
        return f"{batch}.{attempt}"

    def fingerprint(self, request: SendRequest) -> str:
        return request.provider_id

    async def send(self, request: SendRequest, *, may_send: Callable[[], bool] = lambda: True) -> SendOutcome:
        self.allowed.append(may_send())
        return self.outcome


@pytest.fixture
async def ledger(store: Store) -> AsyncIterator[AsyncStore]:
    own = AsyncStore(store.address)
    yield own
    await own.close()


def gate() -> Gate:
    return Gate("default", "smsc", "credentials", minute=1.5)


def queued(store: Store) -> str:
    """Return a campaign's one batch, queued now."""
    campaign = make_campaign(store, count=1)
    store.ledger.hset("{smsq}:c:" + campaign, "start_at", 1)
    store.run(campaigns.feed(campaign))
    return f"{campaign}.0"


async def test_a_heartbeat_ends_although_a_time_out_swallows_its_cancellation(
    store: Store, ledger: AsyncStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a stop longer than Redis' time-out both come in the same turn of the loop: the time-out wins."""
    monkeypatch.setattr(heartbeat, "BEAT", 0.01)
    beating = asyncio.Event()

    class TimesOut(AsyncStore):
        async def run_all(self, calls: Sequence[Call[Any]]) -> list[Any]:
            beating.set()
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                raise Unavailable("Redis can't be reached (TimeoutError)") from None
            return []

    claim = store.run(batches.claim(queued(store), lease_ms=LEASE_MS))
    permit = store.run(gate().acquire("send", "a", Lane.BULK))
    beat = Heartbeat(TimesOut(store.address), claim, gate(), permit, since=time.monotonic())

    async def use() -> None:
        async with beat:
            await beating.wait()

    using = asyncio.create_task(use())
    done, _ = await asyncio.wait([using], timeout=1.0)
    beat._task.cancel()  # type: ignore[union-attr]
    using.cancel()
    assert done


async def test_the_last_look_at_the_lease_comes_right_before_the_first_byte() -> None:
    """Between the connection and the body lies a turn of the loop, in which a process may be stopped."""
    looks = iter([True, False, False, False])
    request = SendRequest("c1.0.1", (79_991_234_567,), text="Привет")
    async with LiteralServer() as server, create_session() as session:
        client = SmscClient(SmscAccount(url=server.url, login="demo", password="demo"), session)
        outcome = await client.send(request, may_send=lambda: next(looks))
        assert (getattr(outcome, "reason", ""), server.asked) == ("too_late", [])


async def test_a_permit_that_is_too_old_sends_nothing(
    store: Store, ledger: AsyncStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its slot may be another's by now: fifteen requests at once are error 9."""
    monkeypatch.setattr(heartbeat, "LEASE_MS", 400)
    monkeypatch.setattr(heartbeat, "MARGIN", 0.1)
    batch, provider = queued(store), FakeProvider(InDoubt("read_timeout"))
    accounts = {"default": Account("default", provider, gate(), minute=1.5)}  # type: ignore[arg-type]
    await Sender(Slow(ledger), accounts, asyncio.Event()).send(batch)
    assert provider.allowed == [False]


@pytest.mark.parametrize("reason", ["read_timeout", "total_timeout"])
async def test_a_request_that_timed_out_keeps_its_slot_for_a_while(
    store: Store, ledger: AsyncStore, reason: str
) -> None:
    """The provider counts a request that it still works on, whether we wait for the answer or not."""
    batch, provider = queued(store), FakeProvider(InDoubt(reason))
    accounts = {"default": Account("default", provider, gate(), minute=1.5)}  # type: ignore[arg-type]
    assert await Sender(PatientStore(ledger), accounts, asyncio.Event()).send(batch) == "in_doubt"
    assert store.ledger.zcount(FLIGHT, int(time.time() * 1000), "+inf") == 1


async def test_a_look_up_whose_turn_is_over_is_not_sent(store: Store, ledger: AsyncStore) -> None:
    """Another process may have had the next turn meanwhile: two mass requests in a minute are error 9."""
    async with LiteralServer() as server, create_session() as session:
        client = SmscClient(SmscAccount(url=server.url, login="demo", password="demo"), session, minute=1.5)
        account = Account("default", client, gate(), minute=1.5)
        found = await ask_status(Slower(ledger), account, [("c1.0.1", 79_991_234_567)] * 2)
        assert isinstance(found, Wait)
        assert (found.rule, server.asked) == ("too_late", [])


def test_cancelling_leaves_those_alone_whom_the_provider_has_taken(store: Store) -> None:
    """A batch that the provider knew in part is queued again for the others, and cancelled then."""
    play = Play(store)
    play.create()
    play.plan("c0", 3)
    play.start("c0")
    play.feed("c0")
    work = play.claim("c0.0")
    assert work is not None
    play.intend(work)
    play.send(work, "part")
    play.record(work)
    for _ in range(2):
        play.now += 60_000
        for doubt in play.take_doubts(10):
            play.settle(doubt)
    play.change("c0", CampaignState.CANCELLED)
    play.cancel_batches("c0", 0, 10)
    play.watcher.look(play.owners)


def test_an_intent_lengthens_the_lease(store: Store) -> None:
    """A batch may have waited for its slot for most of the claim's lease."""
    play = Play(store)
    play.message(1)
    work = play.claim("m0.0")
    assert work is not None
    assert isinstance(work.claim, Claim)
    play.now += LEASE_MS - 1_000
    assert play.run(outcomes.intend(work.claim, "x", lease_ms=LEASE_MS, now_ms=play.now)).result == "moved"
    play.now += LEASE_MS - 1_000
    assert play.claim("m0.0") is None
