"""Subscribers' calls in the ledger: waited for, confirmed once, over."""

from __future__ import annotations

import time

import msgspec
import pytest

from producers.ledger import awaited_calls, keys
from producers.ledger.awaited_calls import AwaitedCall
from producers.ledger.store import Store
from tests.conftest import wait_until

A, B = "79991230001", "79991230002"
NUMBER, NUMBERS = "74950000001", ("74950000001", "74950000002")
ENTRY = "confirm|default"


def begin(
    store: Store,
    phone: str = A,
    *,
    account: str = "default",
    number: str = NUMBER,
    seconds: float = 900.0,
    look_in: float = 30.0,
) -> None:
    begun = awaited_calls.begin(account, phone, number, NUMBERS, seconds=seconds, look_in=look_in)
    assert store.run(begun) == 1


def confirm(store: Store, phone: str = A, account: str = "default") -> bool:
    return store.run(awaited_calls.confirm(account, phone))


def count(store: Store, account: str = "default") -> int:
    return store.run(awaited_calls.count_open(account))


def read(store: Store, phone: str = A, account: str = "default") -> AwaitedCall | None:
    return awaited_calls.view(*store.run_all(awaited_calls.read(account, phone)))


def state(store: Store, phone: str = A) -> str:
    found = read(store, phone)
    assert found is not None
    return found.state


def shift(store: Store, seconds: float, phone: str = A, account: str = "default") -> None:
    """Have a wait end so many seconds ago."""
    end = round((time.time() - seconds) * 1000)
    store.ledger.hset(keys.awaited_call(account, phone), "expires", end)
    store.ledger.zadd(keys.awaited_calls(account), {phone: end + 60_000})


def test_a_wait_is_as_it_was_begun(store: Store) -> None:
    begin(store)
    found = read(store)
    assert found is not None
    assert (found.number, found.numbers, found.state, found.confirmed_at) == (NUMBER, NUMBERS, "waiting", 0)
    assert 890 < found.left <= 900
    assert abs(found.expires_at - time.time() - 900) < 10
    assert count(store) == 1


def test_confirmed_once(store: Store) -> None:
    begin(store)
    assert confirm(store)
    found = read(store)
    assert found is not None
    assert (found.state, found.left) == ("confirmed", 0.0)
    assert abs(found.confirmed_at - time.time()) < 10
    assert not confirm(store)
    assert read(store) == found
    assert count(store) == 0


def test_a_call_that_nobody_waits_for(store: Store) -> None:
    assert not confirm(store)
    assert read(store) is None
    begin(store)
    assert not confirm(store, B)
    assert not confirm(store, account="other")
    assert (state(store), count(store)) == ("waiting", 1)


def test_two_at_once(store: Store) -> None:
    begin(store, A)
    begin(store, B, number=NUMBERS[1])
    begin(store, B, account="other")
    assert (count(store), count(store, "other")) == (2, 1)
    assert confirm(store, B)
    assert (state(store, A), state(store, B), count(store), count(store, "other")) == (
        "waiting",
        "confirmed",
        1,
        1,
    )


def test_expired(store: Store) -> None:
    begin(store, seconds=0.05)
    wait_until(lambda: state(store) == "expired", seconds=5)
    found = read(store)
    assert found is not None
    assert (found.left, found.confirmed_at) == (0.0, 0)


def test_it_is_looked_for_a_while_after_the_end(store: Store) -> None:
    begin(store)
    shift(store, 55)
    assert (count(store), state(store)) == (1, "expired")
    shift(store, 61)
    assert count(store) == 0
    assert store.ledger.zcard(keys.awaited_calls("default")) == 0
    assert not confirm(store)
    assert state(store) == "expired"


def test_news_of_a_call_that_came_in_time_may_be_late(store: Store) -> None:
    begin(store)
    shift(store, 20)
    found = read(store)
    assert found is not None
    assert 30 < found.news_left < 45
    assert confirm(store)
    assert state(store) == "confirmed"


@pytest.mark.parametrize("called", [False, True])
def test_a_new_wait_begins_anew(store: Store, *, called: bool) -> None:
    begin(store)
    if called:
        assert confirm(store)
    else:
        shift(store, 1000)
    begin(store, number=NUMBERS[1])
    found = read(store)
    assert found is not None
    assert (found.state, found.number, found.confirmed_at) == ("waiting", NUMBERS[1], 0)
    assert confirm(store)


def test_the_record_outlives_the_wait_and_then_goes(store: Store) -> None:
    begin(store, seconds=900)
    left = store.ledger.ttl(keys.awaited_call("default", A))
    assert 900 + awaited_calls.KEPT - 60 < left <= 900 + awaited_calls.KEPT
    assert confirm(store)
    assert store.ledger.ttl(keys.awaited_call("default", A)) > awaited_calls.KEPT - 60


def test_one_look_is_planned_for_all(store: Store) -> None:
    begin(store, A, look_in=10)
    planned = store.ledger.zscore(keys.TIMER, ENTRY)
    assert planned is not None
    assert abs(float(planned) - (time.time() + 10) * 1000) < 5000
    begin(store, B, look_in=1)
    assert store.ledger.zscore(keys.TIMER, ENTRY) == planned
    begin(store, A, account="other", look_in=1)
    assert store.ledger.zcard(keys.TIMER) == 2


def test_no_phone_in_a_repr() -> None:
    found = awaited_calls.view([b"74950000001", msgspec.json.encode([NUMBER]), b"1000", None, b"0"], 0.5)
    assert repr(found) == "AwaitedCall(state='waiting')"
