# Everything needs only Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup web hub demo test bench clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("chiploom needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "chiploom needs Python's venv module: apt-get install python3-venv" >&2; exit 1; }
	@echo "setting up $(VENV): takes a minute or two the first time"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The parts of the hub's pages that need JavaScript, built with the Node that the lock brings.
WEB := src/chiploom/hub/static/built/.built

web: setup $(WEB)

$(WEB): web/package-lock.json web/package.json web/build.mjs web/tsconfig.json $(wildcard web/src/*.ts)
	@echo "building the pages' scripts"
	@$(BIN)/python tools/build_web.py
	@touch $@

hub: web
	@$(BIN)/chiploom hub serve

demo: setup
	@$(BIN)/python -m chiploom.cli.demo

test: web
	$(BIN)/python -m ruff check src tests tools benchmarks
	$(BIN)/python -m ruff format --check --quiet src tests tools benchmarks
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest

bench: setup
	$(BIN)/python benchmarks/run.py --verilog-eval "$(VERILOG_EVAL)"

clean:
	rm -rf $(VENV) build dist web/node_modules src/chiploom/hub/static/built
