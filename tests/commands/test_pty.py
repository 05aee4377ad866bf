"""A real terminal: whatever a capture contains, only our own colours and links reach it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.commands.test_ci_job import on_a_terminal

HOSTILE = "\x1b[31mred\x1b]8;;http://x\x07\r\x08\x1b]0;title\x07\x1bPq\x1b\\\u202eabc\u200b \x9b1m \x1b[2J"
_OURS = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*\x1b\\")


@pytest.mark.parametrize("command", ["check", "inspect", "budget"])
def test_only_our_own_escapes_reach_a_terminal(tmp_path: Path, command: str) -> None:
    path = tmp_path / "a\x1b[31m.json"
    path.write_text(
        json.dumps({
            "request": {"model": "gpt-4o", "messages": [{"role": "system", "content": HOSTILE}, {"role": "user", "content": HOSTILE}]},
            "response": {"choices": [{"message": {"role": "assistant", "content": HOSTILE}, "finish_reason": "length"}]},
        }),
        encoding="utf-8",
    )  # fmt: skip
    shown = on_a_terminal(tmp_path, "-m", "ctxdebug", command, path.name, COLUMNS="100")
    assert "Traceback" not in shown
    rest = _OURS.sub("", shown)
    for raw in ("\x1b", "\x9b", "\x08", "\x07", "\u202e", "\u200b"):
        assert raw not in rest
    assert "http://x\x1b" not in shown
