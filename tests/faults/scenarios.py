"""One scenario: a campaign and a trickle of urgent messages, damage on a schedule, the verdict."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from producers import Producer
from producers.errors import NotFound, Unavailable
from producers.states import RecipientState
from tests.faults.arena import Arena, Crew
from tests.faults.blows import Striker, schedule
from tests.faults.judge import Verdict, judge
from tests.faults.plan import Plan
from tests.faults.steps import deaths_in
from tests.faults.trickle import Trickle

FIRST_PHONE = 79_991_000_000
_CAMPAIGN = "spring"
_LOOK = 0.05
#: Seconds that a process gets, after it was stopped, to do what it should not do.
_AFTER_WAKING = 1.0


@dataclass(frozen=True)
class Scenario:
    """What happens.

    Attributes:
        name: What the table calls it.
        processes: Worker processes.
        recipients: Of the campaign.
        batch_size: Recipients of one request.
        latency_ms: How long the provider takes for each reply.
        faults: What the provider does wrong, for ``seconds``.
        steps: Steps at which workers die.
        deaths: How many of them die there altogether.
        stopped: Seconds for which they are stopped there instead; 0: they die.
        at: The how many-th time that a process comes to its step.
        blows: Kinds of blows, for ``seconds``.
        pause: Seconds between two blows, from and to.
        seconds: How long the damage goes on.
        urgent: Seconds between two urgent messages.
        blind: The protection is off.
        read_timeout: Seconds that a reply is waited for; 0: as shipped.
        deadline: Seconds in which everything must be decided.
        seed: Of the schedule.
    """

    name: str
    processes: int = 2
    recipients: int = 600
    batch_size: int = 5
    latency_ms: float = 200.0
    faults: str = ""
    steps: tuple[str, ...] = ()
    deaths: int = 0
    stopped: float = 0.0
    at: int = 4
    blows: tuple[str, ...] = ()
    pause: tuple[float, float] = (0.5, 3.0)
    seconds: float = 6.0
    urgent: float = 0.4
    blind: bool = False
    read_timeout: float = 0.0
    deadline: float = 60.0
    seed: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        verdict: Ledger beside books.
        decided: Whether it was over within the deadline.
        seconds: How long it took.
        recovery: Seconds from the last damage until everything was decided.
        deaths: Steps at which workers died.
        struck: Blows that hit.
    """

    scenario: Scenario
    verdict: Verdict
    decided: bool
    seconds: float
    recovery: float
    deaths: tuple[str, ...]
    struck: int

    @property
    def flawless(self) -> bool:
        """Whether the promise was kept."""
        return self.decided and self.verdict.flawless


def play(arena: Arena, scenario: Scenario) -> Outcome:
    """Play a scenario to its end or its deadline; everything that it started has ended then."""
    arena.clean(latency_ms=scenario.latency_ms, faults=scenario.faults)
    with tempfile.TemporaryDirectory(dir=arena.directory) as marks:
        plan = Plan(
            directory=marks,
            minute=arena.minute,
            steps=scenario.steps,
            at=scenario.at,
            deaths=scenario.deaths,
            stopped=scenario.stopped,
            blind=scenario.blind,
            read_timeout=scenario.read_timeout,
        )
        return _Play(arena, scenario, plan).run()


@dataclass
class _Play:
    arena: Arena
    scenario: Scenario
    plan: Plan
    started: float = field(default_factory=time.monotonic)
    last_damage: float = 0.0

    def run(self) -> Outcome:
        scenario, arena = self.scenario, self.arena
        settings = arena.with_batches_of(scenario.batch_size)
        phones = [str(FIRST_PHONE + n) for n in range(scenario.recipients)]
        with Producer(settings) as sms:
            sms.campaign(_CAMPAIGN, phones, "Привет")
            crew = Crew(settings, self.plan, scenario.processes)
            blows = schedule(scenario.blows, scenario.seconds, scenario.seed, pause=scenario.pause)
            striker, trickle = Striker(blows, crew, arena.server), Trickle(settings, scenario.urgent)
            try:
                trickle.start()
                # Processes take their time to start on a busy machine: the damage begins with the work.
                self._until(lambda: _at_work(sms), self.started + scenario.deadline)
                striker.start()
                self.last_damage = time.monotonic()
                self._until(
                    lambda: self._all_dead() and _decided(sms, {}), self.last_damage + scenario.seconds
                )
                if scenario.faults:
                    arena.order(faults="")
                    self.last_damage = time.monotonic()
                striker.end()
                messages = trickle.end()
                decided = self._until(lambda: _decided(sms, messages), self.started + scenario.deadline)
                ended = time.monotonic()
                self._outlast_the_stopped()
            finally:
                striker.end()
                trickle.end()
                crew.stop()
            verdict = judge(sms, arena.simulator, _CAMPAIGN, phones, messages, Path(self.plan.directory))
        marks = deaths_in(Path(self.plan.directory))
        if marks:
            late = max(mark.stat().st_mtime for mark in marks) - time.time() + time.monotonic()
            self.last_damage = max(self.last_damage, late)
        if blows:
            self.last_damage = max(self.last_damage, striker.last)
        recovery = max(0.0, ended - self.last_damage)
        steps = tuple(mark.name.split("-")[-1] for mark in marks)
        return Outcome(scenario, verdict, decided, ended - self.started, recovery, steps, striker.struck)

    def _outlast_the_stopped(self) -> None:
        # Who is still stopped when all is decided is not to be forgotten: what does it do when it wakes?
        marks = deaths_in(Path(self.plan.directory))
        if self.scenario.stopped and marks:
            awake = max(mark.stat().st_mtime for mark in marks) + self.scenario.stopped + _AFTER_WAKING
            time.sleep(max(0.0, awake - time.time()))

    def _all_dead(self) -> bool:
        return len(deaths_in(Path(self.plan.directory))) >= self.scenario.deaths

    @staticmethod
    def _until(condition: Callable[[], bool], deadline: float) -> bool:
        """Wait for a condition, also while the server is away; returns whether it came true."""
        while time.monotonic() < deadline:
            with contextlib.suppress(Unavailable, NotFound):
                if condition():
                    return True
            time.sleep(_LOOK)
        return False


def _at_work(sms: Producer) -> bool:
    return sms.find_campaign(_CAMPAIGN).view().requests > 0


def _decided(sms: Producer, messages: Mapping[str, str]) -> bool:
    """Whether nobody of the campaign and the messages is pending or in doubt any more."""
    view = sms.find_campaign(_CAMPAIGN).view()
    if view.counts[RecipientState.PENDING] + view.counts[RecipientState.IN_DOUBT]:
        return False
    states = (sms.message(message).status()["recipients"][0]["state"] for message in messages.values())
    return not any(state in {"pending", "in_doubt"} for state in states)
