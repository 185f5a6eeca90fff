"""Every metric: its name, kind, unit and help text. docs/metrics.md is compared with this table by a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from producers.ledger.totals import total

#: Upper bounds of the request time histogram in seconds: a provider answers in 50 to 500 ms; 30 is the end.
REQUEST_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_MICRO = 1_000_000


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes:
        name: Prometheus name; counters end in ``_total``.
        kind: Prometheus type.
        help: What it says, with its unit.
        labels: Label names in order.
        divisor: Redis holds integers: divide by this to get the unit.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    divisor: int = 1


#: Counted in the totals hash.
COUNTED = (
    Metric(
        "smsq_recipients_total",
        "counter",
        "Recipients that came to an outcome, each time they did: taken, refused, in_doubt, held, pending"
        " (queued again after doubt), delivered and so on",
        ("account", "lane", "outcome"),
    ),
    Metric(
        "smsq_segments_total", "counter", "Segments taken by the provider, as it counts them", ("account",)
    ),
    Metric("smsq_cost_roubles_total", "counter", "Cost of taken recipients in roubles", ("account",), 10_000),
    Metric(
        "smsq_provider_requests_total",
        "counter",
        "Requests to the provider by what came of them: taken, refused, not_sent, in_doubt, held, ok, error",
        ("account", "endpoint", "result"),
    ),
    Metric(
        "smsq_provider_errors_total",
        "counter",
        "Error replies of the provider by its code",
        ("account", "endpoint", "code"),
    ),
    Metric(
        "smsq_throttle_waits_total",
        "counter",
        "Requests that had to wait for the governor, by rule",
        ("account", "rule"),
    ),
    Metric(
        "smsq_throttle_wait_seconds_total",
        "counter",
        "Seconds for which requests had to wait for the governor, by rule",
        ("account", "rule"),
        _MICRO,
    ),
    Metric("smsq_wakeups_total", "counter", "Wake-ups by what they found", ("lane", "result")),
)
REQUEST_SECONDS = Metric(
    "smsq_provider_request_seconds",
    "histogram",
    "Time from sending a request to having read the whole reply, in seconds",
    ("account", "endpoint"),
    _MICRO,
)
#: Read from Redis at each scrape.
MEASURED = (
    Metric(
        "smsq_balance_roubles", "gauge", "Balance as the provider last said, in roubles", ("account",), 10_000
    ),
    Metric(
        "smsq_balance_age_seconds", "gauge", "Seconds since the provider last said the balance", ("account",)
    ),
    Metric("smsq_account_paused", "gauge", "1 while nothing is sent on the account", ("account", "reason")),
    Metric("smsq_requests_in_flight", "gauge", "Requests under way", ("account", "group")),
    Metric(
        "smsq_requests_in_flight_limit",
        "gauge",
        "Most requests under way that we allow",
        ("account", "group"),
    ),
    Metric("smsq_batches", "gauge", "Batches by state", ("state",)),
    Metric("smsq_in_doubt_oldest_seconds", "gauge", "Age of the oldest batch in doubt, 0 when there is none"),
    Metric("smsq_held_oldest_seconds", "gauge", "Age of the oldest held batch, 0 when there is none"),
    Metric("smsq_lane_depth", "gauge", "Wake-ups on a lane's queue", ("lane",)),
    Metric("smsq_lane_oldest_seconds", "gauge", "Age of the oldest wake-up on a lane's queue", ("lane",)),
    Metric("smsq_timer_entries", "gauge", "Entries on the timer"),
    Metric("smsq_timer_overdue_seconds", "gauge", "How long the most overdue timer entry has waited"),
    Metric("smsq_redis_up", "gauge", "1 when Redis answered this scrape"),
    Metric("smsq_build_info", "gauge", "1; the version is in the label", ("version",)),
)


def observe_request(account: str, endpoint: str, seconds: float) -> dict[str, int]:
    """Return what one request adds to the totals of the request time histogram."""
    labels = {"account": account, "endpoint": endpoint}
    bound = next((str(bucket) for bucket in REQUEST_BUCKETS if seconds <= bucket), "+Inf")
    name = REQUEST_SECONDS.name
    return {
        total(f"{name}_bucket", **labels, le=bound): 1,
        total(f"{name}_sum", **labels): round(seconds * _MICRO),
    }
