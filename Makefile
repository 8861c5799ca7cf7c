# Everything works on a fresh clone with Python 3.11, make and git. All is installed in .venv, inside the clone.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
# No user configuration of pip is needed; its own reminders are noise here.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo serve oidc test lint bench lock clean

demo: $(VENV)/.runtime
	$(BIN)/prep demo

serve: $(VENV)/.runtime
	$(BIN)/prep serve

# Also the libraries for signing in through the organisation's own service.
oidc: $(VENV)/.runtime
	$(BIN)/pip install --quiet --require-hashes --requirement constraints-oidc.txt

test: $(VENV)/.dev
	$(BIN)/python -m tests.system_packages
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The build backend first, then the pinned libraries, then prep itself without looking anything up.
$(VENV)/.runtime: $(VENV)/bin/python pyproject.toml constraints.txt constraints-build.txt
	@echo "Installing prep and its libraries into $(VENV) ..."
	$(BIN)/pip install --quiet --require-hashes --requirement constraints-build.txt --requirement constraints.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime constraints-dev.txt
	@echo "Installing the tools of tests and lint ..."
	$(BIN)/pip install --quiet --require-hashes --requirement constraints-dev.txt
	@touch $@

# Renews the pins; the download addresses stay out of the files.
lock:
	$(BIN)/pip install --quiet uv
	rm -f constraints.txt constraints-oidc.txt constraints-build.txt constraints-dev.txt
	$(BIN)/uv pip compile pyproject.toml --python-version 3.11 $(LOCK) -o constraints.txt
	$(BIN)/uv pip compile pyproject.toml --extra oidc --python-version 3.11 -c constraints.txt $(LOCK) -o constraints-oidc.txt
	$(BIN)/uv pip compile --group pyproject.toml:build --python-version 3.11 $(LOCK) -o constraints-build.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --python-version 3.11 -c constraints.txt $(LOCK) -o constraints-dev.txt
LOCK := --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis artefacts
