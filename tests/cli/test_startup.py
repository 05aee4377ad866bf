"""What a small run loads: nothing heavy, and no pass that has nothing to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "jinja2",
    "httpx",
    "numpy",
    "msgspec",
    "rapidfuzz",
    "yaml",
    "ssl",
    "http.client",
    "sqlite3",
    "html.entities",
    "pyexpat",
    "typer",
    "dataclasses",
    "inspect",
    "ast",
    "hashlib",
    "subprocess",
    "shutil",
    "gzip",
    "zipfile",
    "csv",
    "difflib",
    "pkgutil",
)


def loaded(path: Path, *, tmp_path: Path) -> set[str]:
    """The modules that a check of a capture leaves in memory."""
    code = (
        "import sys\n"
        "from ctxdebug.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "sys.stderr.write('\\n'.join(sys.modules))\n"
    )
    kept = {**os.environ, "CI": "true", "CTXDEBUG_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(path)],
        capture_output=True, text=True, check=True, cwd=tmp_path, env=kept,
    )  # fmt: skip
    return set(done.stderr.split("\n"))


def chat(tmp_path: Path, *messages: tuple[str, str]) -> Path:
    """A capture of a plain chat."""
    path = tmp_path / "chat.json"
    said = [{"role": role, "content": content} for role, content in messages]
    answer = {"choices": [{"message": {"role": "assistant", "content": "Two floors up."}, "finish_reason": "stop"}]}
    path.write_text(json.dumps({"request": {"model": "gpt-4o", "messages": said}, "response": answer}))
    return path


PLAIN = (("system", "You are the guide of a small museum. Answer in one sentence."), ("user", "Where is the cafe?"))


@pytest.mark.parametrize("name", HEAVY)
def test_a_plain_chat_loads_nothing_heavy(name: str, tmp_path: Path, modules: set[str]) -> None:
    assert name not in modules


@pytest.mark.parametrize(
    "name", ["ctxdebug.analysis.claims", "ctxdebug.analysis.sources.corpus", "ctxdebug.analysis.sources.examination"]
)
def test_a_chat_without_documents_loads_no_comparison_of_sources(name: str, modules: set[str]) -> None:
    assert name not in modules


def test_a_chat_with_documents_does_load_them(tmp_path: Path) -> None:
    asked = '<document id="a">The cafe is on the second floor, next to the lifts, and opens at ten.</document>\nWhere is the cafe?'
    assert "ctxdebug.analysis.sources.examination" in loaded(
        chat(tmp_path, PLAIN[0], ("user", asked)), tmp_path=tmp_path
    )


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What a check of a plain chat loads, after one like it."""
    folder = tmp_path_factory.mktemp("plain")
    path = chat(folder, *PLAIN)
    loaded(path, tmp_path=folder)
    return loaded(path, tmp_path=folder)
