"""Every metric: its name, kind, unit and help text. docs/metrics.md is compared with this table by a test."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal

from producers.ledger.totals import total
from producers.states import Lane, RecipientState
from worker.governor.rules import RULES

#: Upper bounds of the request time histogram in seconds: a provider answers in 50 to 500 ms; 30 is the end.
REQUEST_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_MICRO = 1_000_000

_ENDPOINTS = tuple(sorted({endpoint for _, endpoint in RULES}))
_READ_ENDPOINTS = tuple(endpoint for endpoint in _ENDPOINTS if endpoint != "send")
_SENDING_LANES = (Lane.URGENT.value, Lane.BULK.value)
#: A row rejected at intake never becomes a recipient of a batch.
_OUTCOMES = tuple(state.public for state in RecipientState if state is not RecipientState.REJECTED)
_WAITS = (("in_flight",), ("identical",), ("any",), ("paused",), ("too_late",))
_DOCUMENTED_CODES = tuple(map(str, range(1, 10)))


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes:
        name: Prometheus name; counters end in ``_total``.
        kind: Prometheus type.
        help: What it says, with its unit.
        labels: Label names in order; ``account``, if there is one, is the first.
        divisor: Redis holds integers: divide by this to get the unit.
        from_start: Values of the labels behind ``account`` whose series exist, at 0, before anything was
            counted. Prometheus can't see the step to 1 of a series that appears with 1, so that an alert on
            the first error would stay silent; and the number of series doesn't depend on what happened.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    divisor: int = 1
    from_start: tuple[tuple[str, ...], ...] = ()


#: Counted in the totals hash.
COUNTED = (
    Metric(
        "smsq_recipients_total",
        "counter",
        "Recipients that came to an outcome, counted each time they do: one that was in doubt and then found"
        " taken counts for both; pending: queued again after doubt",
        ("account", "lane", "outcome"),
        from_start=tuple(product(_SENDING_LANES, _OUTCOMES)),
    ),
    Metric(
        "smsq_segments_total",
        "counter",
        "Segments taken by the provider, as it counts them",
        ("account",),
        from_start=((),),
    ),
    Metric(
        "smsq_cost_roubles_total",
        "counter",
        "Cost of taken recipients in roubles, as the provider says",
        ("account",),
        10_000,
        from_start=((),),
    ),
    Metric(
        "smsq_provider_requests_total",
        "counter",
        "Requests to the provider by what came of them; sends: taken, refused, not_sent, in_doubt, held; all"
        " others: ok, error",
        ("account", "endpoint", "result"),
        from_start=(
            *product(("send",), ("taken", "refused", "not_sent", "in_doubt", "held")),
            *product(_READ_ENDPOINTS, ("ok", "error")),
        ),
    ),
    Metric(
        "smsq_provider_errors_total",
        "counter",
        "Error replies of the provider by its code",
        ("account", "endpoint", "code"),
        from_start=tuple(product(_ENDPOINTS, _DOCUMENTED_CODES)),
    ),
    Metric(
        "smsq_throttle_waits_total",
        "counter",
        "Waits for the governor, by rule: in_flight, identical, any, paused, too_late (a missed turn)",
        ("account", "rule"),
        from_start=_WAITS,
    ),
    Metric(
        "smsq_throttle_wait_seconds_total",
        "counter",
        "Seconds waited for the governor, by rule",
        ("account", "rule"),
        _MICRO,
        from_start=_WAITS,
    ),
    Metric(
        "smsq_redis_waits_total",
        "counter",
        "Calls to Redis that were repeated until it was back",
        from_start=((),),
    ),
    Metric(
        "smsq_redis_wait_seconds_total",
        "counter",
        "Seconds for which calls to Redis were repeated, counted when it was back",
        (),
        _MICRO,
        from_start=((),),
    ),
    Metric(
        "smsq_wakeups_total",
        "counter",
        "Wake-ups that found nothing to do, which is harmless, by why: busy (a worker has the batch), idle"
        " (it is done), gone",
        ("lane", "result"),
        from_start=tuple(product(tuple(lane.value for lane in Lane), ("busy", "idle", "gone"))),
    ),
)
REQUEST_SECONDS = Metric(
    "smsq_provider_request_seconds",
    "histogram",
    "Seconds from sending a request to having read its whole reply",
    ("account", "endpoint"),
    _MICRO,
    from_start=tuple((endpoint,) for endpoint in _ENDPOINTS),
)
#: Read from Redis at each scrape.
MEASURED = (
    Metric(
        "smsq_balance_roubles", "gauge", "Balance as the provider last said, in roubles", ("account",), 10_000
    ),
    Metric(
        "smsq_balance_age_seconds", "gauge", "Seconds since the provider last said the balance", ("account",)
    ),
    Metric(
        "smsq_account_paused",
        "gauge",
        "1 while nothing is sent on the account, with the reason of this or the last pause, else 0",
        ("account", "reason"),
    ),
    Metric("smsq_requests_in_flight", "gauge", "Requests under way", ("account", "group")),
    Metric(
        "smsq_requests_in_flight_limit",
        "gauge",
        "Most requests under way that we allow ourselves",
        ("account", "group"),
    ),
    Metric("smsq_batches", "gauge", "Batches by state", ("state",)),
    Metric(
        "smsq_in_doubt_oldest_seconds", "gauge", "Seconds since the oldest batch in doubt became so, else 0"
    ),
    Metric("smsq_held_oldest_seconds", "gauge", "Seconds since the oldest held batch was held, else 0"),
    Metric(
        "smsq_conservation_difference",
        "gauge",
        "Recipients of the newest 100 campaigns less those accounted for, without sign; always 0",
    ),
    Metric("smsq_lane_depth", "gauge", "Wake-ups on a lane's queue that no worker has fetched", ("lane",)),
    Metric(
        "smsq_lane_oldest_seconds",
        "gauge",
        "Age of the oldest wake-up on a lane's queue in seconds",
        ("lane",),
    ),
    Metric("smsq_timer_entries", "gauge", "Entries on the timer"),
    Metric(
        "smsq_timer_overdue_seconds", "gauge", "Seconds that the most overdue timer entry has waited, else 0"
    ),
    Metric(
        "smsq_redis_up",
        "gauge",
        "1 when Redis answered this scrape; 0: all but this and the build are missing",
    ),
    Metric("smsq_build_info", "gauge", "1; the version is in the label", ("version",)),
)
ALL = (*COUNTED, REQUEST_SECONDS, *MEASURED)


def observe_request(account: str, endpoint: str, seconds: float) -> dict[str, int]:
    """Return what one request adds to the totals of the request time histogram."""
    labels = {"account": account, "endpoint": endpoint}
    bound = next((str(bucket) for bucket in REQUEST_BUCKETS if seconds <= bucket), "+Inf")
    name = REQUEST_SECONDS.name
    return {
        total(f"{name}_bucket", **labels, le=bound): 1,
        total(f"{name}_sum", **labels): round(seconds * _MICRO),
    }
