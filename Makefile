# Everything the project does by command. `make` alone lists it.
# Needs Python 3.11 or newer and make; all else goes into .venv.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
STAMP := .venv/.ready
# One more than there are cores: tests that wait for a server or a page leave theirs idle.
JOBS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# Compiled modules are kept, whatever the environment says: every start of a process takes half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test check lint types contracts fit eval bench soak screenshots docs tree ceilings lock audit sbom clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) ## make the environment (.venv); nothing to do the second time

# The stamp is younger than what it was made from, or the environment is made to match again.
$(STAMP): pyproject.toml requirements.lock requirements-dev.lock
	@test -n "$(PYTHON)" || { echo 'The coach needs Python 3.11 or newer. Install it (Debian, Ubuntu: sudo apt install python3 python3-venv), or name it: make setup PYTHON=/path/to/python3'; exit 1; }
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'This Python cannot make environments (venv or ensurepip is missing). On Debian and Ubuntu: sudo apt install python3-venv'; exit 1; }; \
		echo 'Making .venv ...'; rm -rf .venv; $(PYTHON) -m venv .venv; }
	@echo 'Installing (a minute or two, the first time only) ...'
	@# The locks are whole, so nothing else is asked for, and every file is checked against its hash. Compiled is what
	@# is imported, at the end: most of it never is.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes --only-binary :all: \
		-r requirements.lock -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	@$(BIN)/python -c 'import $(IMPORTED)'
	@$(BIN)/pytest --collect-only -qq >/dev/null 2>&1 || true # what is wrong with a test is told when it is run
	@touch $(STAMP)

IMPORTED := coach.app, coach.cli.startup, coach.web.factory, chromadb, langchain_openai, alembic.command, sklearn.linear_model, \
	schemathesis.cli, playwright.sync_api, hatchling.build

run: setup ## start the coach on http://127.0.0.1:8000, and print the link to open
	@exec $(BIN)/coach serve

test: setup ## run the test suite (with what is slow and every case of what it samples: make test ALL=1, and in CI)
	@$(BIN)/pytest -n $(JOBS) $(if $(ALL)$(COACH_CI),,--sample)

check: setup lint types contracts test ## what must pass before a change goes in

lint: setup
	@$(BIN)/ruff format --check --quiet . || { echo 'Run: .venv/bin/ruff format .'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@# Variables, attributes and properties are left out: templates, payloads and other programs read most of them.
	@! $(BIN)/vulture | grep -vE 'unused (variable|attribute|property)'
	@told=$$($(BIN)/deptry --no-ansi . 2>&1) || { echo "$$told"; exit 1; }

types: setup
	@$(BIN)/mypy

contracts: setup
	@$(BIN)/lint-imports --no-cache

fit: setup ## bring the learned tables up to date with cards, exemplars and patterns (minutes, when they must be fitted)
	@$(BIN)/python -m coach.knowledge.fit
	@$(BIN)/python -m coach.knowledge.tells

eval: setup ## all evals on evals/cases, next to their baselines
	@$(BIN)/python -m evals

bench: setup ## all benchmarks
	@$(BIN)/python -m evals.bench

soak: setup ## load, kills and long runs against the real server (many minutes; some: make soak DRILL='memory ...')
	@$(BIN)/python -m evals.soak $(DRILL)

screenshots: setup ## take the pictures in docs/ again (needs Chromium)
	@$(BIN)/python -m tests.browser.pictures

docs: setup ## build the pages as a site, in build/docs/site; a dead link is an error
	@$(BIN)/python tests/book.py

tree: setup ## write the tree in docs/tree.md and the requests in docs/api.md from the program
	@$(BIN)/python tests/tree.py
	@$(BIN)/python tests/addresses.py

ceilings: setup ## lower the ceilings of sizes in tests/ceilings.yaml to what is there; none may rise
	@$(BIN)/python tests/ceilings.py

lock: setup ## write the lock files again from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml $(LOCK) -o requirements.lock
	@$(BIN)/uv pip compile --group dev -c requirements.lock $(LOCK) -o requirements-dev.lock
	@$(BIN)/uv pip compile --group audit $(LOCK) -o requirements-audit.lock

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-annotate --custom-compile-command 'make lock'

# The tools for this are many packages that nothing else needs, so they have an environment of their own.
AUDIT := .venv/audit

$(AUDIT)/.ready: requirements-audit.lock | $(STAMP)
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: -r $<
	@touch $@

audit: $(AUDIT)/.ready ## whether a locked package has a known hole; where that cannot be asked, how old the locks are
	@$(BIN)/python tests/audit.py $(AUDIT)/bin/pip-audit

sbom: $(AUDIT)/.ready ## write sbom.json: every package that the coach runs with, as CycloneDX
	@$(AUDIT)/bin/python -W ignore -m cyclonedx_py requirements requirements.lock --pyproject pyproject.toml \
		--output-reproducible --of JSON -o sbom.json

clean: ## remove the environment and every cache; the journal stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis dist build
	@find coach evals tests -name __pycache__ -prune -exec rm -rf {} +
