from __future__ import annotations

from pathlib import Path

import pytest

from ctxdebug.config import load_config
from ctxdebug.errors import UsageError


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = " + "[" * 2000, "nested too deep"),
        ("models = 'x'", "table of tables"),
        ("[[trust]]", "trust must be a table"),
        ("select = 'MEM1'", "select must be a list of strings"),
        ("window = 0", "window must be 1 or more"),
        ("window = -5", "window must be 1 or more"),
        ("window = 1e999", "window must be a whole number"),
        ("cases = 5", "cases must be a string"),
        ("pedantic = 1", "pedantic must be true or false"),
        ("model = 1979-01-01", "model must be a string"),
        ("= 5", "is not TOML"),
    ],
)
def test_an_odd_configuration_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "ctxdebug.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=words):
        load_config(str(path))


@pytest.mark.parametrize("text", ["tool = 5", "[[tool]]", "[tool]\nctxdebug = 5", "[tool]\nctxdebug = []"])
def test_an_odd_pyproject_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match="must be a table"):
        load_config(str(path))
