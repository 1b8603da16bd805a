# What a developer types. Needs make and Python 3.11 or newer; everything else goes into .venv.
LOCK ?= requirements.lock
VENV ?= .venv
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,\
	$(shell command -v $(name) >/dev/null 2>&1 && \
		$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
WORKERS ?= 2
BENCHMARKS ?= $(basename $(notdir $(shell grep -l __main__ benchmarks/*.py)))
bin := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup node check format test browser demo pictures bench clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(VENV)/installed ## Install the locked dependencies and Headwater itself into .venv

$(VENV)/installed: $(LOCK) pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none is on the PATH."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv."; exit 1; }
	$(bin)/python -m pip install --quiet --require-hashes -r $(LOCK)
	$(bin)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

node: tests/node/node_modules/.package-lock.json ## Install the npm packages whose validators the tests ask

# Without Node.js those tests are skipped, but not in CI.
tests/node/node_modules/.package-lock.json: tests/node/package-lock.json
	@if command -v npm >/dev/null 2>&1; then npm ci --prefix tests/node && touch $@; \
	elif [ -n "$$CI" ]; then echo "CI needs Node.js 20 or newer with npm."; exit 1; \
	else echo "No npm: some tests are skipped. Install Node.js 20 or newer to run them."; fi

check: setup ## Lint, formatting, types, and the direction of imports
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports

format: setup ## Put the code into its format
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

test: check node ## All checks and all tests, with real servers
	$(bin)/pytest --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder

browser: setup node ## Click through the console as people do (needs Chromium)
	$(bin)/pytest tests/browser

demo: setup ## Start everything on this machine with a demonstration fleet of topics
	$(bin)/headwater up --demo

pictures: setup node ## Click through the console and keep what is seen in docs/img (needs Chromium)
	@mkdir -p docs/img
	HEADWATER_PICTURES=$(CURDIR)/docs/img $(bin)/pytest tests/browser/test_journeys.py

bench: setup ## Measure speed, each figure beside a floor or a peer
	@for name in $(BENCHMARKS); do echo "== $$name"; $(bin)/python -m benchmarks.$$name || exit 1; done

clean: ## Remove what make made (not the data in .headwater)
	rm -rf $(VENV) tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
