"""What the demo says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal

from worker.demo.campaign import Outcome
from worker.demo.stage import BALANCE, BATCH_SIZE, LATENCY_MS, PROCESSES, Stage


def say(line: str = "") -> None:
    """Say a line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_parts(stage: Stage) -> None:
    """Say what runs and where."""
    say(f"server      {stage.environ['SMSQ_REDIS_URL']}, every write on the disk before it counts")
    say(
        f"provider    {stage.simulator}, simulated: {LATENCY_MS} ms a reply, its throttles on,"
        f" {BALANCE} roubles on the account"
    )
    say(f"workers     {PROCESSES} processes")
    say(f"metrics     {stage.metrics}")
    say()


def say_campaign(outcome: Outcome) -> None:
    """Say what became of the campaign."""
    campaign, tally = outcome.campaign, outcome.tally
    counts = campaign["recipients"]
    accepted = counts["total"] - counts["rejected"]
    reasons = sorted(campaign["rejected_by_reason"].items(), key=lambda item: -item[1])
    say(f"file        {accepted} recipients, {campaign['duplicates']} doubles left out")
    say(f"rejected    {counts['rejected']}: {', '.join(f'{reason} {count}' for reason, count in reasons)}")
    for state, count in counts.items():
        if count and state not in {"total", "rejected"}:
            say(f"{state:<10}  {count}")
    for meaning, count in tally.meanings.most_common():
        say(f"            {count} not taken: {meaning}")
    say(f"segments    {campaign['segments']} planned, {tally.segments} taken with the urgent message")
    say(f"cost        {campaign['cost']} roubles, {outcome.balance} left")
    say(f"requests    {campaign['requests']}, each for up to {BATCH_SIZE} recipients (500 unless set)")
    say(f"time        {outcome.seconds:.2f} s, {accepted / outcome.seconds:,.0f} recipients/s")
    say(
        f"urgent      taken {outcome.urgent_seconds * 1000:.0f} ms after it was sent, in the middle of it:"
        f" {outcome.urgent_after} of {accepted} were through"
    )
    say()


def say_books(rows: Sequence[tuple[str, object, object]]) -> bool:
    """Say what both sides counted; returns whether they agree."""
    say(f"{'':<16}{'smsq':>16}{'simulator':>16}")
    for name, ours, theirs in rows:
        mark = "" if ours == theirs else "   <- differs"
        say(f"{name:<16}{_money(ours):>16}{_money(theirs):>16}{mark}")
    agree = all(ours == theirs for _, ours, theirs in rows)
    say()
    say("the books agree" if agree else "THE BOOKS DO NOT AGREE")
    return agree


def _money(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, Decimal) else str(value)


def say_stay(stage: Stage) -> None:
    """Say how to use what stays up."""
    names = ("SMSQ_REDIS_URL", "SMSQ_SMSC_URL", "SMSQ_SMSC_LOGIN", "SMSQ_SMSC_PASSWORD")
    say()
    say("Up until Ctrl-C. In another terminal:")
    say(f"  export {' '.join(f'{name}={stage.environ[name]}' for name in names)}")
    say("  .venv/bin/smsq send 79991234567 --text hello --wait")
    say(f"  .venv/bin/smsq doctor        {stage.metrics}        {stage.simulator}/_books")
