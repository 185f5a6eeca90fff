"""The throttle run: everything that the provider limits, at once, and how much of the allowance is used."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import redis

from producers import Producer, flows
from producers.errors import SmsqError
from producers.ledger import keys
from tests.faults.arena import Arena, Crew
from tests.faults.plan import Plan
from tests.faults.scenarios import FIRST_PHONE
from tests.faults.trickle import Trickle
from worker.cli.balance import ask_balance

#: What the governor lets bulk work have of SMSC's allowance: fewer than 15 at once, one kept for urgent work.
BULK_SLOTS = 13
_FLIGHT = "{smsq}:g:default:flight:send"
_SAMPLE = 0.008


@dataclass
class Throttled:
    """What came of it.

    Attributes:
        processes: Worker processes.
        latency_ms: The provider's.
        share: Part of the bulk slots that were taken, on average, while there was work.
        arrived: The same as the provider saw it: requests of its latency's length in that time.
        most: Most requests that the provider saw at once, of the login and for statuses.
        requests: By endpoint.
        errors: By endpoint and code: what the provider refused.
        decided: Whether the campaign came to its end.
    """

    processes: int
    latency_ms: float
    share: float
    arrived: float
    most: dict[str, int]
    requests: dict[str, int]
    errors: dict[str, Any]
    decided: bool

    def line(self) -> str:
        requests = ", ".join(f"{name} {count}" for name, count in sorted(self.requests.items()))
        return (
            f"{self.processes} processes, {self.latency_ms:g} ms: {self.share:.1%} of the bulk slots taken, "
            f"{self.arrived:.1%} busy at the provider; at once {self.most}; {requests}; errors {self.errors}"
        )


class _Often(threading.Thread):
    """Does something again and again until told to end; what fails is tried again the next time."""

    def __init__(self, what: Callable[[], object], pause: float) -> None:
        super().__init__(daemon=True)
        self._what = what
        self._pause = pause
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.wait(self._pause):
            try:
                self._what()
            except SmsqError:
                continue

    def end(self) -> None:
        self._ending.set()
        self.join()


class _Sampler:
    """How many slots are taken while more work waits than there are slots."""

    def __init__(self, port: int) -> None:
        self._client = redis.Redis(port=port)
        self.samples: list[int] = []
        self._since = self._until = 0.0
        self._first = self._last = 0

    def look(self) -> None:
        now = time.time()
        pipe = self._client.pipeline(transaction=False)
        pipe.zcount(_FLIGHT, int(now * 1000), "+inf")
        pipe.hmget(keys.GAUGES, "planned", "queued", "taken")
        flying, (planned, queued, taken) = pipe.execute()
        if not int(taken or 0) or int(planned or 0) + int(queued or 0) < BULK_SLOTS:
            return
        if not self.samples:
            self._since, self._first = now, int(taken)
        self.samples.append(min(flying, BULK_SLOTS))
        self._until, self._last = now, int(taken)

    @property
    def share(self) -> float:
        return sum(self.samples) / len(self.samples) / BULK_SLOTS if self.samples else 0.0

    def arrived(self, latency: float) -> float:
        seconds = self._until - self._since
        return (self._last - self._first) * latency / seconds / BULK_SLOTS if seconds else 0.0


def run(
    arena: Arena, *, processes: int, requests: int, latency_ms: float, deadline: float = 60.0
) -> Throttled:
    """Run a campaign of so many requests beside urgent messages, polls and questions for the balance."""
    arena.clean(latency_ms=latency_ms, faults="")
    settings = arena.with_batches_of(20)
    phones = [str(FIRST_PHONE + n) for n in range(20 * requests)]
    with tempfile.TemporaryDirectory(dir=arena.directory) as marks, Producer(settings) as sms:
        campaign = sms.campaign("spring", phones, "Привет")
        sampler, trickle = _Sampler(arena.server.port), Trickle(settings, 0.1)
        busy = [
            _Often(sampler.look, _SAMPLE),
            _Often(lambda: _poll(sms, trickle), 0.1),
            _Often(lambda: ask_balance(settings), 0.3),
        ]
        crew = Crew(settings, Plan(marks, arena.minute, shipped=True), processes)
        try:
            for thread in (trickle, *busy):
                thread.start()
            end = time.monotonic() + deadline
            while time.monotonic() < end and campaign.progress()["state"] not in {"sent", "settled"}:
                time.sleep(0.05)
            decided = campaign.progress()["state"] in {"sent", "settled"}
        finally:
            for thread in (trickle, *busy):
                thread.end()
            crew.stop()
        books = arena.simulator.books()
    return Throttled(
        processes,
        latency_ms,
        sampler.share,
        sampler.arrived(latency_ms / 1000),
        books["simultaneous"],
        books["requests"],
        books["errors"],
        decided,
    )


def _poll(sms: Producer, trickle: Trickle) -> None:
    """Ask for the status of the latest messages, more often than the provider would bear."""
    for message in list(trickle.sent.values())[-3:]:
        sms.store.drive(flows.ask_for_status(sms.store.address.queue_namespace, message))
