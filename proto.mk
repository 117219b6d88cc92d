# Recipes for the contract: `make proto` writes the generated code, `make proto-lint` checks the contract's style.
PYTHON ?= python3

.PHONY: proto proto-lint
proto:
	$(PYTHON) protos/generate.py

proto-lint:
	buf lint
