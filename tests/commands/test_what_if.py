"""`--what-if`: blocks by the names that a person can type, and near misses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell import ctxdebug

LEAVE_BOT = Path(__file__).parent.parent.parent / "fixtures" / "captures" / "openai.chat" / "leave-bot.json"


@pytest.mark.parametrize(
    "block", ["handbook-2022", "handbook", "HANDBOOK", "policy", "m3", "tools", "messages[3]", "messages[5].tool"]
)
def test_a_block_is_dropped_by_its_name_or_its_beginning(tmp_path: Path, block: str) -> None:
    done = ctxdebug("budget", str(LEAVE_BOT), "--what-if", f"drop={block}", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"what if drop={block}" in done.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("drop=handbok", "did you mean handbook-2022?"),
        ("drop=zzz", "lists them"),
        ("drop=messages", "could be any of messages[0], messages[1]"),
        ("drop=message[2]", "did you mean messages[2]?"),
        ("model=gpt-4o-mni", "did you mean gpt-4o-mini?"),
        ("window=0", "takes model=NAME"),
        ("window=²", "takes model=NAME"),
        ("window=99999999999999999999", "takes model=NAME"),
        ("nonsense", "takes model=NAME"),
    ],
)
def test_what_cannot_be_tried_is_one_line(tmp_path: Path, change: str, words: str) -> None:
    done = ctxdebug("budget", str(LEAVE_BOT), "--what-if", change, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
