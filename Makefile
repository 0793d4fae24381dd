# Datadeed: `make run` and open http://127.0.0.1:8000/
#
# Every target sets up what it needs first; a step that was done for the same inputs is not redone.

PYTHON ?= python3
BENCH ?=
VENV_PYTHON := .venv/bin/python
TEST_WORKERS ?= 2
TEST_OPTIONS ?=
# A demo that was asked for by name, and lines that a person can read.
FOR_PEOPLE := DATADEED_DEMO=$${DATADEED_DEMO:-explicit} DATADEED_LOG=$${DATADEED_LOG:-plain} \
	DATADEED_LOG_LEVEL=$${DATADEED_LOG_LEVEL:-WARNING}

SCRATCH := DATADEED_DATABASE=datadeed_story

export PYTHONDONTWRITEBYTECODE ?=
.DEFAULT_GOAL := help

.PHONY: help setup run test check demo bench stop clean \
	setup-tests style types imports structure migrations docs messages

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Install packages, compile translations, collect static files
	@$(PYTHON) tools/setup.py

run: setup ## Serve the product with the demo story on 8000 and the gate on 8001
	@$(FOR_PEOPLE) $(VENV_PYTHON) manage.py prepare
	@$(FOR_PEOPLE) exec $(VENV_PYTHON) manage.py run

demo: setup ## Tell the story into an empty scratch database; documents go to var/demo
	@$(FOR_PEOPLE) $(SCRATCH) $(VENV_PYTHON) manage.py setup_database --fresh
	@$(FOR_PEOPLE) $(SCRATCH) $(VENV_PYTHON) manage.py tell_story
	@$(VENV_PYTHON) manage.py stop_database --if-unused

bench: setup-tests ## Measure everything, or one thing with BENCH=name
	@$(VENV_PYTHON) -m bench $(BENCH)

setup-tests:
	@$(PYTHON) tools/setup.py --tests --programs

test: setup-tests ## Run all tests on a PostgreSQL of their own
	@$(VENV_PYTHON) -m pytest -n $(TEST_WORKERS) --dist loadfile $(TEST_OPTIONS)

check: setup-tests style types imports structure migrations docs messages ## Run what CI runs besides the tests
	@echo "check: all rules hold"

style:
	@$(VENV_PYTHON) -m ruff check .

types:
	@$(VENV_PYTHON) -m mypy

imports:
	@.venv/bin/lint-imports

structure:
	@$(VENV_PYTHON) -m tools.lint_structure

migrations:
	@DATADEED_TESTING=1 $(VENV_PYTHON) manage.py makemigrations --check --dry-run

docs:
	@DATADEED_TESTING=1 $(VENV_PYTHON) manage.py generate_docs --check

messages:
	@$(VENV_PYTHON) -m tools.messages check

stop: ## Stop the embedded PostgreSQL that a killed process left running
	@$(VENV_PYTHON) manage.py stop_database
	@DATADEED_TESTING=1 $(VENV_PYTHON) manage.py stop_database

clean: ## Remove the database and everything generated; packages stay
	@$(PYTHON) tools/clean.py
