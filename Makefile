# make demo   from a bare machine to answers: installs into .venv, builds a small library, searches it
# make test   installs what is missing and runs the tests
# make check  format, lint, types, tests
#
# A plain `pip install torch` brings gigabytes of CUDA on Linux. For a CPU build from PyTorch's own index:
#   make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu

PYTHON ?= python3
TORCH_INDEX ?=
BIN := .venv/bin
# Two threads by default: more help little at these sizes, and fewer surprise nobody.
export OMP_NUM_THREADS ?= 2
export HF_HUB_OFFLINE := 1

.PHONY: demo test check format clean
.DELETE_ON_ERROR:

demo: .venv/ready
	$(BIN)/monster demo --out demo

test: .venv/ready
	$(BIN)/python -m pytest -q

check: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q

format: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/ready: pyproject.toml constraints.txt
	PYTHON=$(PYTHON) scripts/system-libraries
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf .venv demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
