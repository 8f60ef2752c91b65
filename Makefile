# Every target is one line of what a person would type; the logic is in Python.
.DEFAULT_GOAL := help
.PHONY: help setup demo metrics segments test test-unit test-integration test-e2e test-increments test-metrics test-models test-sources test-parity test-experiments test-all test-snowflake \
	test-golden-mutants lint format lock build dagster docs screenshots bench ci-slim clean

PYTHON ?= python3
UV_VERSION := 0.13.8
BIN := .venv/bin
# The system's certificates, so that it works behind a company's proxy too.
UV := $(BIN)/uv --system-certs
COMMA := ,
SPACE := $() $()
# Every source is on while SQL is linted: a source that is off has no models.
SOURCES_ALL := $(subst $(SPACE),$(COMMA),$(patsubst ingestion/sources/%/spec.py,%,$(wildcard ingestion/sources/*/spec.py)))
SQLFLUFF := DUCKDB_PATH=:memory: SOURCES=$(SOURCES_ALL) $(BIN)/sqlfluff
COMPILE := $(UV) pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --quiet
PYTEST := $(BIN)/pytest -q -n 2 --dist loadfile --durations 80 -m "not slow"

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed dbt_project/profiles.yml  ## environment in .venv; does nothing when it is up to date

.venv/.installed: pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Basketline needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(UV) pip sync --quiet --require-hashes --compile-bytecode requirements.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

dbt_project/profiles.yml: profiles.yml.example
	cp $< $@

demo: setup  ## a simulated shop, loaded, modelled and shown: the whole way in one command
	@$(BIN)/basketline demo

test: setup  ## what CI runs after `make lint`
	$(PYTEST) tests

test-unit: setup  ## the tests that take seconds
	$(PYTEST) tests/unit

test-integration: setup  ## one slice each, on DuckDB and PostgreSQL
	$(PYTEST) tests/integration

test-e2e: setup  ## from the sandbox to the marts
	$(PYTEST) tests/e2e

test-increments: setup  ## thirty days of daily loads and builds, every source, against one at the end
	$(BIN)/pytest -q tests/increments tests/integration/test_incremental_models.py

test-sources: setup  ## every source but one, each in turn: what is left builds
	$(BIN)/pytest -q tests/e2e/test_sources_on_and_off.py

test-metrics: setup  ## every metric's four forms on DuckDB and PostgreSQL; against the books of two more worlds
	$(BIN)/pytest -q -s tests/integration/test_metric_forms_on_two_engines.py tests/e2e/test_metrics_truth_of_seeds.py

test-models: setup  ## the models against worlds whose truth is known: ceilings, baselines, three seeds
	$(BIN)/pytest -q -s tests/models -m slow

test-parity: setup  ## every source in DuckDB and in PostgreSQL: every mart is the same, column by column
	$(BIN)/pytest -q -s tests/integration/test_every_mart_on_two_engines.py

test-experiments: setup  ## 200 experiments with a known effect and 200 without: intervals and alarms
	$(BIN)/pytest -q tests/unit/test_experiment_seeds.py

test-snowflake: setup .venv-snowflake/.installed  ## the whole warehouse in Snowflake's dialect, on an emulator
	.venv-snowflake/bin/pytest -q -n 2 --dist loadfile --durations 20 tests/snowflake

# The emulator and Snowflake's drivers want versions of their own: an environment beside .venv.
.venv-snowflake/.installed: pyproject.toml requirements-snowflake.lock
	@mkdir -p .venv-snowflake
	@{ $(UV) venv --allow-existing --python $(BIN)/python .venv-snowflake \
		&& $(UV) pip sync --python .venv-snowflake --require-hashes --compile-bytecode requirements-snowflake.lock \
		&& $(UV) pip install --python .venv-snowflake --no-deps --no-build-isolation --editable .; \
	} 2> .venv-snowflake/install.log \
		|| { echo "The emulated Snowflake could not be installed; it needs the package index once: .venv-snowflake/install.log"; exit 1; }
	@touch $@

test-golden-mutants: setup  ## wrong rules, each of which has to break a row of the golden shop
	$(BIN)/pytest -q -n 2 tests/golden_shop -m slow

test-all: setup  ## every suite, the slow ones too; what came of each goes to docs/verification.md
	@$(BIN)/python -m tests.verification $(ONLY)

lint: setup  ## ruff, mypy, sqlfluff, and the rules of the rooms
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(SQLFLUFF) lint --disable-progress-bar dbt_project/models

format: setup  ## mend what can be mended
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	$(SQLFLUFF) fix --disable-progress-bar dbt_project/models

lock:  ## compile requirements.lock, and the emulator's, from pyproject.toml
	$(COMPILE) --extra dev --output-file requirements.lock
	cp requirements.lock requirements-snowflake.lock
	$(COMPILE) --extra emulator --output-file requirements-snowflake.lock

metrics: setup  ## write what follows from the metrics' definitions: functions, marts, docs
	@$(BIN)/python -m orchestration.metrics.written

segments: setup  ## write what follows from the segments' rules: the SQL of their memberships
	@$(BIN)/python -m orchestration.segments.written

dagster: setup  ## Dagster's UI, with the runs so far
	@$(BIN)/basketline dagster

docs: setup  ## the dbt docs site, served
	@$(BIN)/basketline docs

screenshots: setup  ## take the README's pictures anew
	$(BIN)/python docs/screenshots.py

bench: setup  ## measure, beside a peer or the floor; the table goes to benchmarks/results/
	$(BIN)/python -m benchmarks $(ONLY)

ci-slim: setup  ## build only what changed against the last published manifest
	$(BIN)/basketline build --changed

clean:  ## remove everything generated
	rm -rf .data .dagster logs dbt_project/target dbt_project/logs benchmarks/results/*.tmp
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
