# Everything works on a machine that has only Python (3.11 to 3.13) and make:
# the first call makes a virtual environment in .venv and installs into it.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
# Extras for `make run`: EXTRAS=postgres for a store.url that points at a PostgreSQL server.
EXTRAS ?=
# Handed on to the command: make run ARGS="--speed 3600", make unit ARGS="-k funding".
ARGS ?=

BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-to-run$(EXTRAS)
TEST_READY := $(VENV)/.ready-to-test
SAY_WHICH := say which one with make PYTHON=/path/to/python3.12

.PHONY: help run test lint types walls unit bench soak docs screenshots format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

run: $(RUN_READY) ## the bot and its dashboard, on recorded market history
	$(BIN)/perpcarry run $(ARGS)

test: lint types walls unit ## all checks, as CI runs them

lint: $(TEST_READY) ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TEST_READY) ## mypy, strict
	$(BIN)/mypy

walls: $(TEST_READY) ## which room may import which
	$(BIN)/lint-imports

unit: $(TEST_READY) ## the tests alone
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

bench: $(TEST_READY) ## measurements, printed as ratios
	$(BIN)/pytest -m benchmark -s --timeout 0 $(ARGS)

soak: $(TEST_READY) ## many seeds, kills and requests; takes long
	$(BIN)/pytest -m soak -n $(WORKERS) --timeout 0 $(ARGS)

docs: $(RUN_READY) ## write docs/configuration.md from the settings' schema
	$(BIN)/python -m actors.config.reference > docs/configuration.md.new
	mv docs/configuration.md.new docs/configuration.md

screenshots: $(TEST_READY) ## take the README's pictures of the dashboard; needs Chromium
	$(BIN)/python -m tests.screenshots

format: $(TEST_READY) ## put the code into the house's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what make and the tools made; the bot's data stays
	rm -rf $(VENV) build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find actors web tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment ---------------------------------------------------------------------

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "perpcarry needs Python 3.11 to 3.13, and there is no $(PYTHON) here: $(SAY_WHICH)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "perpcarry needs Python 3.11 to 3.13, and this is $$($(PYTHON) --version 2>&1): $(SAY_WHICH)" >&2; exit 1; }
	@echo "Setting up $(VENV): once, for about a minute"
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUN_READY): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.$(if $(EXTRAS),[$(EXTRAS)])'
	@touch $@

$(TEST_READY): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(RUN_READY)
