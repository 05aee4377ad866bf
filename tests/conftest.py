"""What all tests share: golden files that a flag rewrites, and an environment that is no CI job."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None)  # the same examples on every machine, in every run
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))  # "default" looks for new ones


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="rewrite the expected outputs; then read the diff")


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "GITHUB_ACTIONS",
        "GITHUB_WORKSPACE",
        "GITHUB_STEP_SUMMARY",
        "GITLAB_CI",
        "CI_PROJECT_DIR",
        "COLUMNS",
        "LINES",
    ):
        monkeypatch.delenv(name, raising=False)  # the last two are what the caller's terminal has
    monkeypatch.setenv(
        "CI", "true"
    )  # the name that all services share: no test is answered by what an earlier one kept


@pytest.fixture(autouse=True, scope="session")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test keeps anything in the home of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with `golden/<name>` beside the test, or rewrites that file under --golden."""

    def compare(name: str, text: str) -> None:
        path = Path(str(request.path)).parent / "golden" / name
        if request.config.getoption("--golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture
def shipped(request: pytest.FixtureRequest) -> Callable[[str, Any], None]:
    """Compares a schema with the file of the package that ships it, or rewrites that file under --golden."""

    def compare(name: str, schema: Any) -> None:
        path = Path(__file__).parent.parent / "ctxdebug" / name
        if request.config.getoption("--golden") and json.loads(path.read_text(encoding="utf-8")) != schema:
            path.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8", newline="\n")
        assert json.loads(path.read_text(encoding="utf-8")) == schema

    return compare
