# Needs only make and Python 3.11 or newer; everything else goes into .venv.
#   make dashboard     open the simulator in a browser
#   make quick         run the tests of engine, scenarios, state and house, without a browser, within a minute
#   make page          write the simulator as one file, dist/pushpull.html, for any browser and without a server
#   make test          run every test (the browser tests need Chromium)
#   make slowest       run every test and renew tests/bench/slowest.csv, the table of the slowest
#   make bench         time the model against its limits and its peers
#   make baseline      renew the pinned results and print by how much each moved
#   make modules       compile anew what the pocket page stores of the model, once equations have changed
#   make notebooks     run every notebook, as it is, and store what it shows
#   make audit         what is too long, or needs too much, for every run: soaks, attacks, a proxy, more cases of some tests
#   make lint          check the code's style and layout (make style) and its types (make types)
#   make constraints   renew .ci/constraints.txt from this .venv
#   make clean         remove .venv and everything built
# ARGS is handed on, as in: make test ARGS="-k fee", make dashboard ARGS="--port 5010", make page ARGS=g8_2001.

PYTHON ?= python3
ARGS ?=
INSTALL_OPTIONS ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALLER ?= $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALL := $(INSTALLER) --constraint .ci/constraints.txt $(INSTALL_OPTIONS)
SOURCES := pyproject.toml .ci/constraints.txt

QUICK := tests/engine tests/test_house.py tests/test_environment.py tests/test_baseline.py tests/test_catalogue.py \
         $(wildcard tests/test_scenario_*.py tests/test_dashboard_state*.py)

# In the order of tests/conftest.py.
WORKERS := -n 2 --dist loadgroup --no-loadscope-reorder

# Tests of properties by examples; `make audit` tries new ones.
PROPERTIES := $(shell grep -lE '^@given' -r tests --include='test_*.py')

.PHONY: dashboard page quick test slowest bench baseline modules notebooks audit lint style types constraints clean
.DELETE_ON_ERROR:

dashboard: $(VENV)/installed
	$(BIN)/pushpull dashboard $(ARGS)

page: $(VENV)/installed
	mkdir -p dist
	$(BIN)/pushpull export page $(ARGS) -o dist/pushpull.html

quick: $(VENV)/installed-test
	$(BIN)/python -m pytest $(WORKERS) -m "not slow and not browser" $(QUICK) $(ARGS)

test: $(VENV)/installed-test
	$(BIN)/python -m pytest $(WORKERS) -m "not audit" --ignore tests/bench --ignore tests/audit $(ARGS)

slowest: $(VENV)/installed-test
	$(MAKE) test ARGS="--junitxml $(VENV)/tests.xml $(ARGS)"
	$(BIN)/python -m tests.bench.slowest $(VENV)/tests.xml

bench: $(VENV)/installed-test
	$(BIN)/python -m pytest tests/bench $(ARGS)

baseline: $(VENV)/installed-test
	$(BIN)/python -m tests.baseline.pinned

modules: $(VENV)/installed
	$(BIN)/python -m pushpull.dashboard.pocket.store_modules

notebooks: $(VENV)/installed-test
	$(BIN)/python -m tests.stored_notebooks $(ARGS)

audit: $(VENV)/installed-test
	$(BIN)/python -m pytest -s tests/audit $(ARGS)
	$(BIN)/python -m pytest $(WORKERS) -m audit --ignore tests/bench --ignore tests/audit $(ARGS)
	PUSHPULL_NEW_EXAMPLES=1 $(BIN)/python -m pytest -q $(PROPERTIES) $(ARGS)

lint: style types

style: $(VENV)/installed-test
	$(BIN)/ruff check $(ARGS) .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-test
	$(BIN)/python .ci/check_types.py

constraints: $(VENV)/installed-test
	$(INSTALL) --editable '.[test,notebook]'
	{ head -n 1 .ci/constraints.txt; $(BIN)/python -m pip freeze --exclude-editable; } > $(VENV)/constraints.txt
	mv $(VENV)/constraints.txt .ci/constraints.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says that an install went through to its end, so that the next call starts at once.
$(VENV)/installed: $(VENV)/made $(SOURCES)
	@echo "Installing Pushpull into $(VENV); the first time takes a minute or two."
	$(INSTALL) --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/made $(SOURCES)
	@echo "Installing Pushpull and its tests into $(VENV); the first time takes a minute or two."
	$(INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/installed

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Pushpull needs Python 3.11 or newer, but \"$(PYTHON)\" is `$(PYTHON) --version 2>&1`." >&2; \
	    echo "Install a newer Python, or name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
	    exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	    echo "Python could not make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; \
	    exit 1; }
	@touch $@
