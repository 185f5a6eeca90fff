"""The rules of the house that a linter doesn't know."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = [
    path
    for top in ("producers", "worker", "tests")
    for path in sorted((ROOT / top).rglob("*.py"))
    if "__pycache__" not in path.parts
]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def importing(top: str, *wanted: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in PYTHON
        if path.is_relative_to(ROOT / top)
        for name in imports(path)
        if any(name == want or name.startswith(f"{want}.") for want in wanted)
    ]


def test_producers_never_import_the_worker() -> None:
    assert importing("producers", "worker") == []


def test_producers_stay_light() -> None:
    assert (
        importing("producers", "dramatiq", "aiohttp", "structlog", "prometheus_client", "typer", "rich") == []
    )


def test_importing_the_library_doesn_t_load_what_only_workers_need() -> None:
    code = "import producers, sys; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"dramatiq", "aiohttp", "structlog", "phonenumbers"} & set(loaded.stdout.split())


def test_the_simulator_knows_nothing_of_our_own_code() -> None:
    ours = importing("worker/simulator", "producers", "worker")
    assert [line for line in ours if "imports worker.simulator" not in line] == []


def test_providers_know_nothing_of_queues_and_ledger() -> None:
    assert importing("worker/providers", "dramatiq", "redis", "producers.ledger", "worker.governor") == []


def test_the_command_line_s_libraries_stay_there() -> None:
    assert [line for line in importing("worker", "typer", "rich") if not line.startswith("worker/cli/")] == []


def test_every_script_says_what_it_takes_and_returns() -> None:
    scripts = sorted(ROOT.glob("*/**/lua/*.lua"))
    assert len(scripts) >= 12
    for path in scripts:
        if ".venv" in path.parts:
            continue
        head = path.read_text("utf-8").split("\n\n")[0]
        comment = "\n".join(line for line in head.splitlines() if line.startswith("--"))
        for word in ("KEYS:", "ARGV:", "Returns"):
            assert word in comment, f"{path.name} doesn't say {word}"


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_short_enough_to_read_in_one_go(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 420


def test_every_dependency_is_named_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=;\[ ]", line)[0] for line in wanted}
    document = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    assert {name for name in names if f"| {name} |" not in document} == set()


def test_the_lock_file_is_complete_and_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for line in wanted:
        name = re.split(r"[<>=;\[ ]", line)[0].lower()
        assert re.search(rf"^{re.escape(name)}==\S+", lock, re.MULTILINE), name
    pinned = re.findall(r"^\S+==.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^\S+==", lock, re.MULTILINE))


def test_make_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    shown = subprocess.run(["make", "help"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert {target for target in targets if not re.search(rf"make {target} ", shown)} == set()


def test_every_setting_is_documented() -> None:
    names = set(
        re.findall(r"SMSQ_[A-Z0-9_]+[A-Z0-9]", (ROOT / "producers" / "settings.py").read_text("utf-8"))
    )
    document = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert {name for name in names if f"`{name}`" not in document} - {"SMSQ_CONFIG", "SMSQ_SMSC"} == set()
