"""A gate on runs: how full the window was, how often tokens were sent again, and how many instructions were lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.test_session import LOSES, port
from tests.shell import ctxdebug


@pytest.mark.parametrize(
    ("limit", "code", "words"),
    [
        ("max-fill = 0.5", 0, "pass"),
        ("max-fill = 0.01", 1, "fill of the window"),
        ("max-replay = 500", 0, "pass"),
        ("max-replay = 1.5", 1, "replay"),
        ("max-lost-instructions = 1", 0, "pass"),
        ("max-lost-instructions = 0", 1, "lost instructions"),
    ],
)
def test_a_limit_of_a_run(limit: str, code: int, words: str, tmp_path: Path) -> None:
    log = port(LOSES).write("claude-code", tmp_path / "run.jsonl")
    config = tmp_path / "ctxdebug.toml"
    config.write_text(f'fail-on = "never"\n[gate]\n{limit}\n')
    done = ctxdebug("gate", str(log), "--config", str(config), cwd=tmp_path)
    assert (done.returncode, words in done.stdout) == (code, True), done.stdout
