"""Messages and campaigns through real workers to the simulator, which says what really arrived."""

from __future__ import annotations

import json
import time
from decimal import Decimal

from producers import Producer, Settings
from producers.ledger import batches
from producers.ledger.accounts import read_account
from producers.money import from_units
from producers.states import BatchState, Lane
from producers.wakeups import wake
from tests.conftest import RedisServer, wait_until
from tests.worker.conftest import SimulatorProcess, Workers


def rows(count: int) -> list[dict[str, str]]:
    return [{"phone": str(79_991_000_000 + n), "name": f"Имя{n}"} for n in range(count)]


def all_decided(sms: Producer, name: str) -> bool:
    return bool(sms.find_campaign(name).progress()["state"] in {"sent", "settled"})


def test_a_message_is_taken_with_its_price(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    receipt = sms.send("+7 999 123-45-67", "Код 1234", urgent=True)
    [recipient] = receipt.outcome(timeout=20)["recipients"]
    books = simulator.books()
    assert recipient["state"] == "taken"
    assert Decimal(recipient["cost"]) == Decimal(books["cost"])
    assert recipient["provider_id"] == f"{receipt.id}.0.1"
    assert (books["messages"], books["recipients"], books["twice"]) == (1, 1, 0)
    account = sms.store.run(read_account("default"))
    assert account.balance is not None
    assert from_units(account.balance) == Decimal(books["balance"])


def test_a_campaign_s_report_agrees_with_the_provider_s_books(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    campaign = sms.campaign("spring", rows(3_210), "{name}: скидка 20%\nТолько сегодня")
    wait_until(lambda: all_decided(sms, "spring"), what="the campaign is sent")
    progress, books = campaign.progress(), simulator.books()
    assert progress["recipients"]["taken"] == 3_210 == books["messages"] == books["recipients"]
    assert books["twice"] == 0
    assert Decimal(progress["cost"]) == Decimal(books["cost"])
    assert progress["requests"] == 7 == books["requests"]["send.php"]
    assert progress["segments"] == books["segments"]
    report = list(campaign.report())
    assert sum(Decimal(row["cost"]) for row in report) == Decimal(books["cost"])
    assert simulator.takes() == {row["phone"]: 1 for row in report}
    assert "error" not in json.dumps(books["errors"])


def test_single_recipients_that_are_refused_are_named(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    phones = [str(79_991_000_000 + n) for n in range(20)]
    body = {
        "id": 1,
        "cnt": 19,
        "cost": "26.6",
        "balance": "973.4",
        "phones": [
            {"phone": phone, "mccmnc": "25001", "cost": "1.4"}
            if phone != phones[7]
            else {"phone": phone, "status": "22", "error": "7"}
            for phone in phones
        ],
    }
    simulator.order(script=[{"endpoint": "send.php", "body": json.dumps(body)}])
    receipt = sms.send(phones, "Привет")
    recipients = receipt.outcome(timeout=20)["recipients"]
    assert [recipient["state"] for recipient in recipients].count("taken") == 19
    assert recipients[7]["state"] == "refused"
    assert recipients[7]["meaning"]
    assert {recipient["cost"] for recipient in recipients} == {"1.4000", "0.0000"}
    assert recipients[0]["provider_id"] == "1"


def test_wake_ups_that_come_many_times_send_once(
    sms: Producer, simulator: SimulatorProcess, settings: Settings
) -> None:
    receipts = [sms.send(str(79_991_000_000 + n), "Привет") for n in range(10)]
    for _ in range(20):
        sms.store.run(
            wake(
                sms.store.address.queue_namespace,
                "send",
                Lane.URGENT,
                [f"{receipt.id}.0" for receipt in receipts],
            )
        )
    workers = Workers(settings, processes=2)
    try:
        for receipt in receipts:
            receipt.outcome(timeout=30)
        namespace = sms.store.address.queue_namespace
        wait_until(
            lambda: sms.store.queues.hlen(f"{namespace}:urgent.msgs") == 0, what="all are acknowledged"
        )
    finally:
        workers.stop()
    books = simulator.books()
    assert (books["messages"], books["twice"], books["requests"]["send.php"]) == (10, 0, 10)


def test_lost_wake_ups_are_repeated_by_the_timer(
    sms: Producer, simulator: SimulatorProcess, settings: Settings
) -> None:
    receipt = sms.send("79991234567", "Привет", urgent=True)
    sms.store.queues.flushdb()
    workers = Workers(settings)
    try:
        assert receipt.outcome(timeout=20)["recipients"][0]["state"] == "taken"
    finally:
        workers.stop()
    assert simulator.books()["messages"] == 1


def test_a_job_of_a_newer_version_is_parked_and_nothing_else_is_held_up(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:

    newer = sms.send("79991234567", "из будущего", urgent=True)
    # The worker may have been quicker: then the test says nothing, so write it paused instead.
    campaign = sms.campaign("newer", rows(1), "из будущего", at_ms=int(time.time() * 1000) + 1_500)
    sms.store.ledger.hset("{smsq}:b:" + f"{campaign.id}.0", "version", 99)
    other = sms.send("79997654321", "сегодня", urgent=True)
    assert other.outcome(timeout=20)["recipients"][0]["state"] == "taken"
    assert newer.outcome(timeout=20)["recipients"][0]["state"] == "taken"

    def reason() -> str:
        view = sms.store.run(batches.read(f"{campaign.id}.0"))
        assert view is not None
        assert view.state in {BatchState.PLANNED, BatchState.QUEUED}
        return view.reason

    wait_until(lambda: reason() == "newer_job_version", what="the batch is parked")
    assert campaign.progress()["recipients"]["pending"] == 1
    assert simulator.books()["messages"] == 2


def test_the_same_text_to_the_same_phone_waits_for_the_provider_s_window(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    receipts = [sms.send("79991234567", "Код 1234", urgent=True) for _ in range(3)]
    for receipt in receipts:
        assert receipt.outcome(timeout=30)["recipients"][0]["state"] == "taken"
    books = simulator.books()
    assert books["messages"] == 3
    assert books["errors"] == {}


def test_wrong_credentials_are_tried_once_and_the_account_pauses(
    redis_url: str, simulator: SimulatorProcess, settings: Settings
) -> None:
    from dataclasses import replace

    wrong = replace(settings, smsc=replace(settings.smsc, password="wrong"))
    with Producer(wrong) as sms:
        campaign = sms.campaign("spring", rows(5_000), "Привет")
        workers = Workers(wrong, processes=2)
        try:
            wait_until(lambda: sms.store.run(read_account("default")).pause_reason, what="the account pauses")
            # Every open batch has met the pause by the time that all are back on the timer.
            wait_until(
                lambda: sms.store.ledger.hget("{smsq}:gauges", "queued") == b"10", what="all are handed back"
            )
        finally:
            workers.stop()
        assert campaign.progress()["recipients"]["pending"] == 5_000
    assert simulator.books()["errors"]["send.php"] == {"2": 1}


def test_a_worker_told_to_stop_ends_what_is_in_flight(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    simulator.order(latency_ms=700)
    campaign = sms.campaign("spring", rows(20_000), "Привет")
    workers = Workers(settings)
    wait_until(
        lambda: simulator.books()["simultaneous"].get("send.php", 0) >= 10, what="requests are in flight"
    )
    started = time.monotonic()
    workers.stop()
    assert time.monotonic() - started < 10
    progress = campaign.progress()
    assert progress["recipients"]["in_doubt"] == 0
    assert progress["recipients"]["taken"] == simulator.books()["messages"]
    assert progress["recipients"]["pending"] > 0
    gauges = {k.decode(): int(v) for k, v in sms.store.ledger.hgetall("{smsq}:gauges").items()}
    assert gauges.get("claimed", 0) == gauges.get("sending", 0) == 0
    simulator.order(latency_ms=0)
    workers = Workers(settings, processes=2)
    try:
        wait_until(lambda: all_decided(sms, "spring"), seconds=40, what="another worker goes on")
    finally:
        workers.stop()
    assert simulator.books()["messages"] == 20_000
    assert simulator.books()["twice"] == 0


def test_redis_killed_in_the_middle_loses_and_doubles_nothing(
    tmp_path_factory,
    simulator: SimulatorProcess,
    settings: Settings,  # type: ignore[no-untyped-def]
) -> None:
    from dataclasses import replace

    server = RedisServer(tmp_path_factory.mktemp("killed"))
    server.start()
    own = replace(settings, redis_url=server.url)
    simulator.order(latency_ms=100)
    workers = Workers(own, processes=2)
    try:
        with Producer(own) as sms:
            campaign = sms.campaign("spring", rows(30_000), "Привет")
            wait_until(lambda: simulator.books()["messages"] > 5_000, what="the campaign runs")
            server.kill()
            server.start()
            wait_until(lambda: all_decided(sms, "spring"), seconds=60, what="it goes on by itself")
            counts = campaign.progress()["recipients"]
            books = simulator.books()
            assert counts["taken"] + counts["in_doubt"] == 30_000
            assert counts["taken"] == 30_000, counts
            assert (books["messages"], books["twice"]) == (30_000, 0)
    finally:
        workers.stop()
        server.stop()


def test_the_pause_stops_requests_and_resuming_goes_on(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    simulator.order(latency_ms=200)
    campaign = sms.campaign("spring", rows(40_000), "Привет")
    wait_until(lambda: simulator.books()["messages"] > 2_000, what="the campaign runs")
    campaign.pause()
    wait_until(
        lambda: (
            not any(
                int(sms.store.ledger.hget("{smsq}:gauges", state) or 0) for state in ("claimed", "sending")
            )
        ),
        what="what was in flight has ended",
    )
    sent = simulator.books()["requests"]["send.php"]
    time.sleep(1.0)  # The absence of requests can only be watched for a while.
    assert simulator.books()["requests"]["send.php"] == sent
    assert campaign.progress()["state"] == "paused"
    simulator.order(latency_ms=0)
    campaign.resume()
    wait_until(lambda: all_decided(sms, "spring"), seconds=40, what="it goes on")
    assert simulator.books()["messages"] == 40_000
    assert simulator.books()["twice"] == 0


def test_an_urgent_message_overtakes_a_campaign(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    simulator.order(latency_ms=300)
    sms.campaign("spring", rows(100_000), "Привет")
    wait_until(lambda: simulator.books()["messages"] > 5_000, what="the campaign runs")
    before = simulator.books()["messages"]
    receipt = sms.send("79881234567", "Код 1", urgent=True)
    receipt.outcome(timeout=10)
    # 300 ms of latency at 13 requests of 500 in flight: the whole rest would have taken four seconds more.
    assert simulator.books()["messages"] - before < 40_000
    sms.find_campaign("spring").cancel()
