"""The named steps of the actor, and a process that kills itself at one of them.

Nothing in the product knows of this: the steps are found by wrapping what the worker calls, in its own
process, before it starts.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from dramatiq.brokers import redis as dramatiq_redis

from producers.ledger import calls
from producers.ledger.batches import Claim
from producers.wakeups import ACTORS
from tests.faults.plan import Plan
from worker import resources, sending
from worker.governor import gate
from worker.governor.gate import Permit
from worker.patience import PatientStore
from worker.providers.smsc import requests
from worker.providers.smsc.transport import Reply, Transport

#: The steps of sending, in the order in which a batch meets them, and where each one is.
SEND_STEPS: dict[str, str] = {
    "before_claim": "a wake-up has come, nothing was done",
    "after_claim": "the batch is ours",
    "after_permit": "the governor has given a slot",
    "after_intent": "the ledger says that the request is about to go out",
    "connected": "the connection is there",
    "before_write": "no byte is written, nothing will be asked any more",
    "after_write": "the request is out, no reply has come",
    "after_reply": "the reply is here, the ledger doesn't know",
    "after_record": "the ledger knows",
    "before_ack": "the queue doesn't know",
}
#: The steps of looking up what is in doubt.
LOOK_UP_STEPS: dict[str, str] = {
    "after_take": "batches in doubt are ours to look up",
    "after_turn": "the governor has let the look-up pass",
    "after_look_up": "the answer is here, the ledger doesn't know",
    "after_settle": "the ledger knows",
}
STEPS = SEND_STEPS | LOOK_UP_STEPS

#: Seconds from handing the request to the socket until the process dies: less than the simulator's latency.
_UNDER_WAY = 0.03

Reached = Callable[[str], None]


class Death:
    """Kills or stops its process at one step, if it is one of the first to start.

    Args:
        plan: Which steps, and how many deaths.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._marks = Path(plan.directory)
        number = next(number for number in itertools.count() if _make(self._marks / f"start-{number}"))
        dies = number < plan.deaths
        self._step = plan.steps[number % len(plan.steps)] if dies else ""
        self._mark = self._marks / f"death-{number}-{self._step}"
        self._reached = 0
        self._lock = threading.Lock()

    def reached(self, step: str) -> None:
        """Note that the process has come to a step; does not return when it dies there."""
        if step != self._step:
            return
        with self._lock:
            self._reached += 1
            if self._reached < self._plan.at or not _make(self._mark):
                return
            if self._plan.stopped:
                waken = f"sleep {self._plan.stopped}; kill -CONT {os.getpid()}"
                subprocess.Popen(["sh", "-c", waken], stdin=subprocess.DEVNULL)
            os.kill(os.getpid(), signal.SIGSTOP if self._plan.stopped else signal.SIGKILL)


def _make(path: Path) -> bool:
    """Make a file; False when somebody else has."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def deaths_in(directory: Path) -> list[Path]:
    """Return the marks of the deaths so far."""
    return sorted(directory.glob("death-*"))


def _scripts() -> dict[str, str]:
    folders = (calls.LUA, gate._LUA)
    return {calls.Script(path).sha: path.stem for folder in folders for path in folder.glob("*.lua")}


def _name(call: calls.Call[Any], names: dict[str, str]) -> str:
    command = call.command
    if command[0] != "EVALSHA":
        return ""
    name = names.get(command[1], "")
    if name == "move":
        # The new state is the fifth argument, behind the keys.
        name = f"move_{command[3 + command[2] + 4]}"
    return name


def watch(reached: Reached) -> None:
    """Have the steps of this process reported."""
    _watch_ledger(reached)
    _watch_requests(reached)
    consumer = dramatiq_redis._RedisConsumer
    acknowledge = consumer.ack

    def ack(self: Any, message: Any) -> None:
        if message.actor_name == ACTORS["send"]:
            reached("before_ack")
        acknowledge(self, message)

    consumer.ack = ack


def _watch_ledger(reached: Reached) -> None:
    names = _scripts()
    run_all = PatientStore.run_all

    async def run_and_tell(self: PatientStore, wanted: Sequence[calls.Call[Any]]) -> list[Any]:
        called = [_name(call, names) for call in wanted]
        if "claim" in called:
            reached("before_claim")
        replies = await run_all(self, wanted)
        for name, reply in zip(called, replies, strict=True):
            step = _step_after(name, reply, with_feed="feed" in called, with_slot="release" in called)
            if step:
                reached(step)
        return replies

    PatientStore.run_all = run_and_tell


def _step_after(name: str, reply: Any, *, with_feed: bool, with_slot: bool) -> str:
    if name == "claim" and isinstance(reply, Claim):
        return "after_claim"
    if name == "acquire" and isinstance(reply, Permit):
        return "after_permit" if reply.endpoint == "send" else "after_turn"
    if name == "move_sending":
        return "after_intent"
    if name == "take_doubts" and reply:
        return "after_take"
    if name.startswith("move_") and with_feed:
        # Both write outcomes together with opening the next batches; only sending gives a slot back with it.
        return "after_record" if with_slot else "after_settle"
    return ""


def _watch_requests(reached: Reached) -> None:
    post = Transport.post

    async def post_and_tell(self: Transport, path: str, body: bytes, **options: Any) -> Reply:
        reply = await post(self, path, body, **options)
        reached("after_reply" if path == requests.SEND_PATH else "after_look_up")
        return reply

    Transport.post = post_and_tell

    async def writing(session: Any, context: Any, params: aiohttp.TraceRequestChunkSentParams) -> None:
        if params.url.path == requests.SEND_PATH:
            reached("before_write")
            asyncio.get_running_loop().call_later(_UNDER_WAY, reached, "after_write")

    # A connection doesn't say what it is for: those for look-ups count too.
    async def connected(session: Any, context: Any, params: object) -> None:
        reached("connected")

    create = resources.create_session

    def create_session(**options: Any) -> aiohttp.ClientSession:
        session = create(**options)
        trace = aiohttp.TraceConfig()
        trace.on_request_chunk_sent.append(writing)
        trace.on_connection_create_end.append(connected)
        trace.on_connection_reuseconn.append(connected)
        trace.freeze()
        session.trace_configs.append(trace)
        return session

    resources.create_session = create_session


def send_blindly() -> None:
    """Switch the protection off: what is in doubt counts as surely not sent."""
    from producers.contract import InDoubt, NotSent, SendOutcome

    refine = sending._held_or_looked_up

    def blind(outcome: SendOutcome, *rest: Any) -> SendOutcome:
        outcome = refine(outcome, *rest)
        return NotSent("blind", wait=0.0) if isinstance(outcome, InDoubt) else outcome

    sending._held_or_looked_up = blind
