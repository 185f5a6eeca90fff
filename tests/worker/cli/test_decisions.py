"""``smsq held`` and ``smsq audit`` as a user runs them, on a ledger without workers."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from producers import Producer, Settings
from producers.contract import Hold, InDoubt, SendOutcome
from producers.ledger import outcomes
from producers.ledger.store import Store
from tests.producers.ledger.ledger_cases import LEASE, claim
from tests.worker.conftest import ROOT, environ_of


@pytest.fixture
def settings(redis_url: str) -> Settings:
    return Settings(redis_url=redis_url)


def smsq(settings: Settings, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "worker.cli", *arguments],
        cwd=ROOT,
        env=environ_of(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def undecided(settings: Settings, outcome: SendOutcome) -> str:
    with Producer(settings) as sms:
        receipt = sms.send("79991234567", "Код")
        claimed = claim(sms.store, f"{receipt.id}.0", now=0)
        sms.store.run(outcomes.intend(claimed, f"{claimed.batch}.1", lease_ms=LEASE))
        sms.store.run(outcomes.record(claimed, outcome, now=1))
        return claimed.batch


def test_what_is_held_is_listed_and_released(settings: Settings) -> None:
    assert smsq(settings, "held", "list", "--json") == (0, "[]\n", "")
    batch = undecided(settings, Hold(77, "unknown_error", "strange"))
    code, out, _ = smsq(settings, "held", "list", "--json")
    [item] = json.loads(out)
    assert (code, item["id"], item["state"], item["reason"], item["code"]) == (
        0,
        batch,
        "held",
        "unknown_error",
        77,
    )
    assert batch in smsq(settings, "held", "list")[1]
    assert smsq(settings, "held", "release", batch)[0] == 0
    with Producer(settings) as sms:
        assert sms.message(batch[:-2]).status()["recipients"][0]["state"] == "pending"


def test_what_is_in_doubt_can_be_resolved_once(settings: Settings) -> None:
    batch = undecided(settings, InDoubt("read_timeout"))
    assert smsq(settings, "held", "resolve", batch)[0] == 2
    code, out, _ = smsq(settings, "held", "resolve", batch, "--taken", "--json")
    assert (code, json.loads(out)) == (0, {"id": batch, "recipients": 1, "state": "taken"})
    code, out, _ = smsq(settings, "held", "resolve", batch, "--not-sent", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (2, "bad_state")
    code, out, _ = smsq(settings, "held", "release", "nobody.0", "--json")
    assert (code, json.loads(out)["error"]["code"]) == (1, "not_found")


def test_the_audit_says_what_it_found_and_repaired(settings: Settings, store: Store) -> None:
    with Producer(settings) as sms:
        sound = sms.send("79991234567", "Код")
        campaign = sms.campaign("spring", ["79990000001", "79990000002"], "Привет")
    assert smsq(settings, "audit", "--json")[0] == 0
    store.ledger.delete("{smsq}:timer")
    code, out, _ = smsq(settings, "audit", "--json")
    assert code == 0
    assert json.loads(out) == {
        "audited": 2,
        "unsound": [],
        "repaired": [f"{campaign.id}.0", f"{sound.id}.0"],
    }
    store.ledger.delete("{smsq}:b:" + f"{campaign.id}.0")
    code, out, err = smsq(settings, "audit")
    assert code == 1
    assert f"batch {campaign.id}.0 is missing" in out
    assert "hint:" in err
