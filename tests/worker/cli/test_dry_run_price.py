"""``smsq campaign start --dry-run``: what a file would cost, by a random sample."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal

import pytest

from producers.recipients.chunk import Chunk
from tests.worker.cli.conftest import Shell, Stack
from worker.cli.pricing import Estimate, Sample, extrapolate

START = ("campaign", "start", "f.csv", "--dry-run")
AWAY = {"SMSQ_REDIS_URL": "redis://127.0.0.1:1/0"}
NOBODY = {"SMSQ_SMSC_LOGIN": "", "SMSQ_SMSC_PASSWORD": ""}


def test_a_small_file_is_priced_exactly(shell: Shell, stack: Stack) -> None:
    shell.clients("f.csv", 120)
    before = stack.books()["messages"]
    done = shell.smsq(*START, "--text", "{name}, скидка", "--json")
    assert done.status == 0, done.out
    assert done.json["price"] == {
        "cost": "180.0000",
        "exact": True,
        "sample": 120,
        "plus_minus": "0.0000",
    }
    assert "price_unknown" not in done.json
    assert stack.books()["messages"] == before


def test_a_large_file_is_priced_by_sample(shell: Shell) -> None:
    shell.clients("f.csv", 2000)
    done = shell.inside(*START, "--text", "Скидка всем", "--json")
    assert done.status == 0, done.out
    price = done.json["price"]
    assert (price["exact"], price["sample"], price["cost"]) == (False, 500, "3000.0000")
    assert price["plus_minus"] == "0.0000"  # the simulator's price is the same for everybody
    shown = shell.inside(*START, "--text", "Скидка всем").facts["price"]
    assert shown == "3000.0000 (estimate from a sample of 500: ± 0.0000)"


def test_texts_of_different_lengths(shell: Shell) -> None:
    rows = [f"+7999{number:07},{'слово ' * (number % 40 + 1)}" for number in range(1500)]
    shell.file("f.csv", "phone,text", *rows)
    done = shell.inside(*START, "--json")
    assert done.status == 0, done.out
    true = Decimal("1.5") * done.json["segments"]
    assert abs(Decimal(done.json["price"]["cost"]) - true) <= Decimal("0.01") * true


@pytest.mark.parametrize("exact", [120, 500])
def test_exact_for_people(shell: Shell, exact: int) -> None:
    shell.clients("f.csv", exact)
    assert "(exact: every recipient was priced)" in shell.inside(*START, "--text", "x").facts["price"]


def test_the_price_isn_t_asked_for(shell: Shell, stack: Stack) -> None:
    shell.clients("f.csv", 3)
    before = stack.asked()
    done = shell.inside(*START, "--text", "x", "--no-price", "--json")
    assert (done.status, done.json["price"], done.json["price_unknown"]) == (0, None, "not asked for")
    assert stack.asked() == before


def test_no_redis(shell: Shell) -> None:
    shell.clients("f.csv", 3)
    done = shell.inside(*START, "--text", "x", "--json", **AWAY)
    assert (done.status, done.json["price"]) == (0, None)
    assert "Redis" in done.json["price_unknown"]
    assert shell.inside(*START, "--text", "x", **AWAY).facts["price"].startswith("not known: Redis")


def test_no_credentials_and_no_worker(shell: Shell, stack: Stack) -> None:
    shell.clients("f.csv", 3)
    done = shell.inside(*START, "--text", "x", "--json", **NOBODY, **stack.without_workers)
    assert (done.status, done.json["price"]) == (0, None)
    assert "credentials" in done.json["price_unknown"]


def test_a_worker_s_credentials_are_enough(shell: Shell) -> None:
    shell.clients("f.csv", 4)
    done = shell.inside(*START, "--text", "x", "--json", **NOBODY)
    assert done.json["price"]["cost"] == "6.0000"


def test_the_provider_refuses(shell: Shell) -> None:
    shell.clients("f.csv", 3)
    done = shell.inside(*START, "--text", "[forbidden] x", "--json")
    assert (done.status, done.json["price"]) == (0, None)
    assert done.json["price_unknown"]


def drawn(seed: int, sizes: list[int], most: int) -> list[int]:
    sample, first = Sample(str(seed).encode(), most), 0
    for size in sizes:
        sample.add(Chunk(list(range(first, first + size)), None, [1] * size))
        first += size
    return [recipient.phone for recipient in sample.recipients]


def test_everybody_has_the_same_chance() -> None:
    found = Counter(phone // 100 for seed in range(300) for phone in drawn(seed, [30, 7, 500, 3, 460], 50))
    assert sum(found.values()) == 300 * 50
    assert all(1300 < count < 1700 for count in found.values())


@pytest.mark.parametrize("sizes", [[20], [50], [51], [1] * 49, [49, 1], [49, 2], [50, 50], [7] * 30])
def test_a_sample_has_nobody_twice(sizes: list[int]) -> None:
    found = drawn(1, sizes, 50)
    assert len(found) == len(set(found)) == min(50, sum(sizes))
    assert found == drawn(1, sizes, 50)
    assert all(0 <= phone < sum(sizes) for phone in found)


def test_the_true_price_is_nearly_always_within_the_limits() -> None:
    lots = random.Random(7)
    prices = [lots.choice([15_000, 15_000, 15_000, 60_000, 90_000]) for _ in range(20_000)]
    true, hits = sum(prices), 0
    for _ in range(200):
        picked = lots.sample(prices, 500)
        parts = [picked[number::4] for number in range(4)]
        found = extrapolate(
            [sum(part) for part in parts], [125] * 4, sample=500, recipients=20_000, segments=20_000
        )
        assert not found.exact
        hits += abs(found.cost - true) <= found.plus_minus
    assert hits >= 180


def test_the_words() -> None:
    assert str(Estimate(15_000, exact=False, sample=500, plus_minus=300)) == (
        "1.5000 (estimate from a sample of 500: ± 0.0300)"
    )
