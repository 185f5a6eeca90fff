"""SMS2 end to end: one recipient a request, nothing to look up by an id of ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from producers import BadRecipient, Producer, Settings, UsageError
from producers.settings import Sms2Settings
from tests.conftest import wait_until
from tests.worker.conftest import SimulatorProcess, Workers


@pytest.fixture
def settings(settings: Settings, simulator: SimulatorProcess) -> Settings:
    """Both providers configured; messages go through SMS2 unless they ask for the other."""
    return replace(
        settings,
        provider="sms2",
        sender="Shop",
        sms2=Sms2Settings(url=simulator.url, user="demo", password="demo"),
    )


@pytest.fixture
def sms(settings: Settings) -> Iterator[Producer]:
    with Producer(settings) as producer:
        yield producer


def rows(count: int) -> list[dict[str, str]]:
    return [{"phone": str(79_991_000_000 + n)} for n in range(count)]


def state_of(sms: Producer, name: str) -> str:
    return str(sms.find_campaign(name).progress()["state"])


def test_a_message_its_status_and_the_other_provider(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    receipt = sms.send(["79991234567", "79997654321"], "Привет", urgent=True)
    recipients = receipt.outcome(timeout=20)["recipients"]
    assert [recipient["state"] for recipient in recipients] == ["taken", "taken"]
    assert all(recipient["provider_id"] for recipient in recipients)
    simulator.order(delivery_scale=0.0)
    wait_until(
        lambda: (
            {one["state"] for one in receipt.refresh(timeout=20)["recipients"]} <= {"delivered", "failed"}
        ),
        what="the provider has reported",
    )
    other = sms.send("79991234567", "Привет", provider="smsc", urgent=True)
    assert other.outcome(timeout=20)["recipients"][0]["provider"] == "smsc"
    assert simulator.books()["sms2"]["messages"] == 2


def test_what_the_provider_refuses_is_refused(sms: Producer, workers: Workers) -> None:
    receipt = sms.send(["79000000504", "79000000507"], "Привет", urgent=True)
    states = [recipient["state"] for recipient in receipt.outcome(timeout=20)["recipients"]]
    assert states == ["refused", "refused"]


@pytest.mark.parametrize(
    ("text", "phone", "sender", "code"),
    [
        ("Прuвет", "79991234567", "Shop", "text_mixed_alphabets"),
        ("я" * 269, "79991234567", "Shop", "text_too_long"),
        ("Привет", "+447911123456", "Shop", "phone_unsupported"),
        ("Привет", "79991234567", "Магазин", "bad_sender"),
        ("Привет", "79991234567", "", "bad_sender"),
    ],
)
def test_every_rule_is_checked_before_anything_is_written(
    sms: Producer, text: str, phone: str, sender: str, code: str
) -> None:
    with pytest.raises((BadRecipient, UsageError)) as caught:
        sms.send(phone, text, sender=sender)
    assert caught.value.code == code


def test_no_money_pauses_the_account_until_there_is_some(
    sms: Producer, workers: Workers, simulator: SimulatorProcess
) -> None:
    simulator.order(sms2={"balance": "0", "overdraft": "0"})
    receipt = sms.send("79991234567", "Привет", urgent=True)
    wait_until(lambda: simulator.books()["sms2"]["errors"].get("sms.cgi"), what="the provider says no")
    assert receipt.status()["recipients"][0]["state"] == "pending"
    simulator.order(sms2={"balance": "100"})
    wait_until(lambda: receipt.status()["recipients"][0]["state"] == "taken", seconds=30, what="it goes on")


def test_a_killed_worker_leaves_no_more_than_its_requests_in_flight_to_a_person(
    sms: Producer, settings: Settings, simulator: SimulatorProcess
) -> None:
    simulator.order(latency_ms=100)
    campaign = sms.campaign("spring", rows(600), "Привет")
    workers = Workers(settings, processes=2)
    try:
        wait_until(lambda: simulator.books()["sms2"]["messages"] > 100, what="the campaign runs")
        workers.kill_one()
        simulator.order(latency_ms=0)
        wait_until(lambda: state_of(sms, "spring") in {"sent", "settled"}, seconds=60, what="it ends")
    finally:
        workers.stop()
    books, counts = simulator.books()["sms2"], campaign.progress()["recipients"]
    assert books["twice"] == 0
    assert counts["held"] <= 14
    assert counts["taken"] + counts["held"] == 600
    # Who is held may have been taken just before the kill; nobody else is missing.
    assert counts["taken"] <= books["recipients"] <= 600
