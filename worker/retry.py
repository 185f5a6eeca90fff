"""Waiting, as tenacity's small objects: what to wait for, how long, and when to stop waiting in process.

A short wait is slept where it arises; a longer one goes to the durable timer and frees the worker. Neither
costs an attempt. The stock objects of tenacity combine with these by ``+``, ``|`` and ``&``.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tenacity import RetryCallState, retry_if_exception_type, retry_if_result, stop_after_delay
from tenacity.stop import stop_base
from tenacity.wait import wait_base, wait_random_exponential

from producers.errors import Unavailable
from worker.governor.gate import Wait

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
        outcome = retry_state.outcome.result() if retry_state.outcome else None
        if isinstance(outcome, Wait) and outcome.seconds > 0:
            # A hair more, so that all who were told the same moment don't come at once.
            return outcome.seconds + random.uniform(0.0, 0.02)  # noqa: S311 - spreading load, not secrecy
        pause = min(self.first * float(2 ** (retry_state.attempt_number - 1)), self.last)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311


class stop_if_wait_too_long(stop_base):  # noqa: N801
    """Stop when the governor's own figure is beyond the budget: that wait belongs on the timer."""

    def __init__(self, budget: float = IN_PROCESS_WAIT) -> None:
        self.budget = budget

    def __call__(self, retry_state: RetryCallState) -> bool:
        """Return whether to stop."""
        outcome = retry_state.outcome.result() if retry_state.outcome else None
        return isinstance(outcome, Wait) and outcome.seconds > self.budget


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
stop_waiting_in_process = stop_if_wait_too_long() | stop_after_delay(IN_PROCESS_WAIT)

#: Redis comes back after a restart or a fail-over: an outcome that was paid for is kept in hand until then.
retry_if_redis_is_away = retry_if_exception_type(Unavailable)
wait_for_redis = wait_random_exponential(multiplier=0.1, max=2.0)
#: Seconds. After that the batch's lease is long over and the next owner treats it as in doubt.
stop_waiting_for_redis = stop_after_delay(600.0)
