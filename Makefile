# Everything a person types. `make` alone lists it.
#
# Belongs here: short recipes over the tools in .venv. Does not belong here: logic; that
# is in orchestration/ (python -m orchestration --help).

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help

# The Python that .venv is made with: 3.10 to 3.12.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

# make refresh LANDING=dir AS_OF=yyyy-mm-dd RELEASES=dir, or the variables of the same
# name with the prefix BLUEPRINT_.
ifdef LANDING
export BLUEPRINT_LANDING := $(LANDING)
endif
ifdef AS_OF
export BLUEPRINT_AS_OF := $(AS_OF)
endif
ifdef RELEASES
export BLUEPRINT_RELEASES := $(RELEASES)
endif
# They are handed over by the environment, so that their quotes stay as they are.
export Q
export PERSON
export FILE
export NAME
export WHERE

export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DAGSTER_DISABLE_TELEMETRY := yes
export GX_ANALYTICS_ENABLED := false

.PHONY: help install refresh medicaid test thorough lint dev docs sql query metric bi explain quarantine scenario validate verify faults audit bench lock clean

help: ## List what can be done
	grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(STAMP): requirements.lock
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 10) <= v <= (3, 12) else f"$(PYTHON) is Python {v[0]}.{v[1]}; the project needs 3.10, 3.11 or 3.12. Name one: make install PYTHON=python3.11")'
	echo "Installing into .venv (once; a few minutes)"
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

install: $(STAMP) ## Make .venv from the lock file; does nothing when it is there

refresh: $(STAMP) ## Publish a release [LANDING=dir AS_OF=yyyy-mm-dd RELEASES=dir]
	$(BIN)/python -m orchestration refresh

lint: $(STAMP) ## Check the form of Python (ruff), SQL (SQLFluff) and the dbt project
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	echo "SQLFluff (about a minute)"
	# The project is parsed beside it: SQLFluff begins with a parse of its own.
	$(BIN)/python -m orchestration prepare & preparing=$$!
	said=$$(BLUEPRINT_BUILD=:memory: $(BIN)/python tests/lint_sql.py lint --disable-progress-bar --processes 2 models $(wildcard tests/data/*.sql) 2>&1) || { echo "$$said"; exit 1; }
	wait $$preparing

medicaid: $(STAMP) ## Publish the monthly attribution of Medicaid [as refresh]
	$(BIN)/python -m orchestration refresh --job monthly_medicaid_attribution

test: lint ## Every check: lint, dbt build with unit tests, pytest with whole refreshes
	$(BIN)/python tests/audit.py --may-be-offline --seconds 20
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations 20 --durations-min 15

thorough: $(STAMP) ## The tests that `make test` leaves out: its promises, at further places
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS $(BIN)/python -m pytest -q -n 2 --dist loadfile -m thorough

dev: $(STAMP) ## Dagster's web UI on the same definitions
	$(BIN)/python -m orchestration prepare
	DAGSTER_HOME="$(CURDIR)/.dagster" $(BIN)/dagster dev --module-name orchestration.definitions

docs: $(STAMP) ## Write the documentation site into build/docs.html
	$(BIN)/python -m orchestration docs

sql: $(STAMP) ## Query the current release: make sql Q="select …" [RESTRICTED=1]
	$(BIN)/python -m orchestration sql $(if $(RESTRICTED),--restricted) -- "$$Q"

query: $(STAMP) ## Answer a question of docs/analysts/queries: NAME=05 [RESTRICTED=1]
	files=(docs/analysts/queries/"$${NAME:-}"*.sql)
	if [[ $${#files[@]} -ne 1 || ! -f "$${files[0]}" ]]; then
	    echo "NAME= names one of these:"; ls docs/analysts/queries/*.sql; exit 1
	fi
	$(BIN)/python -m orchestration sql $(if $(RESTRICTED),--restricted) -- "$$(< "$${files[0]}")"

metric: $(STAMP) ## Answer metrics, or list them [M="pcmh_pppm …" BY=hsa,payer WHERE=…]
	$(BIN)/python -m orchestration metric $(if $(BY),--by "$(BY)") $(if $(WHERE),--where "$$WHERE") -- $(M)

BI := build/bi/env
$(BI)/installed: bi/requirements.lock
	$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if v == (3, 11) else f"$(PYTHON) is Python {v[0]}.{v[1]}; Superset is locked for 3.11. Name one: make bi PYTHON=python3.11")'
	echo "Installing Apache Superset into $(BI) (once; a few minutes)"
	rm -rf $(BI)
	$(PYTHON) -m venv $(BI)
	$(BI)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r bi/requirements.lock
	touch $@

PORT ?= 8088
bi: $(BI)/installed ## Serve the dashboard of one HSA in Apache Superset [PORT=8088 CHECK=1]
	$(BI)/bin/python bi/serve.py --port "$(PORT)" $(if $(CHECK),--check) "$${BLUEPRINT_RELEASES:-releases}/current/blueprint.duckdb"

explain: $(STAMP) ## Say why a person is attributed: PERSON=… [AS_OF=… PROGRAM=pcmh|whi]
	$(BIN)/python -m orchestration explain $(if $(AS_OF),--as-of "$(AS_OF)") $(if $(PROGRAM),--program "$(PROGRAM)") $(if $(RELEASE),--release "$(RELEASE)") -- "$${PERSON:-}"

quarantine: $(STAMP) ## Show rows that were kept out [FAILED=1 TABLE=… RULE=… EXAMPLES=3]
	$(BIN)/python -m orchestration quarantine $(if $(FAILED),--failed) $(if $(TABLE),--table "$(TABLE)") $(if $(RULE),--rule "$(RULE)") $(if $(EXAMPLES),--examples "$(EXAMPLES)")

scenario: $(STAMP) ## Say what payments other policy would make: FILE=… [OUT=file.csv TOP=40]
	$(BIN)/python -m orchestration scenario $(if $(OUT),--out "$(OUT)") $(if $(TOP),--top "$(TOP)") $(if $(RELEASE),--release "$(RELEASE)") -- "$${FILE:-}"

validate: $(STAMP) ## Say what a drop lacks, and for which mart: LANDING=dir
	$(BIN)/python -m orchestration validate

verify: $(STAMP) ## Hold the current release against its manifest [RELEASE=dir LANDING=dir]
	$(BIN)/python -m orchestration verify $(if $(RELEASE),"$(RELEASE)") $(if $(LANDING),--landing "$(LANDING)")

N ?= 100
SEED ?= 1
faults: $(STAMP) ## Refresh drops that chance has spoiled [N=100 SEED=1]
	$(BIN)/python -m tests.faults --rounds $(N) --seed $(SEED)

audit: $(STAMP) ## Compare the lock with known vulnerabilities (pip-audit)
	$(BIN)/python tests/audit.py

PEOPLE ?= 20000
bench: $(STAMP) ## Time a refresh beside benchmarks/floor.sql [PEOPLE=20000 JSON=file]
	$(BIN)/python benchmarks/bench.py --people $(PEOPLE) $(if $(JSON),--json "$(JSON)")

# Wheels only, so that no machine needs a compiler; four packages of Superset's have no
# wheel, and are of Python alone.
SOURCES_OF_BI := apache-superset odfpy func-timeout wtforms-json
lock: ## Write requirements.lock and bi/requirements.lock anew, with uv
	$(BIN)/python -m pip install -qq --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --fork-strategy requires-python --no-strip-extras --generate-hashes --no-emit-index-url --no-header --only-binary :all: --group dev pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --python-version 3.11 --no-strip-extras --generate-hashes --no-emit-index-url --no-header --only-binary :all: $(SOURCES_OF_BI:%=--no-binary %) bi/requirements.in --output-file bi/requirements.lock

clean: ## Remove what was made, except .venv and releases
	rm -rf target logs build .dagster .hypothesis .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
