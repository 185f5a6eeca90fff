"""docs/metrics.md and the table in `definitions` say the same."""

from __future__ import annotations

import re
from pathlib import Path

from worker.metrics.definitions import ALL

DOCUMENT = Path(__file__).parents[3] / "docs" / "metrics.md"
_ROW = re.compile(r"\| `(smsq_\w+)` \| (\w+) \| (.*?) \| (.*?) \|")


def documented() -> dict[str, tuple[str, tuple[str, ...], str]]:
    rows = [
        _ROW.fullmatch(line)
        for line in DOCUMENT.read_text("utf-8").splitlines()
        if line.startswith("| `smsq_")
    ]
    assert all(rows), "a row of docs/metrics.md can't be read"
    found = {
        match[1]: (match[2], tuple(re.findall(r"`(\w+)`", match[3])), match[4]) for match in rows if match
    }
    assert len(found) == len(rows), "a metric stands there twice"
    return found


def test_every_metric_is_documented_as_it_is() -> None:
    assert documented() == {metric.name: (metric.kind, metric.labels, metric.help) for metric in ALL}


def test_names_follow_prometheus_conventions() -> None:
    for metric in ALL:
        assert metric.name.endswith("_total") == (metric.kind == "counter")
        assert metric.labels[:1] == ("account",) or "account" not in metric.labels
        for values in metric.from_start:
            assert len(values) == len(metric.labels) - ("account" in metric.labels)
