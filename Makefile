# `make run`, `make test`, `make ui`: each sets up .venv first, where it is missing or out of date.
PYTHON ?= python3
BIN := .venv/bin

run: .venv/installed
	$(BIN)/bri run

ui: .venv/installed
	$(BIN)/bri ui

test: .venv/installed-dev
	@$(MAKE) --no-print-directory --output-sync --jobs 2 types style
	$(BIN)/pytest -n auto --dist loadfile

# The two halves of what needs no run; each keeps one core busy for about as long.
types: .venv/installed-dev
	$(BIN)/mypy

style: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deptry .
	$(BIN)/sqlfluff lint sql

# What is too long for every change: attacks, kills, every source, the default study as a command.
test-slow: .venv/installed-dev
	$(BIN)/pytest -n auto --dist loadfile -m 'slow and not browser'

# What is written from the code and checked by tests: read the difference before you commit it.
generated: .venv/installed-dev
	$(BIN)/python -m bri_pipeline.warehouse.dictionary
	$(BIN)/python -m tests.rooms
	WRITE_ASSET_GRAPH=1 $(BIN)/pytest -k on_record tests/orchestration/test_definitions.py

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "bri-pipeline needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 run" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@

# The same tests on the next major version of DuckDB, which is installed next to the pinned one.
test-duckdb2: .venv/installed-dev
	$(BIN)/pip install --quiet --target build/duckdb2 'duckdb>=2,<3'
	PYTHONPATH=build/duckdb2 $(BIN)/pytest -n auto --dist loadfile

.PHONY: run ui test types style test-slow generated test-duckdb2
