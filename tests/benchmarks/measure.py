"""One measurement: a campaign through the whole path, or the bare loop over the same recipients."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from producers import Producer
from producers.recipients import CsvFile, Intake
from producers.settings import Settings, SmscSettings
from producers.texts import Template
from tests.benchmarks import parts
from tests.benchmarks.material import WARM_UP_BATCHES, Case, write_file

#: Seconds after which a run counts as stuck. Even one recipient a millisecond takes less.
_STUCK_SECONDS = 300.0
_IDLE_SECONDS = 2.0


@dataclass(frozen=True)
class Result:
    """Figures of one run. CPU is in seconds for all recipients, the simulator's apart from the rest.

    Attributes:
        seconds: From the first wake-up, or the first request, to the last recipient taken.
        planning: Reading and planning the file: CPU of the producer.
        planning_redis: What Redis used meanwhile.
        workers: CPU of the worker processes, or of the bare loop, in ``seconds``.
        workers_redis: What Redis used meanwhile.
        idle: Cores that idle workers use.
        rss: Megabytes of the worker processes at the end.
        redis_bytes: Redis' memory for each recipient.
        others: Cores that processes which are no part of this used in ``seconds``. What they do makes ours
            slower and dearer: caches, and on a small machine the very cores, are shared.
    """

    case: str
    batch: int
    latency_ms: float
    processes: int
    recipients: int
    seconds: float
    workers: float
    simulator: float
    planning: float = 0.0
    planning_seconds: float = 0.0
    planning_redis: float = 0.0
    workers_redis: float = 0.0
    idle: float = 0.0
    rss: float = 0.0
    redis_bytes: float = 0.0
    others: float = 0.0

    @property
    def rate(self) -> float:
        return self.recipients / self.seconds

    @property
    def planned(self) -> float:
        """CPU-seconds per 100,000 recipients from the file to the ledger."""
        return (self.planning + self.planning_redis) / self.recipients * 100_000

    @property
    def sent(self) -> float:
        """CPU-seconds per 100,000 recipients from the ledger to taken."""
        return (self.workers + self.workers_redis) / self.recipients * 100_000

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"rate": self.rate, "planned": self.planned, "sent": self.sent}


@dataclass(frozen=True)
class Bench:
    """What the runs of one case have in common: the simulator, the file, the number of recipients."""

    folder: Path
    simulator: parts.Simulator
    case: Case
    file: Path
    recipients: int
    latency_ms: float

    def bare(self) -> Result:
        """Run the bare loop."""
        options = {"url": self.simulator.url, "case": self.case.key, "recipients": self.recipients}
        command = [sys.executable, "-m", "tests.benchmarks.bare"]
        command += [item for name, value in options.items() for item in (f"--{name}", str(value))]
        before, all_before = parts.cpu_seconds([self.simulator.pid]), parts.machine_seconds()
        clock, children = time.monotonic(), _children_seconds()
        done = subprocess.run(command, cwd=parts.ROOT, capture_output=True, text=True, timeout=_STUCK_SECONDS)
        if done.returncode:
            raise RuntimeError(f"the bare loop failed: {done.stderr[-500:]}")
        figures = json.loads(done.stdout)
        simulator = parts.cpu_seconds([self.simulator.pid]) - before
        others = parts.machine_seconds() - all_before - simulator - (_children_seconds() - children)
        # The simulator has served its warm-up too.
        share = self.recipients / (self.recipients + WARM_UP_BATCHES * self.case.batch)
        return self._result(
            processes=0,
            seconds=figures["seconds"],
            workers=figures["cpu"],
            simulator=simulator * share,
            others=others / (time.monotonic() - clock),
        )

    def campaign(self, processes: int) -> Result:
        """Run a campaign, on a server and with workers that are started for it and warmed up."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name, parts.redis_server(Path(name)) as redis:
            folder = Path(name)
            settings = Settings(
                redis_url=redis.url,
                smsc=SmscSettings(
                    url=self.simulator.url, login="demo", password="demo", batch_size=self.case.batch
                ),
            )
            with (
                Producer(settings) as sms,
                parts.workers(settings, sms.store, processes, folder / "workers.log") as supervisor,
            ):
                warm = folder / "warm.csv"
                write_file(warm, WARM_UP_BATCHES * self.case.batch)
                _wait(sms, _start(sms, warm, self.case, 0))
                pids = supervisor.pids()
                before = parts.cpu_seconds(pids)
                time.sleep(_IDLE_SECONDS)
                idle = (parts.cpu_seconds(pids) - before) / _IDLE_SECONDS
                self.simulator.new_books()
                return self._measure(sms, pids, redis.pid, idle)

    def _measure(self, sms: Producer, pids: list[int], redis_pid: int, idle: float) -> Result:
        def cpu() -> tuple[float, float, float, float]:
            ours = [parts.cpu_seconds(group) for group in (pids, [redis_pid], [self.simulator.pid])]
            others = parts.machine_seconds() - sum(ours) - time.process_time()
            return ours[0], ours[1], ours[2], others

        memory = _used_memory(sms)
        _, redis_0, _, _ = cpu()
        moments = [time.monotonic()]
        # The calling thread's own time: the supervisor lives in this process too.
        producer = time.thread_time()
        campaign = _start(sms, self.file, self.case, 1)
        producer = time.thread_time() - producer
        moments.append(time.monotonic())
        workers_1, redis_1, simulator_1, others_1 = cpu()
        _wait(sms, campaign)
        moments.append(time.monotonic())
        workers_2, redis_2, simulator_2, others_2 = cpu()
        memory = _used_memory(sms) - memory
        books = self.simulator.books()
        if (books["messages"], books["twice"], books["errors"]) != (self.recipients, 0, {}):
            raise RuntimeError(f"the simulator's books disagree: {json.dumps(books)[:500]}")
        return self._result(
            processes=len(pids),
            seconds=moments[2] - moments[1],
            workers=workers_2 - workers_1,
            simulator=simulator_2 - simulator_1,
            planning=producer,
            planning_seconds=moments[1] - moments[0],
            planning_redis=redis_1 - redis_0,
            workers_redis=redis_2 - redis_1,
            idle=idle,
            rss=parts.rss_mb(pids),
            redis_bytes=memory / self.recipients,
            others=(others_2 - others_1) / (moments[2] - moments[1]),
        )

    def _result(self, **figures: Any) -> Result:
        return Result(
            case=self.case.name,
            batch=self.case.batch,
            latency_ms=self.latency_ms,
            recipients=self.recipients,
            **figures,
        )


def _start(sms: Producer, file: Path, case: Case, run: int) -> str:
    """Start a campaign as ``smsq campaign start`` does: the file is decoded, counted, and then planned."""
    text = case.template(run)
    source = CsvFile(file)
    intake = Intake(source, Template(text), size=case.batch)
    source.count_rows()
    return sms.start(f"run {run}", intake, text).id


def _wait(sms: Producer, campaign: str) -> None:
    """Wait for the last recipient, asking for one number at a time: the question must cost Redis little."""
    key = f"{{smsq}}:c:{campaign}"
    parts.wait_for(lambda: sms.store.ledger.hget(key, "n.pending") == b"0", _STUCK_SECONDS, "all are taken")


def _children_seconds() -> float:
    """Return what this process's ended children have used."""
    used = os.times()
    return used.children_user + used.children_system


def _used_memory(sms: Producer) -> int:
    found: Any = sms.store.ledger.info("memory")
    return int(found["used_memory"])
