# The portal by hand. `make help` says what each target does; CI runs the same ones (.ci/run).
# Needs Python 3.11 or newer with venv, and nothing else.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PORT ?= 8000
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input -qq install
WORKERS ?= auto
export PORT
# Two processes run the tests and start others: what one has compiled, the others need not compile again.
unexport PYTHONDONTWRITEBYTECODE

# Services of this machine must not leak into what is meant to need none.
EMBEDDED := env -u DATABASE_URL -u REDIS_URL -u EMAIL_URL -u SECRET_KEY -u DJANGO_SETTINGS_MODULE
# Production as `make check` imagines it; nothing listens behind these addresses.
IMAGINED := env -u PORTAL_DEBUG -u PORTAL_DEMO -u DJANGO_SETTINGS_MODULE PORTAL_ENV=production \
	SECRET_KEY=imagined-for-the-check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG \
	BASE_URL=https://portal.example.az ALLOWED_HOSTS=portal.example.az \
	DATABASE_URL=postgres://portal:portal@database.example/portal REDIS_URL=redis://redis.example:6379/0 \
	EMAIL_URL=smtp+tls://portal:portal@mail.example:587

DRILLS ?= worker_killed broker_away database_restarted mail_away clock_missing two_clocks last_seats disk_full clock_ahead

.PHONY: help run test test-all check check-types check-rest format bench drills clean words crawl

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(PY):
	@test -n "$(PYTHON)" || { echo "The portal needs Python 3.11 or newer, and finds none. Name it: make PYTHON=/path/to/python3"; exit 1; }
	@echo "Creating the Python environment ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python has no venv here. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.runs: requirements.txt | $(PY)
	@echo "Installing what the portal runs on (the first time a minute or two) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.builds: requirements-dev.txt requirements.txt | $(PY)
	@echo "Installing what the portal is built and proven with (the first time a minute or two) ..."
	@$(PIP) -r requirements-dev.txt
	@touch $(VENV)/.runs $@

run: $(VENV)/.runs ## start the portal at http://localhost:8000/ (PORT changes it); Ctrl-C stops it
	@exec env -u DJANGO_SETTINGS_MODULE $(PY) manage.py portal

test: $(VENV)/.builds ## the tests that need nothing but Python: SQLite, no service, no browser
	$(EMBEDDED) $(PY) -m pytest -n $(WORKERS) --dist worksteal -m "not browser and not race and not fuzz and not postgres and not redis and not crawl and not wide" $(ARGS)

test-all: $(VENV)/.builds ## every test; with DATABASE_URL, REDIS_URL and Chromium where they are, naming what was skipped
	env -u DJANGO_SETTINGS_MODULE $(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

crawl: $(VENV)/.builds ## everybody asks for what anybody found, wider than in test-all; PORTAL_CRAWL=all for everything there is
	env -u DJANGO_SETTINGS_MODULE PORTAL_CRAWL=$(or $(PORTAL_CRAWL),wide) $(PY) -m pytest -n $(WORKERS) -m crawl $(ARGS)

check: check-types check-rest ## style, types, import rules, migrations, production settings, translations

check-types: $(VENV)/.builds
	$(EMBEDDED) $(VENV)/bin/mypy

check-rest: $(VENV)/.builds words
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check --quiet .
	$(VENV)/bin/djlint --lint --quiet templates partnerships research internships training events technopark
	$(EMBEDDED) $(PY) manage.py check_house
	$(VENV)/bin/lint-imports --no-cache
	$(EMBEDDED) $(PY) manage.py makemigrations --check --dry-run
	$(EMBEDDED) $(PY) manage.py check_translations
	$(EMBEDDED) $(PY) manage.py compile_messages --check
	$(IMAGINED) $(PY) manage.py check --deploy --fail-level WARNING

words: $(VENV)/.runs
	@$(EMBEDDED) $(PY) manage.py compile_messages

format: $(VENV)/.builds ## put the code into its form
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(VENV)/.builds ## measure the pages against their budgets (docs/benchmarks.md)
	env -u DJANGO_SETTINGS_MODULE $(PY) benchmarks/run.py $(ARGS)

drills: $(VENV)/.builds ## break the portal on purpose and see that nothing is lost (docs/drills.md); needs PostgreSQL and Redis
	@failed=; for drill in $(DRILLS); do $(EMBEDDED) $(PY) benchmarks/drills/$$drill.py || failed="$$failed $$drill"; done; \
	[ -z "$$failed" ] || { echo "Broken:$$failed"; exit 1; }

clean: ## remove the environment and what was made; data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis var/static var/cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
