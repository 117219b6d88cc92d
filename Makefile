# make sky · make test · make lint · make bench · make proto — each sets up what it needs in .venv first.
PYTHON ?= python3
VENV ?= .venv
CLOUD ?= cumulus
SEED ?= 7
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: sky test lint bench sheet clean help
help:
	@echo "make sky    a sky into out/ (CLOUD=$(CLOUD) SEED=$(SEED))"
	@echo "make test   every test, slow ones too"
	@echo "make lint   ruff, mypy, buf"
	@echo "make bench  the figures that the README quotes"
	@echo "make proto  generated code from protos/"
	@echo "make sheet  the contact sheets in docs/"

# Serving only: no torch.
$(VENV)/.serve: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("Skyloom needs Python 3.10 or newer; this is " + sys.version.split()[0])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) -e .
	@touch $@

# Everything: training, linters, tests.
$(VENV)/.dev: $(VENV)/.serve
	$(PIP) -e '.[training,dev]'
	@touch $@

sky: $(VENV)/.serve
	$(BIN)/skyloom generate --cloud $(CLOUD) --seed $(SEED) \
	  --layout panorama:2048 --layout faces:512 --layout perspective:1280 \
	  --recipe out/recipe.json --force -o out/

test: $(VENV)/.dev
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" $(MAKE) --no-print-directory proto-lint

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/bench_sky.py
	$(BIN)/python benchmarks/bench_int8.py
	$(BIN)/python benchmarks/bench_seams.py

sheet: $(VENV)/.serve
	$(BIN)/python docs/make_sheets.py

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis

proto: $(VENV)/.serve
include proto.mk
