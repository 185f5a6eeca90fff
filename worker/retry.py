"""Waiting, as tenacity's small objects: what to wait for, how long, and when to stop waiting in process.

A short wait is slept where it arises; a longer one goes to the durable timer and frees the worker. Neither
costs an attempt. The stock objects of tenacity combine with these by ``+``, ``|`` and ``&``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tenacity import (
    RetryCallState,
    retry_if_exception,
    retry_if_exception_type,
    retry_if_result,
    stop_after_delay,
)
from tenacity.retry import retry_base
from tenacity.stop import stop_base
from tenacity.wait import wait_base, wait_random_exponential

from producers.errors import Unavailable
from worker.governor.gate import Wait
from worker.governor.rules import RULES, Rule, window_seconds
from worker.providers.base import ProviderError

#: Seconds that a batch may wait in a worker's hands for the governor. More would keep threads from other
#: work; less would send batches through the timer that only wait for the next free slot.
IN_PROCESS_WAIT = 5.0


class wait_for_gate(wait_base):  # noqa: N801 - tenacity's strategies are written like functions
    """Wait as long as the governor says; when it doesn't know, a short random time that grows with the tries.

    Args:
        first: Seconds before the second look.
        last: Most seconds between two looks.
    """

    def __init__(self, first: float = 0.008, last: float = 0.05) -> None:
        self.first = first
        self.last = last

    def __call__(self, retry_state: RetryCallState) -> float:
        """Return the seconds to sleep."""
        failed = retry_state.outcome is None or retry_state.outcome.failed
        outcome = None if failed or retry_state.outcome is None else retry_state.outcome.result()
        if isinstance(outcome, Wait) and outcome.seconds > 0:
            # A hair more, so that all who were told the same moment don't come at once.
            return outcome.seconds + random.uniform(0.0, 0.02)  # noqa: S311 - spreading load, not secrecy
        pause = min(self.first * float(2 ** (retry_state.attempt_number - 1)), self.last)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311


class stop_if_wait_too_long(stop_base):  # noqa: N801
    """Stop when the wait is beyond the budget: it belongs on the timer."""

    def __init__(self, budget: float = IN_PROCESS_WAIT) -> None:
        self.budget = budget

    def __call__(self, retry_state: RetryCallState) -> bool:
        """Return whether to stop."""
        return retry_state.upcoming_sleep > self.budget


class stop_when(stop_base):  # noqa: N801
    """Stop as soon as a condition holds.

    Args:
        condition: Asked before each wait.
    """

    def __init__(self, condition: Callable[[], bool]) -> None:
        self.condition = condition

    def __call__(self, retry_state: RetryCallState) -> bool:
        """Return whether to stop."""
        del retry_state
        return self.condition()


#: Retry while the governor says "wait".
retry_if_told_to_wait = retry_if_result(lambda result: isinstance(result, Wait))

#: Redis comes back after a restart or a fail-over: an outcome that was paid for is kept in hand until then.
retry_if_redis_is_away = retry_if_exception_type(Unavailable)
wait_for_redis = wait_random_exponential(multiplier=0.1, max=2.0)
#: Seconds. After that the batch's lease is long over and the next owner treats it as in doubt.
stop_waiting_for_redis = stop_after_delay(600.0)


class wait_for_turn(wait_for_gate):  # noqa: N801
    """Wait as the governor says, and after a request that failed for as long as the endpoint's throttle asks.

    An endpoint that may be asked n times a minute is asked again after an n-th of one: so an answer that
    keeps failing never uses up the allowance of those who come after.

    Args:
        rule: The endpoint's row in the table.
        minute: Seconds that the provider's windows last.
    """

    def __init__(self, rule: Rule, minute: float) -> None:
        super().__init__()
        self.pause = window_seconds(minute) / max(rule.identical, 1)

    def __call__(self, retry_state: RetryCallState) -> float:
        """Return the seconds to sleep."""
        error = retry_state.outcome.exception() if retry_state.outcome else None
        if not isinstance(error, ProviderError):
            return super().__call__(retry_state)
        # Nothing left: the throttle has nothing to say, the network may be back at once.
        if error.code == 0 and not error.in_doubt and error.wait > 0:
            return min(error.wait, self.pause)
        return self.pause


def _may_help(error: BaseException) -> bool:
    return isinstance(error, ProviderError) and error.reason in ASK_AGAIN


#: Reasons of a failed request after which the same question may well be answered: no connection, no readable
#: reply, a throttle that somebody else's program has used up.
ASK_AGAIN = frozenset(
    {
        "dns_failed", "connect_failed", "connect_timeout", "tls_failed", "proxy_failed", "pool_timeout",
        "read_timeout", "total_timeout", "server_disconnected", "reply_cut", "bad_http", "connection_lost",
        "bad_reply", "empty_reply", "html_reply", "unreadable_reply", "http_429", "http_500",
        "http_502", "http_503", "http_504", "duplicate_request", "too_many_concurrent",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """How one endpoint's requests are repeated: three objects of tenacity, to be combined with others.

    Attributes:
        wait: How long until the next try.
        stop: When the wait is too long for this process: it goes to the timer.
        retry: What is worth another try.
    """

    wait: wait_base
    stop: stop_base
    retry: retry_base


def policies(provider: str, minute: float) -> dict[str, Policy]:
    """Return the policy of each endpoint of a provider, built from the rules.

    Args:
        provider: ``smsc`` or ``sms2``.
        minute: Seconds that its windows last.
    """
    return {
        endpoint: Policy(
            wait=wait_for_turn(rule, minute),
            stop=stop_if_wait_too_long(IN_PROCESS_WAIT) | stop_after_delay(IN_PROCESS_WAIT),
            # What costs money is never repeated on an error here: that is the ledger's to decide.
            retry=retry_if_told_to_wait
            if endpoint == "send"
            else retry_if_told_to_wait | retry_if_exception(_may_help),
        )
        for (name, endpoint), rule in RULES.items()
        if name == provider
    }
