from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from tenacity import AsyncRetrying

from producers.ledger.accounts import read_account
from producers.ledger.store import Store
from producers.states import Lane
from worker.governor.gate import SLOT_LEASE_MS, Gate, Permit, Wait
from worker.governor.rules import RESERVED_FOR_URGENT, RULES
from worker.retry import (
    IN_PROCESS_WAIT,
    retry_if_told_to_wait,
    stop_if_wait_too_long,
    stop_when,
    wait_for_gate,
)

NOW = 1_800_000_000_000
LIMIT = RULES["smsc", "send"].in_flight


@pytest.fixture
def gate() -> Gate:
    return Gate("default", "smsc", "credentials")


def ask(
    store: Store, gate: Gate, fingerprint: str, *, lane: Lane = Lane.URGENT, now: int = NOW
) -> Permit | Wait:
    return store.run(gate.acquire("send", fingerprint, lane, now_ms=now))


def granted(store: Store, gate: Gate, fingerprint: str, *, now: int = NOW) -> Permit:
    answer = ask(store, gate, fingerprint, now=now)
    assert isinstance(answer, Permit), answer
    return answer


def prove(store: Store, gate: Gate) -> None:
    """Let the account's credentials work once."""
    permit = granted(store, gate, "proof")
    assert permit.probing
    store.run(gate.release(permit, sent=True, works=True))


class TestIdentical:
    def test_the_second_within_the_window_waits_for_its_end(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        first = granted(store, gate, "a")
        store.run(gate.release(first, sent=True))
        assert ask(store, gate, "a", now=NOW + 1) == Wait("identical", 61.999)
        assert isinstance(ask(store, gate, "b", now=NOW + 1), Permit)
        assert ask(store, gate, "a", now=NOW + 61_999) == Wait("identical", 0.001)
        assert isinstance(ask(store, gate, "a", now=NOW + 62_000), Permit)

    def test_what_surely_did_not_leave_doesn_t_count(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        store.run(gate.release(granted(store, gate, "a"), sent=False))
        assert isinstance(ask(store, gate, "a", now=NOW + 1), Permit)

    def test_the_window_scales_with_the_provider_s_minute(self, store: Store) -> None:
        fast = Gate("default", "smsc", "credentials", minute=0.6)
        prove(store, fast)
        granted(store, fast, "a")
        assert ask(store, fast, "a", now=NOW + 100) == Wait("identical", 0.75)

    def test_no_window_of_any_length_holds_more_than_allowed(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        stamps = []
        for at in range(0, 300_000, 777):
            answer = ask(store, gate, "a", now=NOW + at)
            if isinstance(answer, Permit):
                store.run(gate.release(answer, sent=True))
                stamps.append(at)
        assert len(stamps) >= 4
        assert all(later - earlier > 60_000 for earlier, later in pairwise(stamps))


class TestInFlight:
    def test_no_more_than_the_limit_and_bulk_leaves_some(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        bulk = [ask(store, gate, str(n), lane=Lane.BULK) for n in range(LIMIT)]
        assert sum(isinstance(answer, Permit) for answer in bulk) == LIMIT - RESERVED_FOR_URGENT
        assert bulk[-1] == Wait("in_flight", 0.0)
        urgent = granted(store, gate, "urgent")
        assert ask(store, gate, "urgent 2") == Wait("in_flight", 0.0)
        store.run(gate.release(urgent, sent=True))
        granted(store, gate, "urgent 3")

    def test_a_dead_worker_s_slots_come_free_by_themselves(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        for n in range(LIMIT):
            granted(store, gate, str(n))
        assert isinstance(ask(store, gate, "x", now=NOW + SLOT_LEASE_MS - 1), Wait)
        assert isinstance(ask(store, gate, "x", now=NOW + SLOT_LEASE_MS), Permit)

    def test_the_limit_is_below_the_provider_s(self) -> None:
        for rule in RULES.values():
            assert rule.in_flight < (5 if rule.flight_group == "status" else 15)
            assert rule.source


class TestBreaker:
    def test_until_the_credentials_have_worked_one_request_finds_out(self, store: Store, gate: Gate) -> None:
        probe = granted(store, gate, "a")
        assert probe.probing
        assert ask(store, gate, "b") == Wait("in_flight", 0.0, "probing")
        store.run(gate.release(probe, sent=True, works=True))
        assert not granted(store, gate, "b").probing
        assert not granted(store, gate, "c").probing

    def test_other_credentials_must_prove_themselves(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        assert granted(store, Gate("default", "smsc", "changed"), "a").probing

    def test_a_paused_account_sends_nothing_and_comes_back_with_a_probe(
        self, store: Store, gate: Gate
    ) -> None:
        prove(store, gate)
        one, two = granted(store, gate, "a"), granted(store, gate, "b")
        for permit in (one, two):
            store.run(gate.release(permit, sent=True, pause=60, reason="no_money", now_ms=NOW))
        assert ask(store, gate, "c", now=NOW + 59_000) == Wait("paused", 1.0, "no_money")
        view = store.run(read_account("default"))
        assert (view.pause_until, view.pause_reason, view.works) == (NOW + 60_000, "no_money", False)
        probe = granted(store, gate, "c", now=NOW + 60_000)
        assert probe.probing
        assert isinstance(ask(store, gate, "d", now=NOW + 60_001), Wait)
        store.run(gate.release(probe, sent=True, works=True))
        assert store.run(read_account("default")).pause_reason == ""
        assert isinstance(ask(store, gate, "d", now=NOW + 60_002), Permit)

    def test_wrong_credentials_pause_only_those_who_use_them(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        wrong = Gate("default", "smsc", "wrong")
        permit = granted(store, wrong, "a")
        store.run(wrong.release(permit, sent=True, pause=600, reason="auth", now_ms=NOW))
        assert ask(store, wrong, "b") == Wait("paused", 600.0, "auth")
        assert not granted(store, gate, "b").probing

    def test_a_later_shorter_pause_doesn_t_shorten_a_longer_one(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        one, two = granted(store, gate, "a"), granted(store, gate, "b")
        store.run(gate.release(one, sent=True, pause=600, reason="ip_blocked", now_ms=NOW))
        store.run(gate.release(two, sent=True, pause=60, reason="ip_blocked", now_ms=NOW))
        assert ask(store, gate, "c") == Wait("paused", 600.0, "ip_blocked")

    def test_many_errors_in_a_row_stop_us_before_the_provider_does(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        most = RULES["smsc", "send"].error_run
        assert 0 < most <= 100 - LIMIT

        def answer(number: int, *, error: bool, now: int) -> None:
            permit = granted(store, gate, f"{number}:{now}", now=now)
            store.run(gate.release(permit, sent=True, works=True, error=error, now_ms=now))

        for number in range(most - 1):
            answer(number, error=True, now=NOW)
        answer(0, error=False, now=NOW + 1)
        for number in range(most - 1):
            answer(number, error=True, now=NOW + 2)
        # Those of more than ten minutes ago don't count any more.
        for number in range(most - 1):
            answer(number, error=True, now=NOW + 600_003)
        answer(most, error=True, now=NOW + 600_004)
        assert ask(store, gate, "x", now=NOW + 600_005) == Wait("paused", 599.999, "many_errors")
        assert granted(store, gate, "y", now=NOW + 1_200_005).probing


class TestPolicies:
    """The tenacity objects, without a real second passing."""

    @staticmethod
    def waits(answers: list[Permit | Wait], stop: object) -> tuple[list[float], object]:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        async def ask() -> Permit | Wait:
            return answers.pop(0)

        async def use() -> object:
            return await AsyncRetrying(
                wait=wait_for_gate(first=0.01, last=0.04),
                stop=stop,  # type: ignore[arg-type]
                retry=retry_if_told_to_wait,
                sleep=sleep,
                retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
            )(ask)

        return slept, asyncio.run(use())

    PERMIT = Permit("t", "f", "send", 1, probing=False)

    def test_it_waits_what_it_is_told_and_polls_where_nobody_knows(self) -> None:
        answers = [Wait("identical", 2.0), *[Wait("in_flight", 0.0)] * 5, self.PERMIT]
        slept, result = self.waits(answers, stop_if_wait_too_long())
        assert result == self.PERMIT
        assert 2.0 <= slept[0] <= 2.02
        assert all(0.0 < pause <= 0.04 for pause in slept[1:])

    def test_a_long_wait_is_handed_back_at_once(self) -> None:
        long = Wait("paused", IN_PROCESS_WAIT + 1, "no_money")
        assert self.waits([long], stop_if_wait_too_long()) == ([], long)

    def test_it_ends_when_the_worker_is_asked_to(self) -> None:
        wait = Wait("in_flight", 0.0)
        assert self.waits([wait], stop_when(lambda: True)) == ([], wait)


def test_a_question_repeated_after_a_lost_reply_books_one_slot(store: Store, gate: Gate) -> None:
    prove(store, gate)
    call = gate.acquire("send", "a", Lane.URGENT, now_ms=NOW)
    first, again = store.run(call), store.run(call)
    assert first == again
    assert isinstance(first, Permit)
    assert store.ledger.zcard("{smsq}:g:default:flight:send") == 1


class TestAny:
    def test_the_hundred_and_first_of_any_kind_waits(self, store: Store, gate: Gate) -> None:
        """SMSC, info.php: 100 requests a minute whatever they ask."""
        prove(store, gate)
        for number in range(100):
            answer = store.run(gate.acquire("operator", f"n{number}", Lane.CONTROL, now_ms=NOW + number))
            assert isinstance(answer, Permit)
            store.run(gate.release(answer, sent=True))
        assert store.run(gate.acquire("operator", "x", Lane.CONTROL, now_ms=NOW + 100)) == Wait("any", 61.9)
        assert isinstance(store.run(gate.acquire("operator", "x", Lane.CONTROL, now_ms=NOW + 62_000)), Permit)

    def test_what_surely_did_not_leave_doesn_t_count(self, store: Store, gate: Gate) -> None:
        prove(store, gate)
        for number in range(101):
            answer = store.run(gate.acquire("operator", f"n{number}", Lane.CONTROL, now_ms=NOW + number))
            assert isinstance(answer, Permit)
            store.run(gate.release(answer, sent=False))


def test_a_request_that_left_late_counts_from_when_it_left(store: Store, gate: Gate) -> None:
    prove(store, gate)
    store.run(gate.release(granted(store, gate, "a"), sent=True, late=15.0))
    assert ask(store, gate, "a", now=NOW + 62_000) == Wait("identical", 15.0)
    assert isinstance(ask(store, gate, "a", now=NOW + 77_000), Permit)


def test_a_request_that_the_provider_may_still_work_on_keeps_its_slot(store: Store, gate: Gate) -> None:
    prove(store, gate)
    permits = [granted(store, gate, f"{number}") for number in range(LIMIT)]
    store.run(gate.release(permits[0], sent=True, at_work=True, now_ms=NOW + 5_000))
    assert ask(store, gate, "b", now=NOW + 6_000) == Wait("in_flight", 0.0)
    later = NOW + 5_000 + SLOT_LEASE_MS
    for permit in permits[2:]:
        store.run(gate.renew(permit, lease_ms=SLOT_LEASE_MS))
    assert isinstance(ask(store, gate, "b", now=later + 1), Permit)
