# Recipes for the contract: `make proto` writes the generated code, `make proto-lint` checks the style of the contract.
PYTHON ?= python3
VENV ?= .venv

.PHONY: proto proto-lint
proto:
	$(PYTHON) protos/generate.py
	$(VENV)/bin/python protos/generate_csharp.py
	$(PYTHON) unity_package/Tools~/write_metas.py

proto-lint:
	buf lint
