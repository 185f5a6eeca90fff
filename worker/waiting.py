"""What waits: the reason and the length of each, counted for the metrics."""

from __future__ import annotations

from producers.ledger.totals import total

_MICRO = 1_000_000


def throttle_wait(account: str, rule: str, seconds: float) -> dict[str, int]:
    """Return what one wait for the governor adds to the totals.

    Args:
        account: Name of the account.
        rule: ``in_flight``, ``identical``, ``any``, ``paused`` or ``too_late``.
        seconds: How long it is, or was.
    """
    labels = {"account": account, "rule": rule}
    return {
        total("smsq_throttle_waits_total", **labels): 1,
        total("smsq_throttle_wait_seconds_total", **labels): round(seconds * _MICRO),
    }


def redis_wait(seconds: float) -> dict[str, int]:
    """Return what one wait for Redis adds to the totals, written down when it is back."""
    return {
        total("smsq_redis_waits_total"): 1,
        total("smsq_redis_wait_seconds_total"): round(seconds * _MICRO),
    }
