.PHONY: check format golden slow bench
# What CI runs.
check:
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	pytest -n auto
format:
	ruff format .
	ruff check --fix .
# Rewrite the expected outputs, then read the diff.
golden:
	pytest --golden
slow:
	pytest -m slow
# Figures over a data folder that is not in the project: make bench DATA=path
bench:
	python -m tests.bench $(DATA)
