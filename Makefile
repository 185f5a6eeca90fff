# The map of the project: `make help`.
.DEFAULT_GOAL := help
SHELL := /bin/sh

# The first of these that is a Python 3.11, 3.12 or 3.13 makes the virtual environment.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: help install run up test check bench lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## make .venv with exactly the locked packages

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "smsq needs Python 3.11, 3.12 or 3.13; set PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $(STAMP)

run: $(STAMP) ## the demo: a 10,000-recipient campaign against a simulator, then the report
	@$(BIN)/python -m worker.demo

up: $(STAMP) ## as run, but stays up: server, simulator, workers and metrics, until Ctrl-C
	@$(BIN)/python -m worker.demo --stay

test: $(STAMP) ## all tests but the long ones
	$(BIN)/python -m pytest -n 3 --dist worksteal -q

check: $(STAMP) ## ruff, mypy --strict, the architecture's arrows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --python-version 3.13
	$(BIN)/python -m pytest -q tests/test_house.py

faults: $(STAMP) ## the long fault run: kills, stops, faults of every kind, 100,000 recipients, 45 minutes at most
	$(BIN)/python -m tests.faults.long --recipients 100000

bench: $(STAMP) ## cost and speed of the whole path beside a bare asyncio loop
	$(BIN)/python -m tests.benchmarks.campaign

lock: $(STAMP) ## resolve requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --all-extras \
		--no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.lock

clean: ## remove everything that was made here
	rm -rf .venv build *.egg-info var .pytest_cache .mypy_cache .ruff_cache .hypothesis
