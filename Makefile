# Planning enforcement, run as drawn. `make help` lists what can be made.

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
SOAK_S ?= 600
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test check lint types walls unit bench audit lock static clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/run.stamp: requirements.lock setup.cfg pyproject.toml
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-test.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-test.lock
	touch $@

chromium:
	@command -v chromium >/dev/null || { \
	  echo "Chromium is needed for the browser tests; installing it."; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; }

run: $(VENV)/run.stamp ## Set everything up and serve demonstration cases on http://127.0.0.1:8000
	$(BIN)/enforce demo
	$(BIN)/enforce serve --demonstration

test: $(VENV)/test.stamp chromium ## Install what is needed and run every check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/enforce check
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

bench: $(VENV)/test.stamp ## Measure, on SQLite and PostgreSQL; writes build/bench.json
	$(BIN)/python tests/benchmarks

audit: $(VENV)/test.stamp ## Known vulnerabilities in what we depend on
	$(BIN)/python -m pip install --quiet pip-audit
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements.lock
	cd webui && npm audit --package-lock-only

lock: $(VENV)/test.stamp ## Pin the dependencies of setup.cfg with their hashes
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file requirements.lock setup.cfg build-requirements.in
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra test --output-file requirements-test.lock setup.cfg build-requirements.in

clean: ## Remove the environment, the database and what was built
	rm -rf $(VENV) build instance *.egg-info
