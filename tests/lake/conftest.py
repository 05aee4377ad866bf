"""Tests of the lake need the extra `scan`, which the runs on the lowest and newest dependencies do not install."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("pyarrow") and find_spec("duckdb") else ["test_*.py"]
