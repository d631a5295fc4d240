# make demo        from a bare machine to answers: installs into .venv, builds a small gallery, searches it
# make lint        format, lint and types
# make test        the tests, in two processes
# make check       lint, then test: what .ci/run runs
# make check-all   check, then kills and damaged files at a tenth of full size; N=10 for full size
#
# A plain `pip install torch` brings gigabytes of CUDA on Linux. For a CPU build from PyTorch's own index:
#   make demo TORCH_INDEX=https://download.pytorch.org/whl/cpu

PYTHON ?= python3
TORCH_INDEX ?=
N ?= 1
BIN := .venv/bin
# Two threads by default: more help little at these sizes. The tests run in two processes of one thread each.
export OMP_NUM_THREADS ?= 2
export HF_HUB_OFFLINE := 1

.PHONY: demo lint test check check-all format clean
.DELETE_ON_ERROR:

demo: .venv/ready
	$(BIN)/monster demo --out demo

lint: .venv/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: .venv/ready
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist worksteal

check: lint test

check-all: check
	MONSTER_KILLS=$$((50 * $(N))) $(BIN)/python -m pytest -q tests/monster/gallery/test_durability.py
	$(BIN)/python benchmarks/fuzz_readers.py --count $$((1000 * $(N))) --jobs 2

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
	rm -rf .venv demo fuzz-findings .pytest_cache .mypy_cache .ruff_cache .hypothesis
