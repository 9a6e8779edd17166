# Two commands do all set-up on a fresh machine with Python 3.11 or newer: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAM_BIN := .venv-sam/bin
CHECKS_BIN := .venv-checks/bin
# What each environment is made of: .in as it is asked for, .txt locked with its hashes.
LOCKS := .ci/requirements
LOCK = $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header
NODE_PACKAGES := $(if $(shell command -v npm 2>/dev/null),$(addsuffix /node_modules/.tracelode,tests/contract tests/pages))
export SAM_CLI_TELEMETRY = 0
# The functions' layers have no lxml, with which openpyxl writes other bytes.
export OPENPYXL_LXML = False
# Bytecode is kept, or every process of a run would compile all of the code and rewrite all of the tests for itself.
unexport PYTHONDONTWRITEBYTECODE
PYTEST = $(BIN)/python -m pytest --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run watch test quick thorough mutants parity faults machine soak check lint types house template judge audit sbom build format docs screenshots lock example benchmark clean

help:  ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.local: $(BIN)/python $(LOCKS)/local.txt pyproject.toml local/packing.py layers/requirements.in console/requirements.in local/requirements.in
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/local.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.local $(LOCKS)/dev.txt $(LOCKS)/readers.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(LOCKS)/readers.txt
	@touch $@

$(SAM_BIN)/sam: $(LOCKS)/sam.txt
	$(PYTHON) -m venv .venv-sam
	$(SAM_BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(LOCKS)/sam.txt
	@touch $@

$(CHECKS_BIN)/checkov: $(LOCKS)/checks.txt
	$(PYTHON) -m venv .venv-checks
	$(CHECKS_BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(LOCKS)/checks.txt
	@touch $@

run: $(VENV)/.local  ## Run the example case on this machine and say where the report is
	@$(BIN)/python -m examples.make_qualys_2016 --dates
	$(BIN)/tracelode run examples/qualys-2016 --out out

watch: $(VENV)/.local  ## Stay up: files dropped into the example's inbox show up in the report
	@$(BIN)/python -m examples.make_qualys_2016 --dates
	$(BIN)/tracelode watch examples/qualys-2016 --out out

example: $(VENV)/.local  ## Write the example case again from examples/annex-2016.csv
	$(BIN)/python -m examples.make_qualys_2016

# Without npm, or without a way to its registry, the tests on dynalite and in a browser skip and say why.
tests/%/node_modules/.tracelode: tests/%/package.json tests/%/package-lock.json
	-npm ci --prefix tests/$* --loglevel=error && touch $@

test: $(VENV)/.dev $(SAM_BIN)/sam $(NODE_PACKAGES)  ## Run all tests
	$(PYTEST) -n auto --maxprocesses 4

quick: $(VENV)/.dev  ## Run the tests that need nothing but their own process
	$(BIN)/python -m pytest --quick

thorough: $(VENV)/.dev $(SAM_BIN)/sam $(NODE_PACKAGES)  ## Run all tests, with other examples every time and twenty times as many (hours)
	$(PYTEST) -n auto --maxprocesses 4 --hypothesis-profile thorough

mutants: $(VENV)/.dev  ## Change every line of the review a little, and see a test fail each time (some minutes)
	$(BIN)/python -m tests.unit.review.mutants

parity: $(VENV)/.dev  ## Hold thousands of declarations against RMI's own Checker (most of an hour)
	$(BIN)/python -m tests.engines.checker --declarations 2400

faults: $(VENV)/.dev  ## Kill the functions before and after every call that they make (a quarter of an hour)
	$(BIN)/python -m tests.fault.sweep --kinds CRASH_BEFORE CRASH_AFTER

machine: $(VENV)/.dev  ## Do anything in any order, with faults, for half an hour
	$(BIN)/python -m tests.fault.machine --seconds 1800

soak: $(VENV)/.dev  ## Two hours of mixed traffic with faults, at a fifth of a processor
	$(BIN)/python -m tests.soak --seconds 7200 --seed 1

check: lint types house template judge  ## Run every static check

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

house: $(VENV)/.dev
	$(BIN)/python -m pytest -p no:cacheprovider tests/unit/house tests/unit/docs tests/docs/test_links.py

template: $(VENV)/.dev $(SAM_BIN)/sam
	$(SAM_BIN)/sam validate --lint
	@mkdir -p build
	$(BIN)/python -m tracelode_local.template.translation template.yaml > build/template.json
	$(BIN)/cfn-lint build/template.json

judge: $(VENV)/.dev $(CHECKS_BIN)/checkov
	$(BIN)/python tests/judgement/judge_template.py $(CHECKS_BIN)

audit: $(CHECKS_BIN)/checkov  ## Ask whether a locked dependency has a known vulnerability (needs the network)
	for name in layers/dependencies/requirements $(addprefix $(LOCKS)/,local dev sam checks); do \
	  $(CHECKS_BIN)/pip-audit --strict --disable-pip --require-hashes --requirement $$name.txt || exit 1; \
	done

sbom: $(CHECKS_BIN)/checkov  ## Write the bill of materials of what is deployed, build/sbom.json
	@mkdir -p build
	$(CHECKS_BIN)/cyclonedx-py requirements layers/dependencies/requirements.txt --output-reproducible --of JSON \
	  -o build/sbom.json

# The layers' binary packages are chosen by the Python that builds them, so it has to be the functions' own.
build: $(SAM_BIN)/sam  ## Build what is deployed, into .aws-sam/ (needs Python 3.13)
	runtime=$$(layers/runtime-python) && PATH="$$runtime:$$PATH" $(SAM_BIN)/sam build
	layers/add-bytecode .aws-sam/build

format: $(VENV)/.dev  ## Put the code into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.dev  ## Write the generated pages of docs/ again
	$(BIN)/python docs/generate.py

screenshots: $(VENV)/.dev tests/pages/node_modules/.tracelode run  ## Take the pictures of docs/images/ again
	$(BIN)/python docs/screenshots.py out/2016

lock: $(VENV)/.dev  ## Lock the dependencies again, newest versions
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	for name in local dev sam checks; do \
	  $(LOCK) --upgrade --universal --python-version 3.11 $(LOCKS)/$$name.in -o $(LOCKS)/$$name.txt || exit 1; \
	done
	$(LOCK) --upgrade --no-deps --universal --python-version 3.11 $(LOCKS)/readers.in -o $(LOCKS)/readers.txt
	$(LOCK) --python-version 3.13 --constraint $(LOCKS)/local.txt layers/requirements.in \
	  -o layers/dependencies/requirements.txt
	$(LOCK) --upgrade --python-version 3.13 $(LOCKS)/emulator.in -o $(LOCKS)/emulator.txt

benchmark: $(VENV)/.dev  ## Measure against what a user would pick instead (needs RMI's templates)
	$(BIN)/python benchmarks/read_and_review.py
	$(BIN)/python benchmarks/run_against_consolidation.py
	$(BIN)/python benchmarks/start_of_commands.py
	$(BIN)/python benchmarks/scale.py

clean:  ## Remove what was built
	rm -rf .venv .venv-sam .venv-checks .aws-sam build out tests/*/node_modules
