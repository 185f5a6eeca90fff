"""What came of the scenarios, a line each."""

from __future__ import annotations

from tests.faults.scenarios import Outcome

_COLUMNS: tuple[tuple[str, int], ...] = (
    ("scenario", 40), ("proc", 4), ("recip.", 7), ("accept.", 7), ("lost", 5), ("twice", 5), ("wrong", 5),
    ("doubt", 5), ("held", 5), ("open", 5), ("err9", 4), ("err4", 4), ("damage", 6), ("recov.s", 7), ("s", 6),
)  # fmt: skip


def head() -> str:
    """Return the table's first line."""
    return " ".join(f"{name:<{width}}" if width > 30 else f"{name:>{width}}" for name, width in _COLUMNS)


def line(outcome: Outcome) -> str:
    """Return a scenario's line; what spoils it follows in words."""
    verdict = outcome.verdict
    damage = len(outcome.deaths) + outcome.struck + verdict.faults
    cells = (
        outcome.scenario.name, outcome.scenario.processes, verdict.recipients, verdict.accepted, verdict.lost,
        verdict.twice, verdict.wrong, verdict.in_doubt, verdict.held, verdict.pending, verdict.error9,
        verdict.error4, damage, f"{outcome.recovery:.1f}", f"{outcome.seconds:.1f}",
    )  # fmt: skip
    row = " ".join(
        f"{cell:<{width}}" if width > 30 else f"{cell:>{width}}"
        for cell, (_, width) in zip(cells, _COLUMNS, strict=True)
    )
    remarks = [
        remark
        for remark, applies in (
            ("not decided in time", not outcome.decided),
            (f"counters differ by {verdict.unbalanced}", verdict.unbalanced),
            (f"{verdict.broken} exceptions in the logs", verdict.broken),
            (f"costs differ by {verdict.cost}", verdict.cost),
        )
        if applies
    ]
    return "\n    ! ".join([row, *remarks, *verdict.examples])


def total(outcomes: list[Outcome]) -> str:
    """Return what all scenarios together came to."""
    verdicts = [outcome.verdict for outcome in outcomes]
    sums = {
        name: sum(getattr(verdict, name) for verdict in verdicts)
        for name in (
            "recipients",
            "accepted",
            "lost",
            "twice",
            "wrong",
            "in_doubt",
            "held",
            "error9",
            "error4",
        )
    }
    slowest = max((outcome.recovery for outcome in outcomes), default=0.0)
    words = ", ".join(f"{name} {count}" for name, count in sums.items())
    return f"{len(outcomes)} scenarios: {words}; the longest recovery took {slowest:.1f} s"
