"""The README's Python is run as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from producers import Settings
from tests.worker.conftest import ROOT, SimulatorProcess, Workers, environ_of

README = (ROOT / "README.md").read_text("utf-8")


def test_the_python_example_runs(
    settings: Settings, workers: Workers, simulator: SimulatorProcess, tmp_path: Path
) -> None:
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    script = tmp_path / "example.py"
    script.write_text(example, "utf-8")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env=environ_of(settings) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "taken"


def test_every_document_that_is_named_is_there() -> None:
    for path in re.findall(r"\]\(([^)h][^)]*)\)", README):
        assert (ROOT / path).is_file(), path
