# make sky · make test · make lint · make bench · make quantization · make proto — each sets up what it needs in .venv first.
PYTHON ?= python3
VENV ?= .venv
CLOUD ?= cumulus
SEED ?= 7
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: sky test lint bench quantization sheet clean help
help:
	@echo "make sky    a sky into out/ (CLOUD=$(CLOUD) SEED=$(SEED))"
	@echo "make test   every test, slow ones too"
	@echo "make lint   ruff, mypy, buf"
	@echo "make bench  docs/performance.md, about 3 minutes"
	@echo "make quantization  docs/quantization.md, about 12 minutes"
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
	$(BIN)/python -m benchmarks

quantization: $(VENV)/.dev
	$(PIP) -e '.[quantization]'
	$(BIN)/python -m benchmarks.quantization

sheet: $(VENV)/.serve
	$(BIN)/python docs/make_sheets.py

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .hypothesis

proto: $(VENV)/.serve
include proto.mk
