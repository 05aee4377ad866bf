"""`check --since REV`: only what changed, as git tells it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.shell import ctxdebug

GOOD = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Good morning."}]})


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    captures = tmp_path / "captures"
    captures.mkdir()
    for name in ("old", "edited"):
        (captures / f"{name}.json").write_text(GOOD, encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    return tmp_path


def test_only_edited_and_new_captures_are_checked(repository: Path) -> None:
    (repository / "captures" / "edited.json").write_text(GOOD + "\n", encoding="utf-8")
    (repository / "captures" / "neu ü.json").write_text(GOOD, encoding="utf-8")
    for folder, path in ((repository, "captures"), (repository / "captures", ".")):
        done = ctxdebug("check", path, "--since", "HEAD", cwd=folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("2 files · 2 exchanges")


def test_nothing_changed_is_clean_and_says_so(repository: Path) -> None:
    done = ctxdebug("check", "captures", "--since", "HEAD", cwd=repository)
    assert done.returncode == 0
    assert "0 files · 0 exchanges" in done.stdout


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~9", ""])
def test_an_unknown_revision_is_one_line(repository: Path, revision: str) -> None:
    done = ctxdebug("check", "captures", f"--since={revision}", cwd=repository)
    assert done.returncode == 2
    assert f"git knows no revision {revision!r}" in done.stderr
    assert not (repository / "x").exists()


def test_outside_a_repository_git_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(GOOD, encoding="utf-8")
    done = ctxdebug("check", "a.json", "--since", "HEAD", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert done.returncode == 2
    assert "not a git repository" in done.stderr
