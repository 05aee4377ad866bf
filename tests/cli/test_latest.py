"""`inspect --latest TOOL`: the newest session, where the tool keeps its logs; the home folder is an empty one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ctxdebug.loading.latest import places
from tests.shell import ROOT, ctxdebug

FORMATS = ROOT / "fixtures" / "formats"
KEPT = {
    "claude-code": ("claude-code/gates.jsonl", ".claude/projects/-work/1.jsonl"),
    "codex": ("codex/gates.jsonl", ".codex/sessions/2026/01/02/rollout-1.jsonl"),
    "gemini": ("gemini-cli/session.json", ".gemini/tmp/abc/chats/session-1.json"),
    "qwen": ("qwen/session.jsonl", ".qwen/projects/-work/chats/1.jsonl"),
    "copilot": ("copilot-cli/events.jsonl", ".copilot/session-state/1/events.jsonl"),
}


@pytest.mark.parametrize("tool", KEPT)
def test_the_newest_session_is_inspected_and_named(tool: str, tmp_path: Path) -> None:
    fixture, place = KEPT[tool]
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    shutil.copy(FORMATS / fixture, path)
    (older := path.with_stem(f"{path.stem.replace('1', '0')}-older")).write_text("no session")
    os.utime(older, (1_000, 1_000))
    done = ctxdebug("inspect", "--latest", tool, HOME=str(tmp_path))
    assert done.returncode == 0
    assert f"newest session of {tool}: {path}" in done.stderr
    assert "asked" in done.stdout


@pytest.mark.parametrize("tool", places())
def test_an_empty_home_says_where_it_looked(tool: str, tmp_path: Path) -> None:
    done = ctxdebug("inspect", "--latest", tool, cwd=tmp_path, HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"no session of {tool} was found: looked for {tmp_path}/." in done.stderr


def test_a_variable_of_the_tool_moves_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "projects" / "p" / "1.jsonl"
    path.parent.mkdir(parents=True)
    shutil.copy(FORMATS / "claude-code/gates.jsonl", path)
    done = ctxdebug(
        "inspect", "--latest", "claude-code", HOME=str(tmp_path), CLAUDE_CONFIG_DIR=str(tmp_path / "elsewhere")
    )
    assert str(path) in done.stderr


def test_an_unknown_tool_gets_the_nearest_name(tmp_path: Path) -> None:
    done = ctxdebug("inspect", "--latest", "claude-cod", HOME=str(tmp_path))
    assert done.returncode == 2
    assert "claude-code" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("log.json", "--latest", "codex")])
def test_a_path_or_a_tool_but_not_both(arguments: tuple[str, ...], tmp_path: Path) -> None:
    done = ctxdebug("inspect", *arguments, HOME=str(tmp_path))
    assert done.returncode == 2
    assert "--latest" in done.stderr


def test_formats_says_where_each_tool_keeps_its_logs() -> None:
    listed = ctxdebug("formats").stdout
    for tool, row in places().items():
        assert f"{tool:<26} ~/{row['paths'][0]}" in listed
