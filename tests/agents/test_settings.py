"""An agent's settings with our entries and without them: shown, written when told, taken out again, nothing else touched."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.agents.settings import added, removed
from ctxdebug.errors import UsageError
from tests.shell import ctxdebug

PROGRAM = "python -m ctxdebug"
OTHERS: dict[str, Any] = {
    "model": "opus",
    "permissions": {"allow": ["Bash(ls:*)"]},
    "hooks": {
        "Stop": [{"matcher": "", "hooks": [{"type": "command", "command": "say done"}]}],
        "PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "guard"}]}],
    },
    "zürich": "ä",
}


@pytest.mark.parametrize("indent", [2, 4, "\t", None])
@pytest.mark.parametrize("end", ["", "\n"])
def test_what_is_added_is_taken_out_to_the_byte(indent: Any, end: str) -> None:
    before = json.dumps(OTHERS, indent=indent, ensure_ascii=False) + end
    after = added(before, PROGRAM)
    held = json.loads(after.text)
    assert after.left == ()
    assert held["statusLine"] == {"type": "command", "command": "python -m ctxdebug status-line"}
    assert held["hooks"]["Stop"][0] == OTHERS["hooks"]["Stop"][0]
    assert held["hooks"]["Stop"][1]["hooks"][0]["async"] is True
    assert "async" not in held["hooks"]["UserPromptSubmit"][0]["hooks"][0]
    assert added(after.text, PROGRAM).text == after.text
    assert removed(after.text).text == before


def test_of_empty_settings_nothing_is_left() -> None:
    assert removed(added("", PROGRAM).text).text == "{}\n"
    assert removed(added("{}\n", PROGRAM).text).text == "{}\n"


def test_another_status_line_stays_and_is_said() -> None:
    before = json.dumps({"statusLine": {"type": "command", "command": "mine"}}, indent=2)
    after = added(before, PROGRAM)
    assert json.loads(after.text)["statusLine"]["command"] == "mine"
    assert "stays" in after.left[0]
    assert removed(after.text).text == before


def test_of_a_group_with_others_only_ours_goes() -> None:
    held = json.loads(added("{}", PROGRAM).text)
    held["hooks"]["Stop"][0]["hooks"].append({"type": "command", "command": "say done"})
    left = json.loads(removed(json.dumps(held)).text)
    assert left == {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]}}


@pytest.mark.parametrize(
    "text", ["// comment\n{}", "[]", '{"a": 1, "a": 2}', '{"hooks": []}', '{"hooks": {"Stop": {}}}', "[" * 100_000]
)
def test_what_is_not_understood_is_not_edited(text: str) -> None:
    with pytest.raises(UsageError):
        added(text, PROGRAM)


def test_it_is_shown_and_not_written_without_a_yes(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(OTHERS, indent=2))
    done = ctxdebug("agent", "claude-code", "--settings", str(path))
    assert done.returncode == 0
    assert '+  "statusLine"' in done.stdout.replace("\r", "")
    assert "nothing was written" in done.stdout + done.stderr
    assert json.loads(path.read_text()) == OTHERS


def test_it_is_written_and_removed_with_one(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    before = json.dumps(OTHERS, indent=2)
    path.write_text(before)
    assert ctxdebug("agent", "claude-code", "--settings", str(path), "--yes").returncode == 0
    command = json.loads(path.read_text())["statusLine"]["command"]
    assert shlex.split(command) == [sys.executable, "-m", "ctxdebug", "status-line"]
    again = ctxdebug("agent", "claude-code", "--settings", str(path), "--yes")
    assert "nothing to add" in again.stdout + again.stderr
    assert ctxdebug("agent", "claude-code", "--settings", str(path), "--remove", "--yes").returncode == 0
    assert path.read_text() == before


def test_the_default_is_the_agents_own_folder(tmp_path: Path) -> None:
    (tmp_path / "claude").mkdir()
    assert ctxdebug("agent", "claude-code", "--yes", CLAUDE_CONFIG_DIR=str(tmp_path / "claude")).returncode == 0
    assert "statusLine" in (tmp_path / "claude" / "settings.json").read_text()
    missing = ctxdebug("agent", "claude-code", "--yes", CLAUDE_CONFIG_DIR=str(tmp_path / "none"))
    assert missing.returncode == 2
    assert "is not there" in missing.stderr


def test_a_link_and_an_unknown_agent_are_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.json").symlink_to(tmp_path / "elsewhere.json")
    done = ctxdebug("agent", "claude-code", "--settings", str(tmp_path / "settings.json"), "--yes")
    assert (done.returncode, (tmp_path / "elsewhere.json").exists()) == (2, False)
    assert "claude-code" in ctxdebug("agent", "claud-code").stderr
