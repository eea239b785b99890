# Verbs of the desk. Everything lives in .venv, frontend/node_modules and var;
# `make clean` removes what is made again, never var.
PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= var
# What pip installs for PyTorch. Where the plain pin would bring a GPU build of several gigabytes:
#   make install TORCH="torch==2.13.0 --index-url <the CPU index>"   or   TORCH=/path/to/the.whl
TORCH ?= torch==2.13.0
export PORT DATA_DIR

VENV := .venv
BIN := $(VENV)/bin
LOCK := $(DATA_DIR)/lock
PIP := $(BIN)/python -m pip install --quiet --prefer-binary --disable-pip-version-check

# What pages look like: made from packages, so not in the repository.
LOOKS := frontend/static/frontend/built/rotonde.css

.PHONY: run install looks test thorough lint check messages lock bench bench-search bench-desk faults pages screenshots clean

run: install
	@exec $(BIN)/python -m config.run

install: $(VENV)/.installed $(VENV)/.messages $(LOOKS)

$(VENV)/.installed: requirements.lock
	@test -x $(BIN)/python || { echo "· making the virtual environment"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Rotonde needs Python 3.11 or newer; name it with PYTHON=..."; exit 1; }
	@echo "· installing PyTorch"
	@$(PIP) $(TORCH)
	@echo "· installing the other packages (a minute or two)"
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/.messages: $(VENV)/.installed $(wildcard frontend/locale/*/LC_MESSAGES/django.po)
	@$(BIN)/pybabel --quiet compile --directory frontend/locale --domain django
	@touch $@

looks: $(LOOKS)

$(LOOKS): frontend/build.sh frontend/build.mjs frontend/package-lock.json $(wildcard frontend/style/*) | $(VENV)/.installed
	@echo "· building the stylesheet"
	@frontend/build.sh $(BIN)/python

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "· installing what tests and linters need"
	@$(PIP) -r requirements.lock -r requirements-dev.lock
	@touch $@

test: install $(VENV)/.installed-dev
	EMBEDDING_MODEL=none $(BIN)/python -m pytest -m words_only
	$(BIN)/python -m pytest -m "not thorough" --numprocesses 2 --dist worksteal

# What goes through every page, field, address or judged set: with `make test` all there is, but long.
# A walk of two editors that failed names its seed: TWO_EDITORS_SEED=… make thorough walks it again.
thorough: install $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m thorough --numprocesses 2 --dist worksteal

lint: install $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint frontend/templates
	$(BIN)/python manage.py workflow_doc --check
	$(BIN)/python manage.py spectacular --format openapi-json --validate --fail-on-warn --file $(DATA_DIR)/openapi.json
	diff $(DATA_DIR)/openapi.json api/openapi.json

# Long runs with commands of their own.
faults: install $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/faults

bench: install
	$(BIN)/python -m tests.benchmarks.suggestions
	$(BIN)/python -m tests.benchmarks.memory

# About an hour on two cores, and 10 GB of disk at the largest size: make bench-search SIZES="1000 10000"
SIZES ?= 1000 10000 100000 1000000
bench-search: install
	$(BIN)/python -m tests.benchmarks.search $(addprefix --passages ,$(SIZES)) --json $(DATA_DIR)/bench-search.json

# The desk with 1,000 and 100,000 cases, against django-helpdesk in an environment of its own; about a quarter of an hour.
HELPDESK := $(DATA_DIR)/bench-helpdesk
bench-desk: install
	@test -x $(HELPDESK)/bin/python || $(PYTHON) -m venv $(HELPDESK)
	@$(HELPDESK)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/benchmarks/desk/peer.txt
	$(BIN)/python -m tests.benchmarks.desk --peer $(abspath $(HELPDESK))/bin/python

# The pages and the journeys in every language and width; the suite takes a part of the ways.
pages: install $(VENV)/.installed-dev
	EVERY_WAY=1 $(BIN)/python -m pytest tests/browser/test_every_page_fits.py tests/browser/test_both_journeys.py

# Pictures in both languages and at both widths: the ten main pages in DATA_DIR/screenshots/main, then every page beside it.
screenshots: install $(VENV)/.installed-dev
	rm -rf $(DATA_DIR)/screenshots
	SCREENSHOTS=$(abspath $(DATA_DIR))/screenshots $(BIN)/python -m pytest tests/browser/test_every_page_fits.py -k main
	SCREENSHOTS=$(abspath $(DATA_DIR))/screenshots $(BIN)/python -m pytest tests/browser/test_every_page_fits.py -k fit_and

messages: $(VENV)/.installed
	$(BIN)/python manage.py makemessages --locale nl --ignore var --ignore .venv --ignore node_modules --no-location

# New versions within the ranges of pyproject.toml, written down for everybody.
lock:
	@rm -rf $(LOCK) && $(PYTHON) -m venv $(LOCK)
	@$(PYTHON) -c 'import tomllib; p = tomllib.load(open("pyproject.toml", "rb")); print(*p["project"]["dependencies"], sep="\n")' > $(LOCK)/runtime.in
	@$(PYTHON) -c 'import tomllib; g = tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]; print(*g["test"], *g["lint"], sep="\n")' > $(LOCK)/dev.in
	@$(LOCK)/bin/pip install --quiet --prefer-binary $(TORCH) -r $(LOCK)/runtime.in
	@$(LOCK)/bin/pip freeze | sed 's/^torch==.*/torch==2.13.0/' > requirements.lock
	@$(LOCK)/bin/pip install --quiet --prefer-binary -c requirements.lock -r $(LOCK)/dev.in
	@$(LOCK)/bin/pip freeze | grep -v '^torch==' | grep -v -x -F -f requirements.lock > requirements-dev.lock
	@rm -rf $(LOCK)

clean:
	rm -rf $(VENV) frontend/node_modules $(dir $(LOOKS))
