"""One worker process: Dramatiq's worker, the event loop with its resources, and the timer loop.

Started by `supervisor`, which keeps as many of them as were asked for. It ends on SIGTERM, SIGINT, or when
its standard input closes, which happens when the supervisor dies in whatever way.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

import structlog
from dramatiq import Worker, set_broker
from dramatiq.middleware import AsyncIO, CurrentMessage

from producers.ledger.store import Store
from producers.redis_clients import RedisAddress
from producers.settings import Settings
from producers.states import Lane
from worker.actors import answer, confirm, poll, reconcile, send_batch
from worker.broker import LaneBroker
from worker.lanes import lane_limits
from worker.logs import configure_logs
from worker.resources import ResourcesMiddleware
from worker.timer_loop import TimerLoop

log = structlog.get_logger()

#: Milliseconds between two looks at an empty queue: an urgent message is noticed after 43 on average.
QUEUE_TIMEOUT_MS = 100
#: Milliseconds for what is in flight to end: longer than the longest request with its outcome.
SHUTDOWN_MS = 50_000


def run(settings: Settings, lanes: Sequence[Lane], threads: int, stop: threading.Event) -> None:
    """Work until ``stop`` is set, then finish what is in flight and hand back the rest."""
    address = RedisAddress.parse(settings.redis_url)
    resources = ResourcesMiddleware(settings)
    broker = LaneBroker(
        address,
        middleware=[AsyncIO(), CurrentMessage(), resources],
        limits=lane_limits(threads, lanes),
    )
    set_broker(broker)
    for lane in Lane:
        broker.declare_queue(lane.value)
    send_batch.declare(broker, resources.get)
    reconcile.declare(broker, resources.get)
    poll.declare(broker, resources.get)
    answer.declare(broker, resources.get)
    confirm.declare(broker, resources.get)
    worker = Worker(
        broker,
        queues={lane.value for lane in lanes},
        worker_threads=threads,
        worker_timeout=QUEUE_TIMEOUT_MS,
    )
    store = Store(address)
    timer = TimerLoop(store)
    worker.start()
    timer.start()
    log.info("worker_ready", lanes=[lane.value for lane in lanes], threads=threads, redis=address.label)
    stop.wait()
    log.info("worker_stopping")
    timer.stop()
    worker.stop(timeout=SHUTDOWN_MS)
    broker.close()
    store.close()
    log.info("worker_stopped")


def _watch_parent(stop: threading.Event) -> None:
    # The supervisor holds the other end of this pipe and never writes: it closes when the supervisor is gone.
    while True:
        try:
            if not os.read(0, 1024):
                break
        except OSError:
            break
    stop.set()


def main(argv: Sequence[str] | None = None) -> int:
    """Run as ``python -m worker.process``."""
    parser = argparse.ArgumentParser(prog="worker.process")
    parser.add_argument("--lanes", required=True)
    parser.add_argument("--threads", type=int, required=True)
    arguments = parser.parse_args(argv)
    settings = Settings.from_env()
    configure_logs(settings.log_format)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    threading.Thread(target=_watch_parent, args=(stop,), daemon=True).start()
    run(settings, [Lane(lane) for lane in arguments.lanes.split(",")], arguments.threads, stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
