# Everything is installed into .venv from the hashed locks; nothing else is needed but python3 (3.11 or newer) with venv.
# `make run` starts a node, `make test` runs everything that must pass. All targets: `make help`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= 1
SOURCES := gateway web storage actors protocol simulators tests
export UV_LINK_MODE ?= copy
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
# Some machines forbid Python to keep what it has compiled; each process would then compile all it imports: 2 s a node.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test test-fast lint format bench soak lock generate clean
.DEFAULT_GOAL := help

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(BIN)/uv: locks/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Voltyard needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --require-hashes -r locks/uv.txt
	@touch $@

$(VENV)/.run: locks/run.txt pyproject.toml $(BIN)/uv
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r locks/run.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: locks/dev.txt $(VENV)/.run
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r locks/dev.txt
	@touch $@

run: $(VENV)/.run  ## start a node with a demo site (DEMO=0: without)
	@exec $(BIN)/voltyard run $(if $(filter 0,$(DEMO)),,--demo)

test: $(VENV)/.dev  ## everything that must pass
	@bash tests/support/system.sh
	@$(BIN)/python -m tests.support.sharing -m "not soak"

test-fast: $(VENV)/.dev  ## what needs no server, under a minute
	@$(BIN)/python -m pytest -m "not server and not slow and not soak"

lint: $(VENV)/.dev  ## ruff, mypy, import direction, generated files current
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m protocol.ocpp.generate --check
	@$(BIN)/python -m protocol.events.generate --check
	@$(BIN)/python -m tests.support.ocpp_coverage --check
	@$(BIN)/python -m pytest tests/test_imports.py

format: $(VENV)/.dev  ## put right what ruff can
	@$(BIN)/ruff check --fix .

generate: $(VENV)/.dev  ## write generated files anew
	@$(BIN)/python -m protocol.ocpp.generate
	@$(BIN)/python -m protocol.events.generate
	@$(BIN)/python -m web.problems > docs/api-errors.md
	@$(BIN)/python -m tests.support.ocpp_coverage

bench: $(VENV)/.dev  ## measure this machine (var/bench/*.json)
	@exec $(BIN)/voltyard bench

soak: $(VENV)/.dev  ## long runs
	@$(BIN)/python -m pytest -m soak --timeout=3600 tests/scenarios

lock: $(BIN)/uv  ## resolve the locks anew
	@$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --universal --python-version 3.11 locks/uv.in -o locks/uv.txt
	@$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --universal --python-version 3.11 pyproject.toml locks/build.in -o locks/run.txt
	@$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-emit-index-url --universal --python-version 3.11 --extra dev --extra bench -c locks/run.txt pyproject.toml locks/build.in -o locks/dev.txt

clean:  ## remove .venv and caches (data in var/ stays)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis build *.egg-info
