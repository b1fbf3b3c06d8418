PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO ?= demo
# One more than cores: some tests wait for servers and for processes that they kill.
WORKERS ?= 3

.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

install: $(VENV)/.installed ## create .venv with primacy and its development tools

$(VENV)/.installed: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

demo: install ## build a simulated world, run the studies, print the scoreboard (no network)
	@$(BIN)/primacy demo $(DEMO)

test: install ## run the tests
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

format: install ## rewrite the code in the house's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: install ## format and lint, changing nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: install ## check types (mypy strict on src)
	@$(BIN)/mypy

check: lint types test ## format, lint, types, tests

wheel: install ## build the wheel, install it in a fresh environment and run the demonstration there
	@rm -rf dist build/fresh
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@$(PYTHON) -m venv build/fresh
	@build/fresh/bin/python -m pip install --quiet --disable-pip-version-check dist/primacy-*.whl
	@cd build/fresh && bin/primacy --version && bin/primacy demo demo --works 2000

oldest: ## run the tests on the oldest supported release series of every dependency
	@rm -rf build/oldest && mkdir -p build
	@$(PYTHON) scripts/floors.py spark mcp > build/floors.txt
	@$(PYTHON) -m venv build/oldest
	@build/oldest/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@build/oldest/bin/python -m pip install --quiet --disable-pip-version-check --constraint build/floors.txt \
		--editable ".[spark,mcp]" --group test
	@build/oldest/bin/python -m pytest -n $(WORKERS) --dist worksteal

bench: install ## run the benchmark suite, as ratios
	@$(BIN)/primacy bench

docs: install ## build the documentation
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs
	@echo "build/docs/index.html"

clean: ## remove what the targets made
	rm -rf $(VENV) build dist $(DEMO) .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help install demo test format lint types check wheel oldest bench docs clean
