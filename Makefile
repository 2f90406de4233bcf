# Two commands do everything: `make ask Q="…"` and `make test`. Both set up .venv by themselves, once.

PYTHON ?= python3
Q ?= Which countries sent troops?
VENV := .venv
BIN := $(VENV)/bin
# The index lies where the settings say: the environment first, then .env, as for verbatim itself.
INDEX := $(or $(VERBATIM_INDEX),$(shell sed -n "s/^VERBATIM_INDEX=//p" .env 2>/dev/null | tail -n 1),.verbatim)

.PHONY: ask test setup clean
.DELETE_ON_ERROR:

ask: $(VENV)/.installed $(INDEX)/current
	@$(BIN)/verbatim ask -- "$$VERBATIM_QUESTION"

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy bot index
	$(BIN)/pytest -q

setup: $(VENV)/.installed

# The question reaches the shell as it was typed, by the environment: neither make nor the shell expands what is in it.
unexport Q
export VERBATIM_QUESTION := $(value Q)

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Verbatim needs Python 3.10 or newer; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

$(INDEX)/current:
	$(BIN)/verbatim index rebuild

clean:
	rm -rf $(VENV) .verbatim
