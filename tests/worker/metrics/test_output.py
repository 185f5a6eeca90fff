"""The page itself: well-formed, of constant size, and without anything about a person."""

from __future__ import annotations

import re

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families

from producers import Producer
from tests.conftest import wait_until
from tests.worker.conftest import SimulatorProcess, Workers
from tests.worker.metrics.conftest import MetricsServer
from worker.metrics.definitions import ALL


def test_all_metrics_are_there_before_anything_happened(metrics: MetricsServer) -> None:
    families = metrics.families()
    # The classic parser names counters without their ending.
    assert families.keys() == {metric.name.removesuffix("_total") for metric in ALL}
    for metric in ALL:
        family = families[metric.name.removesuffix("_total")]
        assert family.type == metric.kind
        assert family.documentation == metric.help
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(metric.labels)
    assert metrics.value("smsq_provider_errors_total", endpoint="send", code="4") == 0


def test_the_openmetrics_form_is_well_formed_too(metrics: MetricsServer) -> None:
    text = metrics.text("application/openmetrics-text; version=1.0.0")
    assert text.endswith("# EOF\n")
    assert {family.name for family in openmetrics_families(text)} == {
        metric.name.removesuffix("_total") for metric in ALL
    }


def test_nothing_tells_of_a_person_or_a_message(
    sms: Producer, workers: Workers, simulator: SimulatorProcess, metrics: MetricsServer
) -> None:
    rows = [{"phone": str(79_991_000_000 + n), "name": f"Имярек{n}"} for n in range(700)]
    campaign = sms.campaign("весна", rows, "{name}: секретное слово")
    message = sms.send("79881234567", "Код 4321", urgent=True, key="otp-17")
    message.outcome(timeout=20)
    sms.send("79000000007", "Код 4322", urgent=True).outcome(timeout=20)
    wait_until(lambda: campaign.progress()["recipients"]["pending"] == 0, what="the campaign is sent")
    text = metrics.text()
    for private in (message.id, campaign.id, "весна", "слово", "Имярек", "4321", "otp-17", "demo"):
        assert private not in text, private
    for line in text.splitlines():
        words = line if line.startswith("#") else line.rpartition(" ")[0]
        assert not re.search(r"\d{10}", words), line


def test_the_number_of_series_does_not_grow_with_messages(
    sms: Producer, workers: Workers, metrics: MetricsServer
) -> None:
    def send(first: int, last: int) -> None:
        for n in range(first, last):
            sms.send(str(79_991_000_000 + n), "Привет", urgent=n % 2 == 0)
        wait_until(
            lambda: metrics.value("smsq_recipients_total", outcome="taken") == last,
            seconds=40,
            what=f"{last} are taken",
        )

    send(0, 10)
    few = metrics.series()
    send(10, 1_000)
    many = metrics.series()
    assert many.keys() == few.keys()
    assert len(many) < 600
    assert sum(value for (name, _), value in many.items() if name == "smsq_provider_requests_total") == 1_000
