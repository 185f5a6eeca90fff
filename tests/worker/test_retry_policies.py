"""Every endpoint's policy follows from its throttle: how long, how often, and what is worth another try."""

from __future__ import annotations

import asyncio
from typing import get_args

import pytest
from tenacity import AsyncRetrying, Future, RetryCallState

from producers.questions import AskStatus, Question
from worker.governor.gate import Wait
from worker.governor.rules import RULES, window_seconds
from worker.providers.base import ProviderError
from worker.providers.smsc import methods
from worker.retry import ASK_AGAIN, IN_PROCESS_WAIT, Policy, policies

SMSC = sorted(endpoint for provider, endpoint in RULES if provider == "smsc")
MINUTE = 60.0


def policy(endpoint: str, minute: float = MINUTE) -> Policy:
    return policies("smsc", minute)[endpoint]


def after(outcome: object, *, tries: int = 1, upcoming: float = 0.0) -> RetryCallState:
    """What tenacity shows a policy after a try."""
    state = RetryCallState(AsyncRetrying(), None, (), {})
    state.attempt_number = tries
    state.upcoming_sleep = upcoming
    future = Future(tries)
    if isinstance(outcome, BaseException):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
    state.outcome = future
    state.outcome_timestamp = state.start_time
    return state


BAD_REPLY = ProviderError("bad_reply", wait=62.0, in_doubt=True)


@pytest.mark.parametrize(("provider", "endpoint"), sorted(RULES))
def test_every_endpoint_has_a_policy(provider: str, endpoint: str) -> None:
    found = policies(provider, MINUTE)[endpoint]
    pause = window_seconds(MINUTE) / max(RULES[provider, endpoint].identical, 1)
    assert found.wait(after(BAD_REPLY)) == pytest.approx(pause)
    assert found.retry(after(Wait("identical", 1.0)))
    assert not found.retry(after("an answer"))
    assert not found.retry(after(ProviderError("auth", code=2, wait=600.0, pause_account=True)))


def test_a_provider_has_no_other_s_policies() -> None:
    assert sorted(policies("smsc", MINUTE)) == SMSC
    assert policies("nobody", MINUTE) == {}


@pytest.mark.parametrize("question", get_args(Question))
def test_every_question_s_endpoint_has_a_rule(question: type[Question]) -> None:
    endpoint = methods.endpoint(question())
    assert ("smsc", endpoint) in RULES
    assert endpoint in policies("smsc", MINUTE)
    assert "error 9" in RULES["smsc", endpoint].source


def test_one_message_s_status_has_an_endpoint_of_its_own() -> None:
    one, two = ("1", "79991234567"), ("2", "79991234567")
    assert methods.endpoint(AskStatus(messages=(one,))) == "status_one"
    assert methods.endpoint(AskStatus(messages=(one, two))) == "status"


@pytest.mark.parametrize(
    ("endpoint", "pause"),
    [
        ("numbers", 31.0),
        ("rent", 31.0),
        ("renewal", 31.0),
        ("wait_call", 1.24),
        ("downloads", 20.67),
        ("download_file", 20.67),
        ("inbox", 20.67),
        ("history", 20.67),
        ("operator", 20.67),
        ("price", 12.4),
        ("balance", 6.2),
        ("status_one", 12.4),
        ("status", 62.0),
    ],
)
def test_the_pauses_that_the_documents_name(endpoint: str, pause: float) -> None:
    assert policy(endpoint).wait(after(BAD_REPLY)) == pytest.approx(pause, abs=0.005)


@pytest.mark.parametrize("endpoint", ["numbers", "wait_call", "status"])
def test_a_simulator_s_shorter_minute_shortens_the_pause(endpoint: str) -> None:
    pause = window_seconds(1.0) / RULES["smsc", endpoint].identical
    assert policy(endpoint, 1.0).wait(after(BAD_REPLY, tries=5)) == pytest.approx(pause)


def test_what_never_left_is_tried_again_sooner() -> None:
    down = ProviderError("connect_failed", wait=5.0)
    assert policy("numbers").wait(after(down)) == 5.0
    assert policy("wait_call").wait(after(down)) == pytest.approx(1.24)
    refused = ProviderError("duplicate_request", code=9, wait=5.0)
    assert policy("numbers").wait(after(refused)) == 31.0


def test_the_governor_s_word_counts() -> None:
    for _ in range(50):
        assert 3.0 <= policy("numbers").wait(after(Wait("identical", 3.0))) <= 3.02
        assert 0.0 < policy("numbers").wait(after(Wait("in_flight", 0.0), tries=40)) <= 0.05


@pytest.mark.parametrize("endpoint", SMSC)
@pytest.mark.parametrize("reason", sorted(ASK_AGAIN))
def test_only_what_costs_no_money_is_tried_again(endpoint: str, reason: str) -> None:
    worth = policy(endpoint).retry(after(ProviderError(reason, wait=1.0)))
    assert worth == (endpoint != "send")


@pytest.mark.parametrize(
    "reason", ["auth", "ip_blocked", "no_money", "parameters_error", "too_late", "claim_lost", "not_rented"]
)
@pytest.mark.parametrize("endpoint", ["balance", "rent", "send"])
def test_what_another_try_can_t_change(endpoint: str, reason: str) -> None:
    assert not policy(endpoint).retry(after(ProviderError(reason)))


def test_an_error_of_the_program_is_not_repeated() -> None:
    assert not policy("balance").retry(after(ValueError("x")))


@pytest.mark.parametrize("endpoint", SMSC)
def test_a_long_wait_is_for_the_timer(endpoint: str) -> None:
    stop = policy(endpoint).stop
    assert stop(after(BAD_REPLY, upcoming=IN_PROCESS_WAIT + 0.1))
    assert not stop(after(BAD_REPLY, upcoming=IN_PROCESS_WAIT - 0.1))


async def test_a_policy_as_tenacity_uses_it() -> None:
    """Two failures and a wait, then the answer, in process since each pause is short."""
    outcomes: list[object] = [BAD_REPLY, Wait("identical", 0.05), ProviderError("http_503", wait=1.0), "here"]
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    async def once() -> object:
        outcome = outcomes.pop(0)
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    found = policy("wait_call")
    assert await AsyncRetrying(wait=found.wait, stop=found.stop, retry=found.retry, sleep=sleep)(once) == (
        "here"
    )
    assert slept == [pytest.approx(1.24), pytest.approx(0.06, abs=0.011), pytest.approx(1.0)]
