"""The loop that every worker process runs: takes what is due off the durable timer and wakes for it."""

from __future__ import annotations

import random
import threading
from collections import defaultdict

import structlog

from producers.errors import Unavailable
from producers.ledger import campaigns
from producers.ledger.store import Store
from producers.ledger.timer import Due, take_due
from producers.wakeups import wake

log = structlog.get_logger()

#: Seconds between two looks: what a lost wake-up costs an urgent message at most is this and its 2 s.
INTERVAL = 0.1
#: Seconds between two looks while Redis is away.
REDIS_AWAY_INTERVAL = 1.0
_AT_ONCE = 100


class TimerLoop(threading.Thread):
    """A thread of its own, so that neither a busy event loop nor busy actors can hold up the timer."""

    def __init__(self, store: Store, *, interval: float = INTERVAL) -> None:
        super().__init__(name="timer", daemon=True)
        self._store = store
        self._interval = interval
        self._ending = threading.Event()

    def run(self) -> None:
        """Look again and again until stopped."""
        away = False
        while not self._ending.is_set():
            try:
                due = self._store.run(take_due(_AT_ONCE))
                self.handle(due)
                if away:
                    log.info("redis_back")
                away = False
            except Unavailable as error:
                if not away:
                    log.warning("redis_away", code=error.code)
                away = True
                self._ending.wait(REDIS_AWAY_INTERVAL)
                continue
            except Exception:
                log.exception("timer_failed")
                self._ending.wait(REDIS_AWAY_INTERVAL)
                continue
            if len(due) < _AT_ONCE:
                # Uneven, so that the loops of many processes don't fall into step.
                self._ending.wait(self._interval * random.uniform(0.7, 1.3))  # noqa: S311

    def handle(self, due: list[Due]) -> None:
        """Wake for each entry; those of one lane in one call."""
        by_lane: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for entry in due:
            if entry.kind == "feed":
                fed = self._store.run(campaigns.feed(entry.id))
                if fed.batches:
                    by_lane["send", fed.lane].extend(fed.batches)
            else:
                by_lane[entry.kind, entry.lane].append(entry.id)
        for (kind, lane), ids in by_lane.items():
            self._store.run(wake(self._store.address.queue_namespace, kind, lane, ids))

    def stop(self) -> None:
        """Ask the loop to end and wait for it."""
        self._ending.set()
        self.join(timeout=5)
