# Corner Lab. `make run` and `make test` do everything on a fresh machine with Python 3.11-3.13.
#
# Each step of the set-up leaves a stamp inside .venv, so a second call starts at once, a changed
# requirements file is installed again, and `make clean` forgets everything.

.DEFAULT_GOAL := help
.PHONY: help setup run site test check check-all check-site fuzz bench soak clean

# A foreign PYTHONPATH would let packages of the machine shadow those in .venv.
unexport PYTHONPATH PYTHONHOME

PYTHON ?=
PORT ?=
ADDRESS ?=
FOLDER ?=
BASE ?=
SEED ?=
py := .venv/bin/python

# The steps run in $(shell), not as recipe lines: what a step prints on stdout is what went wrong, and
# $(error) shows it as the only line, where a failed recipe would add "make: *** [...] Error 1".
# Progress goes to stderr. Because $(shell) also runs under `make -n`, that case is told apart.
letters = $(firstword -$(MAKEFLAGS))
dry_run = $(if $(findstring =,$(letters))$(findstring --,$(letters)),,$(findstring n,$(letters)))
stop_on = $(if $(strip $(1)),$(error $(strip $(1))))
step = $(if $(dry_run),$(1),$(call stop_on,$(shell $(1) || echo 'the set-up stopped before it was done')))

help:
	@echo 'make run        set up what is missing and open the app (PORT=8600 chooses the port)'
	@echo 'make site       write a static site: list, story, a player per scenario (FOLDER=site, BASE=https://lab.example.org)'
	@echo 'make test       set up what is missing, lint, format, types and every test'
	@echo 'make setup      only create .venv and install (PYTHON=python3.12 chooses the Python)'
	@echo 'make check      lint, format and types alone'
	@echo 'make check-all  the long grid: every allowed combination against plain Keras; nginx before the app; Firefox; the static site'
	@echo 'make fuzz       a million links and weight files, 100,000 reports of the page (SEED=1 chooses others)'
	@echo 'make bench      speed, side by side'
	@echo 'make soak       visitors for an hour (MINUTES=10), and what piles up meanwhile'
	@echo 'make clean      remove .venv and everything that was generated'

setup: .venv/.app
	@echo 'Ready: "make run" opens the app, "make test" runs every test.'

# Without PORT, Streamlit starts at 8501 and takes the next free port by itself. ADDRESS=0.0.0.0 opens it to a room. In the
# background of a shell that waits, because Ctrl+C is then left to that shell until Python has started and can take it.
run: .venv/.app
	@trap 'kill $$! 2>/dev/null; wait; exit 0' INT TERM; \
	$(py) serve.py --server.address $(or $(ADDRESS),localhost) $(if $(PORT),--server.port $(PORT)) & wait $$!

# For any static host, or a disk. BASE is the app to which every run links back.
site: .venv/.app
	@exec $(py) -m corner_lab site --output $(or $(FOLDER),site) $(if $(BASE),--base $(BASE))

check: tools/js/node_modules/.stamp
	@exec $(py) tools/checks.py

test: .venv/.chromium tools/js/node_modules/.stamp
	@exec $(py) tools/tests.py

# XLA compiles there as it does for users, which tests/conftest.py has it do faster otherwise.
check-all check-site: export XLA_FLAGS =

# What follows the grid needs nginx, brotli and Firefox of the system, and says how to get them.
check-all: .venv/.chromium
	@$(py) -m pytest -m oracle_grid tests/core
	@$(py) -m pytest tests/online
	@$(py) -m pytest tests/firefox
	@$(py) -m pytest tests/site

# The whole static site, trained, and opened from the disk.
check-site: .venv/.chromium
	@exec $(py) -m pytest tests/site

fuzz: .venv/.tools
	@exec $(py) -m tests.fuzz $(if $(SEED),--seed $(SEED))

bench: .venv/.browser .venv/.bench
	@exec $(py) -m benchmarks

soak: .venv/.bench
	@exec $(py) -m benchmarks.visitors.soak --minutes $(or $(MINUTES),60)

clean:
	@rm -rf .venv tools/js/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv whose Python was removed or moved counts as missing here (the link leads nowhere) and is made anew.
$(py):
	$(call step,sh tools/setup.sh venv '$(PYTHON)')

.venv/.app: requirements.txt $(py)
	$(call step,sh tools/setup.sh install requirements.txt $@)

.venv/.tools: requirements-test.txt .venv/.app
	$(call step,sh tools/setup.sh install requirements-test.txt $@)

.venv/.bench: requirements-bench.txt .venv/.tools
	$(call step,sh tools/setup.sh install requirements-bench.txt $@)

# Node comes with the tools, in a wheel; the app needs none.
tools/js/node_modules/.stamp: tools/js/package-lock.json tools/js.py .venv/.tools
	$(call step,$(py) tools/js.py install --stamp $@)

.venv/.chromium: tools/chromium.py .venv/.tools
	$(call step,$(py) tools/chromium.py --stamp $@)

# Speed is measured in a browser as people have it, not in the headless shell of the tests.
.venv/.browser: tools/chromium.py .venv/.tools
	$(call step,$(py) tools/chromium.py --whole --stamp $@)
