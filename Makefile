# Everything sets itself up: `make run` and `make test` need only Python 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
VERSORI := $(BIN)/versori
VERSORI_VERSION := 0.0.7

.PHONY: run test check bench clean

run: $(READY)
	$(BIN)/weft playground

test: $(READY) $(VERSORI)
	$(BIN)/pytest

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.bench

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev]'
	touch $(READY)

# Weft calls Versori's command line where a person has installed it. Tests run it where Go can
# install it, and what stands in for it everywhere: without Go or a network they go on.
$(VERSORI): Makefile | $(READY)
	@VERSION=$(VERSORI_VERSION) .ci/install-versori $(VERSORI)

clean:
	rm -rf $(VENV) build
