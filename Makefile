# CodeTrack. `make help` says what it can do; every target does its own set-up first.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo up system check test soak bench build screenshots openapi-snapshot clean

PORT ?= 8000
export PORT
# A company network may sign with its own authority: trust what the system trusts.
export UV_SYSTEM_CERTS ?= 1
# Where this is set (images of containers do), every process compiles all it imports anew: seconds.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
DIST := src/codetrack/web/static/dist/manifest.json
FRONT_END := package-lock.json vite.config.ts tsconfig.json $(shell find frontend -type f 2>/dev/null)
JOBS ?= auto
BENCHMARKS := $(patsubst benchmarks/%.py,%,$(filter-out %/common.py,$(wildcard benchmarks/[a-z]*.py)))
DEMO_DATA := $(or $(CODETRACK_DATA),var/demo)
UP_DATA := $(or $(CODETRACK_DATA),var/up)

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s%s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "PORT and CODETRACK_DATA are honoured, for example: make demo PORT=8010"

demo: .venv/base.stamp $(DIST) ## Start a pretend club in a pretend world, and say how to sign in
	@tools/bubblewrap
	@CODETRACK_DATA="$(DEMO_DATA)" exec $(BIN)/codetrack demo

up: .venv/base.stamp $(DIST) ## Start a real club: the first page makes its admin
	@tools/bubblewrap
	@CODETRACK_DATA="$(UP_DATA)" exec $(BIN)/codetrack up

system: ## Install what the tests need from the system: Chromium, bubblewrap, languages
	@tools/system

check: .venv/dev.stamp node_modules/.package-lock.json $(DIST) ## Lint, types, contracts, unit tests
	@tools/check $(JOBS)

test: .venv/dev.stamp $(DIST) ## The whole suite: SQLite, PostgreSQL, a browser, faults
	@tools/test $(JOBS)

soak: .venv/dev.stamp $(DIST) ## The long runs: hundreds of kills, every page in every guise
	@$(BIN)/pytest -m soak --timeout=3600
	@CODETRACK_TEST_DB=postgres $(BIN)/pytest tests/soak -m soak --timeout=3600

bench: .venv/dev.stamp $(DIST) ## Measure against the goals; BENCH=name for one
	@for name in $(or $(BENCH),$(BENCHMARKS)); do $(BIN)/python -m "benchmarks.$${name//-/_}" || exit 1; done

build: .venv/dev.stamp $(DIST) ## A wheel with the built pages, in dist/
	@rm -rf dist
	@$(BIN)/uv build --quiet --wheel --python $(BIN)/python
	@ls dist/*.whl

screenshots: .venv/dev.stamp $(DIST) ## A gallery of every page, light and dark, in gallery/
	@$(BIN)/python -m tests.browser.gallery

openapi-snapshot: .venv/dev.stamp ## Write docs/reference/openapi.json anew
	@CODETRACK_DATA=var/check $(BIN)/python manage.py openapi

clean: ## Remove what was made here, except the data of clubs in var/
	rm -rf .venv node_modules build dist gallery src/codetrack/web/static/dist
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/bin/python:
	@python="$$(tools/python $(MAKECMDGOALS))" && "$$python" -m venv .venv

.venv/base.stamp: requirements/base.txt pyproject.toml | .venv/bin/python
	@echo "Installing CodeTrack into .venv"
	@tools/install -r requirements/base.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable . || \
		$(BIN)/python -m pip install --quiet --no-deps --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/base.stamp
	@echo "Installing the tools of the developers into .venv"
	@tools/install -r requirements/dev.txt
	@touch $@

node_modules/.package-lock.json: package-lock.json | .venv/bin/python
	@echo "Fetching what the pages are built from"
	@tools/npm ci --loglevel=error
	@touch $@

$(DIST): $(FRONT_END) node_modules/.package-lock.json
	@echo "Building the pages"
	@tools/npm run --silent build
	@touch $@
