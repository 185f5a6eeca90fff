"""A canary: Dramatiq itself must be able to read the wake-ups that we write without it."""

from __future__ import annotations

import threading

import dramatiq
from dramatiq import Worker
from dramatiq.brokers.redis import RedisBroker

from producers.ledger.store import Store
from producers.states import Lane
from producers.wakeups import ACTORS, wake
from tests.conftest import wait_until
from worker.broker import LaneBroker
from worker.lanes import RESERVED_THREADS, lane_limits


def test_dramatiq_reads_what_we_write(store: Store) -> None:
    namespace = store.address.queue_namespace
    assert store.run(wake(namespace, "send", Lane.URGENT, ["m1.0", "m2.0"])) == 2
    broker = RedisBroker(client=store.queues, namespace=namespace, middleware=[])
    broker.declare_queue(Lane.URGENT.value)
    consumer = broker.consume(Lane.URGENT.value, prefetch=10, timeout=1_000)
    messages = [next(consumer), next(consumer)]
    assert [message.args for message in messages] == [("m1.0",), ("m2.0",)]
    assert {message.actor_name for message in messages} == {ACTORS["send"]}
    assert {message.queue_name for message in messages} == {"urgent"}
    for message in messages:
        consumer.ack(message)
    assert store.queues.hlen(f"{namespace}:urgent.msgs") == 0
    broker.close()


def test_repeating_the_call_adds_nothing(store: Store) -> None:
    call = wake(store.address.queue_namespace, "send", Lane.BULK, ["c1.0"])
    assert [store.run(call), store.run(call)] == [1, 0]
    assert store.queues.llen(f"{store.address.queue_namespace}:bulk") == 1


def test_bulk_work_leaves_threads_to_the_other_lanes() -> None:
    assert lane_limits(24, list(Lane)) == {
        "urgent": 24,
        "bulk": 24 - RESERVED_THREADS,
        "status": 24,
        "control": 24,
    }
    assert lane_limits(8, [Lane.BULK]) == {"bulk": 8}
    assert lane_limits(2, list(Lane))["bulk"] == 1
    assert lane_limits(1, list(Lane))["bulk"] == 1


def test_an_urgent_message_runs_while_bulk_work_fills_its_share(store: Store) -> None:
    """With dramatiq's own prefetch the bulk actors would take every thread, and this would not end."""
    lanes = [Lane.URGENT, Lane.BULK]
    threads = RESERVED_THREADS + 2
    broker = LaneBroker(store.address, middleware=[], limits=lane_limits(threads, lanes))
    release, urgent = threading.Event(), threading.Event()
    running: list[str] = []

    def actor(entry: str) -> None:
        running.append(entry)
        if entry.startswith("urgent"):
            urgent.set()
        else:
            release.wait(20)

    for lane in lanes:
        broker.declare_queue(lane.value)
    dramatiq.actor(broker=broker, actor_name=ACTORS["send"], queue_name="bulk")(actor)
    worker = Worker(broker, queues={lane.value for lane in lanes}, worker_threads=threads, worker_timeout=50)
    worker.start()
    try:
        namespace = store.address.queue_namespace
        store.run(wake(namespace, "send", Lane.BULK, [f"bulk{n}" for n in range(20)]))
        wait_until(lambda: len(running) == 2, what="bulk work runs")
        store.run(wake(namespace, "send", Lane.URGENT, ["urgent0"]))
        assert urgent.wait(5)
        assert len(running) == 3
    finally:
        release.set()
        wait_until(lambda: len(running) == 21, what="all work has run")
        worker.stop()
        broker.close()


def test_what_was_fetched_and_not_handed_out_goes_back_on_the_queue(store: Store) -> None:
    broker = LaneBroker(store.address, middleware=[], limits={"bulk": 4})
    broker.declare_queue("bulk")
    namespace = store.address.queue_namespace
    store.run(wake(namespace, "send", Lane.BULK, [f"b{n}" for n in range(6)]))
    consumer = broker.consume("bulk", prefetch=4)
    first = next(consumer)
    assert first is not None
    assert store.queues.llen(f"{namespace}:bulk") == 2
    consumer.close()
    assert store.queues.llen(f"{namespace}:bulk") == 5
    consumer.ack(first)
    broker.close()


def test_the_queues_have_no_delay_queues(store: Store) -> None:
    broker = LaneBroker(store.address, middleware=[], limits={"bulk": 4})
    broker.declare_queue("bulk")
    assert (broker.get_declared_queues(), broker.get_declared_delay_queues()) == ({"bulk"}, set())
    broker.close()
