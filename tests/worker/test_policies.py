"""Doubt at a provider that can't be asked by our own id: a test provider, the real ledger and governor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from producers import Producer, Settings
from producers.contract import (
    Balance,
    Hold,
    InDoubt,
    NotSent,
    Refused,
    SendOutcome,
    SendRequest,
    StatusResult,
    Taken,
)
from producers.ledger.store import AsyncStore
from producers.states import Lane
from worker.accounts import Account
from worker.governor.gate import Gate
from worker.patience import PatientStore
from worker.providers.base import ProviderError
from worker.reconciling import Reconciler
from worker.sending import DUPLICATION, Sender


@dataclass
class BlindProvider:
    """Takes no id of ours, has nothing to look up; answers from a list, and remembers what it was sent."""

    answers: list[SendOutcome]
    can_look_up: bool = False
    name: str = "smsc"
    sent: list[SendRequest] = field(default_factory=list)

    def finds(self, request: SendRequest) -> bool:
        return True

    def message_id(self, batch: str, attempt: int) -> str:
        return f"{batch}.{attempt}"

    def fingerprint(self, request: SendRequest) -> str:
        return f"{request.provider_id}"

    async def send(self, request: SendRequest, *, may_send: Callable[[], bool] | None = None) -> SendOutcome:
        assert may_send is not None
        assert may_send()
        self.sent.append(request)
        return self.answers.pop(0)

    async def balance(self) -> Balance:
        raise ProviderError("unsupported")

    async def status(
        self,
        queries: Sequence[tuple[str, int | str]],
        *,
        full: bool = False,
        may_send: Callable[[], bool] | None = None,
    ) -> list[StatusResult]:
        raise AssertionError("there is nothing to look up")


def run(
    sms: Producer, provider: BlindProvider, batch: str, *, steps: int, probes: frozenset[Lane]
) -> list[str]:
    """Let a worker look at a batch, and at the doubts, so many times."""

    async def use() -> list[str]:
        store = AsyncStore(sms.store.address)
        account = Account("default", provider, Gate("default", "smsc", "c"), minute=0.001, probes=probes)
        ledger = PatientStore(store)
        sender = Sender(ledger, {"default": account}, asyncio.Event())
        done = []
        for _ in range(steps):
            done.append(await sender.send(batch))
            async with asyncio.timeout(5):
                while await store.ledger.zcount("{smsq}:doubts:default", "-inf", "+inf"):
                    done.append(await Reconciler(ledger, account).run())
        await store.close()
        return [word for word in done if word != "idle"]

    return asyncio.run(use())


@pytest.fixture
def sms(redis_url: str):  # type: ignore[no-untyped-def]
    with Producer(Settings(redis_url=redis_url)) as producer:
        yield producer


DOUBT = InDoubt("connection_lost")


@pytest.mark.parametrize(
    ("urgent", "probes", "answers", "state", "requests"),
    [
        (False, frozenset({Lane.URGENT}), [DOUBT], "held", 1),
        (True, frozenset(), [DOUBT], "held", 1),
        (True, frozenset({Lane.URGENT}), [DOUBT, Refused(9, DUPLICATION)], "taken", 2),
        (True, frozenset({Lane.URGENT}), [DOUBT, Taken("77")], "taken", 2),
        (True, frozenset({Lane.URGENT}), [DOUBT, DOUBT], "held", 2),
        (False, frozenset({Lane.BULK}), [DOUBT, Refused(9, DUPLICATION)], "taken", 2),
        (True, frozenset({Lane.URGENT}), [Refused(9, DUPLICATION)], "refused", 1),
        (True, frozenset({Lane.URGENT}), [DOUBT, Hold(1, "strange")], "held", 2),
    ],
    ids=[
        "hold is the policy of bulk",
        "hold for urgent",
        "the duplicate proves the first",
        "the probe is taken",
        "a probe in doubt is held",
        "probing bulk",
        "a duplicate without doubt is a refusal",
        "a strange answer to the probe",
    ],
)
def test_hold_and_probe(
    sms: Producer,
    urgent: bool,
    probes: frozenset[Lane],
    answers: list[SendOutcome],
    state: str,
    requests: int,
) -> None:
    receipt = sms.send("79991234567", "Код", urgent=urgent)
    provider = BlindProvider(list(answers))
    run(sms, provider, f"{receipt.id}.0", steps=3, probes=probes)
    assert receipt.status()["recipients"][0]["state"] == state
    assert len(provider.sent) == requests
    assert provider.answers == []


def test_a_duplicate_right_after_doubt_is_never_a_loss_where_one_can_look(sms: Producer) -> None:
    """SMSC: unknown twice, sent again, answered with error 9: looked up again, not given up."""
    looked: list[str] = []

    class Asked(BlindProvider):
        async def status(
            self,
            queries: Sequence[tuple[str, int | str]],
            *,
            full: bool = False,
            may_send: Callable[[], bool] | None = None,
        ) -> list[StatusResult]:
            from producers.contract import RecipientResult
            from producers.states import RecipientState

            looked.extend(message for message, _ in queries)
            known = len(looked) > 2
            return [StatusResult(phone, known, RecipientResult(RecipientState.TAKEN)) for _, phone in queries]

    receipt = sms.send("79991234567", "Код", urgent=True)
    first = f"{receipt.id}.0.1"
    provider = Asked([DOUBT, NotSent("duplicate_request", 62.0, code=9)], can_look_up=True)
    run(sms, provider, f"{receipt.id}.0", steps=3, probes=frozenset())
    assert looked == [first, first, first]
    assert len(provider.sent) == 2
    [recipient] = receipt.status()["recipients"]
    assert (recipient["state"], recipient["provider_id"]) == ("taken", first)
