"""Questions in the ledger: who asks anew, who joins, who owns one, and what a lost owner leaves."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from producers.answers import BalanceAnswer, Done, FreeNumbers, Rented
from producers.ledger import keys, questions
from producers.ledger.questions import Asked, QuestionClaim, QuestionView
from producers.ledger.store import Store
from producers.ledger.timer import take_due
from producers.questions import AskBalance, AskInbox, AskNumbers, ChangeRenewal, Question, RentNumber
from tests.producers.ledger.ledger_cases import LEASE, NOW

BALANCE = BalanceAnswer(1_000_000, currency="RUR")
RENT = RentNumber(phone="79000000901")
PATIENCE = 90.0


def ask(
    store: Store,
    name: str,
    question: Question | None = None,
    *,
    account: str = "default",
    provider: str = "smsc",
    now: int = NOW,
    **more: Any,
) -> tuple[str, Asked]:
    members: dict[str, Any] = {"max_age": 5.0, "patience": PATIENCE, **more}
    return store.run(questions.ask(name, account, provider, question or AskBalance(), now_ms=now, **members))


def try_take(store: Store, name: str, now: int = NOW) -> QuestionClaim | str:
    return store.run(questions.take(name, lease_ms=LEASE, now_ms=now))


def take(store: Store, name: str, now: int = NOW) -> QuestionClaim:
    claim = try_take(store, name, now)
    assert isinstance(claim, QuestionClaim), claim
    return claim


def view(store: Store, name: str) -> QuestionView:
    found = questions.view(*store.run_all(questions.read(name)))
    assert found is not None
    return found


def server_now(store: Store) -> int:
    seconds, micros = store.ledger.time()
    return int(seconds) * 1000 + int(micros) // 1000


def due(store: Store, name: str) -> float | None:
    found = store.ledger.zscore(keys.TIMER, f"ask|{name}")
    return None if found is None else float(found)


def test_the_first_creates_and_the_others_join(store: Store) -> None:
    assert ask(store, "q1") == ("q1", "created")
    assert ask(store, "q2", now=NOW + 1000) == ("q1", "joined")
    claim = take(store, "q1", NOW + 1000)
    assert ask(store, "q3", now=NOW + 2000) == ("q1", "joined")
    assert store.run(questions.answer(claim, BALANCE))
    assert view(store, "q1").answer == BALANCE
    assert [store.ledger.exists(keys.question(name)) for name in ("q1", "q2", "q3")] == [1, 0, 0]


def test_who_joins_is_waited_for_as_long_as_it_waits(store: Store) -> None:
    ask(store, "q1", patience=10.0)
    ask(store, "q2", now=NOW + 4000, patience=30.0)
    assert take(store, "q1", NOW + 5000).left == 29.0


def test_who_joins_with_less_patience_shortens_nothing(store: Store) -> None:
    ask(store, "q1", patience=10.0)
    ask(store, "q2", now=NOW + 1000, patience=2.0)
    assert take(store, "q1", NOW + 2000).left == 8.0


@pytest.mark.parametrize(
    ("max_age", "how"), [(9.0, "known"), (60.0, "known"), (1.0, "created"), (0.0, "created")]
)
def test_an_answer_is_known_as_long_as_it_is_young_enough(store: Store, max_age: float, how: str) -> None:
    now = server_now(store)
    ask(store, "q1", now=now)
    assert store.run(questions.answer(take(store, "q1", now), BALANCE))
    answered = view(store, "q1").answered_at
    assert ask(store, "q2", now=answered + 5000, max_age=max_age) == ("q1" if how == "known" else "q2", how)


def test_an_age_is_counted_from_the_answer_to_the_millisecond(store: Store) -> None:
    now = server_now(store)
    ask(store, "q1", now=now)
    assert store.run(questions.answer(take(store, "q1", now), BALANCE))
    answered = view(store, "q1").answered_at
    assert ask(store, "q2", now=answered + 5000) == ("q1", "known")
    assert ask(store, "q3", now=answered + 5001) == ("q3", "created")
    # From here on the new one is what the others find.
    assert ask(store, "q4", now=answered + 5002) == ("q3", "joined")


def test_a_failure_is_nobody_else_s_answer(store: Store) -> None:
    ask(store, "q1")
    assert store.run(questions.fail(take(store, "q1"), "auth", 2))
    assert ask(store, "q2", now=NOW + 1) == ("q2", "created")


def test_only_the_same_question_of_the_same_account_is_shared(store: Store) -> None:
    asked: list[Question] = [
        AskBalance(),
        AskNumbers(),
        AskInbox(),
        AskInbox(after=7),
        AskInbox(after=7, hours=1),
    ]
    names = [ask(store, f"q{n}", question)[0] for n, question in enumerate(asked)]
    assert names == ["q0", "q1", "q2", "q3", "q4"]
    assert ask(store, "q5", account="other") == ("q5", "created")
    assert ask(store, "q6", provider="sms2") == ("q6", "created")
    assert ask(store, "q7", AskInbox(after=7)) == ("q3", "joined")


def test_without_age_everybody_asks(store: Store) -> None:
    assert [ask(store, f"q{n}", RENT, max_age=0.0) for n in range(3)] == [
        (f"q{n}", "created") for n in range(3)
    ]


def test_the_same_id_is_written_once(store: Store) -> None:
    """A producer whose connection broke asks again under the id that it chose."""
    assert ask(store, "q1", RENT, max_age=0.0) == ("q1", "created")
    claim = take(store, "q1")
    assert ask(store, "q1", RENT, max_age=0.0, now=NOW + 1) == ("q1", "created")
    assert (view(store, "q1").state, claim.token) == ("asking", 1)


def test_keys(store: Store) -> None:
    assert ask(store, "q1", RENT, key="k", max_age=0.0) == ("q1", "created")
    assert ask(store, "q2", RENT, key="k", max_age=0.0) == ("q1", "same")
    assert ask(store, "q3", RentNumber(phone="79000000902"), key="k") == ("q1", "differs")
    assert ask(store, "q4", RENT, key="k", account="other") == ("q1", "differs")
    assert ask(store, "q5", RENT, key="other") == ("q5", "created")
    assert store.run(questions.answer(take(store, "q1"), Rented("79000000901")))
    # However old it is.
    assert ask(store, "q6", RENT, key="k", now=NOW + 3_000_000) == ("q1", "same")


def test_a_key_and_no_key_don_t_find_each_other(store: Store) -> None:
    assert ask(store, "q1") == ("q1", "created")
    assert ask(store, "q2", key="k") == ("q2", "created")
    assert ask(store, "q3") == ("q1", "joined")


def test_a_key_is_remembered_as_long_as_asked_for(store: Store) -> None:
    ask(store, "q1", RENT, key="k", key_seconds=7 * 24 * 3600.0)
    pointer = keys.idempotency("question\0k")
    for name in (keys.question("q1"), pointer):
        assert 7 * 24 * 3600 - 60 < store.ledger.ttl(name) <= 7 * 24 * 3600


def test_a_question_wakes_again_by_the_timer(store: Store) -> None:
    ask(store, "q1")
    assert due(store, "q1") == NOW + questions.REWAKE_MS
    [entry] = store.run(take_due(now_ms=NOW + questions.REWAKE_MS))
    assert (entry.kind, entry.id, entry.lane) == ("ask", "q1", "control")


def test_one_owner_at_a_time(store: Store) -> None:
    ask(store, "q1", RENT)
    claim = take(store, "q1")
    assert (claim.question, claim.account, claim.provider) == (RENT, "default", "smsc")
    assert claim.left == PATIENCE
    assert (claim.doubtful, claim.step) == (False, "")
    assert try_take(store, "q1", NOW + LEASE - 1) == "busy"
    assert due(store, "q1") == NOW + LEASE
    second = take(store, "q1", NOW + LEASE)
    assert (second.token, second.doubtful) == (claim.token + 1, False)


def test_taking_repeated_after_a_lost_reply_gives_the_same(store: Store) -> None:
    ask(store, "q1")
    call = questions.take("q1", lease_ms=LEASE, now_ms=NOW)
    first, again = store.run(call), store.run(call)
    assert isinstance(first, QuestionClaim)
    assert first == again
    assert try_take(store, "q1") == "busy"


def test_what_nobody_waits_for_is_not_asked(store: Store) -> None:
    ask(store, "q1", patience=10.0)
    assert try_take(store, "q1", NOW + 10_000) == "late"
    assert due(store, "q1") is None
    found = view(store, "q1")
    assert (found.state, found.code) == ("failed", "deadline")
    assert try_take(store, "q1", NOW + 10_001) == "idle"


def test_a_dead_owner_s_question_that_read_is_late_too(store: Store) -> None:
    ask(store, "q1", patience=10.0)
    take(store, "q1")
    assert try_take(store, "q1", NOW + LEASE) == "late"


def test_a_dead_owner_s_deed_is_looked_into_however_late(store: Store) -> None:
    ask(store, "q1", RENT, patience=10.0)
    assert store.run(questions.intend(take(store, "q1")))
    assert try_take(store, "q1", NOW + LEASE - 1) == "busy"
    second = take(store, "q1", NOW + LEASE)
    assert (second.doubtful, second.step, second.left) == (True, "", 10.0 - LEASE / 1000)
    assert store.run(questions.postpone(second, 1.0, "in_doubt", step="grace"))
    third = take(store, "q1", NOW + LEASE + 1000)
    assert (third.doubtful, third.step) == (True, "grace")
    assert store.run(questions.answer(third, Rented("79000000901", certain=False)))


def test_a_deed_that_was_put_off_is_no_longer_in_doubt(store: Store) -> None:
    ask(store, "q1", RENT)
    claim = take(store, "q1")
    assert store.run(questions.intend(claim))
    assert store.run(questions.postpone(claim, 3.0, "identical"))
    assert (view(store, "q1").waits_for, view(store, "q1").wait) == ("identical", 3.0)
    assert not take(store, "q1", NOW + 3000).doubtful


def test_gone_and_idle_leave_the_timer(store: Store) -> None:
    ask(store, "q1")
    store.ledger.delete(keys.question("q1"))
    assert due(store, "q1") is not None
    assert try_take(store, "q1") == "gone"
    assert due(store, "q1") is None
    ask(store, "q2", AskNumbers())
    assert store.run(questions.answer(take(store, "q2"), FreeNumbers()))
    store.ledger.zadd(keys.TIMER, {"ask|q2": NOW})
    assert try_take(store, "q2") == "idle"
    assert due(store, "q2") is None


def test_the_moves_of_an_owner_who_lost_it_are_refused(store: Store) -> None:
    ask(store, "q1", RENT)
    old = take(store, "q1")
    new = take(store, "q1", NOW + LEASE)
    for move in (
        questions.intend(old),
        questions.postpone(old, 1.0, "identical"),
        questions.answer(old, Done()),
        questions.fail(old, "auth", 2),
    ):
        assert not store.run(move)
    assert view(store, "q1").state == "asking"
    assert due(store, "q1") == NOW + 2 * LEASE
    assert store.run(questions.answer(new, Done()))


def test_each_move_may_be_repeated_and_none_follows_the_end(store: Store) -> None:
    ask(store, "q1")
    claim = take(store, "q1")
    for _ in range(2):
        assert store.run(questions.intend(claim))
    for _ in range(2):
        assert store.run(questions.answer(claim, BALANCE))
    assert due(store, "q1") is None
    assert not store.run(questions.fail(claim, "auth", 2))
    assert not store.run(questions.postpone(claim, 1.0, "identical"))
    assert not store.run(questions.intend(claim))
    assert view(store, "q1").answer == BALANCE
    assert due(store, "q1") is None


def test_who_gave_it_back_owns_it_no_longer(store: Store) -> None:
    ask(store, "q1")
    claim = take(store, "q1")
    assert store.run(questions.postpone(claim, 1.0, "identical"))
    assert not store.run(questions.answer(claim, BALANCE))
    assert view(store, "q1").state == "asked"


def test_why_it_failed(store: Store) -> None:
    ask(store, "q1")
    assert store.run(questions.fail(take(store, "q1"), "identical", 9, wait=31.0))
    found = view(store, "q1")
    assert (found.state, found.code, found.provider_code, found.wait) == ("failed", "identical", 9, 31.0)
    assert found.answered_at > 0


def test_no_question_of_that_name(store: Store) -> None:
    assert questions.view(*store.run_all(questions.read("q404"))) is None


def test_what_a_question_asks_is_in_no_repr(store: Store) -> None:
    ask(store, "q1", ChangeRenewal(phone="79000000901"))
    claim = take(store, "q1")
    assert "79000000901" not in repr(claim) + repr(view(store, "q1"))


@pytest.mark.parametrize("seed", range(25))
def test_whatever_the_order_one_owner_one_answer(store: Store, seed: int) -> None:
    """Workers that take, die, come back late and finish, in any order: one answer, by who owned it last."""
    dice = random.Random(seed)
    now, name = NOW, "q1"
    ask(store, name, RENT, patience=10_000.0)
    claims: list[QuestionClaim] = []
    ended: list[int] = []
    happened: Counter[str] = Counter()
    for _ in range(60):
        now += dice.choice([1, 1000, LEASE // 2, LEASE])
        move = dice.choice(["take", "take", "intend", "postpone", "answer", "ask"])
        happened[move] += 1
        if move == "ask":
            assert ask(store, f"q{now}", RENT, now=now)[1] in {"joined", "known", "created"}
        elif move == "take":
            found = try_take(store, name, now)
            if isinstance(found, QuestionClaim):
                assert not ended
                assert found.token == len(claims) + 1
                claims.append(found)
            else:
                assert found == ("idle" if ended else "busy")
        elif claims:
            claim = dice.choice(claims)
            newest = claim is claims[-1]
            state = view(store, name).state
            call = {
                "intend": questions.intend(claim),
                "postpone": questions.postpone(claim, 1.0, "identical"),
                "answer": questions.answer(claim, Rented("79000000901", cost=claim.token)),
            }[move]
            done = store.run(call)
            repeated = state == {"intend": "asking", "postpone": "asked", "answer": "answered"}[move]
            assert done == (newest and (state == "asking" or repeated)), (move, state)
            if done and move == "answer":
                ended.append(claim.token)
    assert len(set(ended)) <= 1
    if ended:
        assert view(store, name).answer == Rented("79000000901", cost=ended[0])
        assert due(store, name) is None
    else:
        assert due(store, name) is not None
