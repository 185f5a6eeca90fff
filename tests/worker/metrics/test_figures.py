"""What was counted, after a campaign and a few messages, against the simulator's books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from producers import Producer
from tests.conftest import wait_until
from tests.worker.conftest import SimulatorProcess, Workers
from tests.worker.metrics.conftest import MetricsServer
from worker.metrics.definitions import REQUEST_BUCKETS

#: States that a recipient reaches by way of ``taken``; a campaign's JSON counts the read
#: as delivered, the expired as failed.
TAKEN = ("taken", "delivered", "failed")


def rows(count: int) -> list[dict[str, str]]:
    return [{"phone": str(79_991_000_000 + n), "name": f"Имя{n}"} for n in range(count)]


def sent(campaign: Any) -> bool:
    return campaign.progress()["state"] in {"sent", "settled"}


def money(value: float) -> Decimal:
    """A metric's float as what Redis holds: whole 1/10000."""
    assert abs(value * 10_000 - round(value * 10_000)) < 1e-3
    return Decimal(round(value * 10_000)) / 10_000


def test_figures_agree_with_the_campaign_and_with_the_provider_s_books(
    sms: Producer, workers: Workers, simulator: SimulatorProcess, metrics: MetricsServer
) -> None:
    recipients = [*rows(2_345), {"phone": "79000000222", "name": "Отказ"}]
    campaign = sms.campaign(
        "spring", recipients, "{name}: скидка 20% до конца недели\nЖдём вас в нашем магазине"
    )
    wait_until(lambda: sent(campaign), what="the campaign is sent")
    # The last answer written is the last balance: with one request at a time that is certain.
    for n in range(3):
        sms.send(str(79_881_000_000 + n), f"Код {n}", urgent=True).outcome(timeout=20)
    counts, books = campaign.progress()["recipients"], simulator.books()

    assert sum(counts[state] for state in TAKEN) == 2_345
    assert counts["refused"] == 1
    recipients_total = "smsq_recipients_total"
    assert metrics.value(recipients_total, account="default", lane="bulk", outcome="taken") == 2_345
    assert metrics.value(recipients_total, account="default", lane="bulk", outcome="refused") == 1
    assert metrics.value(recipients_total, lane="urgent", outcome="taken") == 3
    assert metrics.value(recipients_total, outcome="taken") == books["messages"]
    assert metrics.value(recipients_total, outcome="refused") == books["rejected"]
    assert not {"in_doubt", "held", "pending"} & metrics.by(recipients_total, "outcome").keys()

    assert metrics.value("smsq_segments_total", account="default") == books["segments"]
    assert money(metrics.value("smsq_cost_roubles_total", account="default")) == Decimal(books["cost"])
    assert money(metrics.value("smsq_balance_roubles", account="default")) == Decimal(books["balance"])
    assert metrics.value("smsq_balance_age_seconds") < 30

    requests = books["requests"]["send.php"]
    assert requests == 5 + 3
    assert metrics.value("smsq_provider_requests_total", endpoint="send", result="taken") == requests
    assert metrics.by("smsq_provider_errors_total", "code") == {}
    assert metrics.value("smsq_requests_in_flight", group="send") == 0
    assert metrics.value("smsq_requests_in_flight_limit", group="send") == 14
    assert metrics.value("smsq_account_paused", account="default") == 0


def test_the_request_time_histogram_counts_requests(
    sms: Producer, workers: Workers, simulator: SimulatorProcess, metrics: MetricsServer
) -> None:
    simulator.order(latency_ms=60)
    for n in range(4):
        sms.send(str(79_991_000_000 + n), "Привет", urgent=True).outcome(timeout=20)
    simulator.order(latency_ms=300)
    sms.send("79991230000", "Привет", urgent=True).outcome(timeout=20)
    name = "smsq_provider_request_seconds"
    requests = simulator.books()["requests"]["send.php"]
    assert metrics.value(f"{name}_count", endpoint="send") == requests == 5
    buckets = [metrics.value(f"{name}_bucket", endpoint="send", le=str(bound)) for bound in REQUEST_BUCKETS]
    assert buckets == sorted(buckets)
    assert metrics.value(f"{name}_bucket", endpoint="send", le="0.05") == 0
    assert metrics.value(f"{name}_bucket", endpoint="send", le="0.25") <= 4
    assert metrics.value(f"{name}_bucket", endpoint="send", le="+Inf") == 5
    assert 4 * 0.06 + 0.3 <= metrics.value(f"{name}_sum", endpoint="send") < 30


def test_provider_errors_are_counted_by_code(
    sms: Producer, workers: Workers, simulator: SimulatorProcess, metrics: MetricsServer
) -> None:
    for code in (1, 6, 7, 7, 8):
        sms.send(f"7900000000{code}", f"Код {code} {metrics.port}", urgent=True).outcome(timeout=20)
    scripted = [{"endpoint": "send.php", "body": '{"error": "new rule", "error_code": 55}'}]
    simulator.order(script=scripted)
    sms.send("79991230001", "Привет", urgent=True).outcome(timeout=20)
    requests = simulator.books()["requests"]["send.php"]
    codes = metrics.by("smsq_provider_errors_total", "code")
    results = metrics.by("smsq_provider_requests_total", "result")
    assert codes.pop("55") == 1 == results["held"]
    assert {code: int(count) for code, count in codes.items()} == simulator.books()["errors"]["send.php"]
    assert results["refused"] == sum(codes.values())
    assert sum(results.values()) == requests == metrics.value("smsq_provider_request_seconds_count")
    outcomes = metrics.by("smsq_recipients_total", "outcome")
    assert outcomes == {"refused": results["refused"], "held": 1}
