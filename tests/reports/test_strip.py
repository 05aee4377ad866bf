"""The prompt as one line: every block under a name that says what it is, however narrow the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell import ctxdebug

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        ("100", "tools 94 ▎ │ system 320 ▉ │ chat 111 ▎ │ handbook 706 █▉ │ policy 484 █▍ │ leave 484 █▍"),
        ("80", "tools 94 ▎ │ system 320 ▉ │ chat 111 ▎ │ 3 documents 1,674 ████▋"),
        ("160", "tools 94 ▌ │ system 320 █▊ │ chat 111 ▋ │ handbook-2022 706 ███▉ │ policy-2025 484 ██▋ │ leave-faq 484 ██▋"),
    ],
)  # fmt: skip
def test_names_of_blocks(width: str, expected: str) -> None:
    done = ctxdebug("inspect", str(CAPTURES / "openai.chat" / "leave-bot.json"), COLUMNS=width)
    assert f" sent      {expected}\n" in done.stdout


def test_results_are_told_apart_from_the_chat() -> None:
    done = ctxdebug("inspect", str(CAPTURES / "anthropic.messages" / "coding-agent.json"), COLUMNS="100")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(" sent ")]
    assert "results" in line
    assert "…" not in line


def test_a_rough_estimate_says_why(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("system: Be brief.\nuser: " + "word " * 100 + "\nassistant: ok\n")
    assert "rough estimate (model not named: --model)" in ctxdebug("budget", str(path)).stdout
    assert "about " in ctxdebug("inspect", str(path)).stdout
    assert "exact" in ctxdebug("budget", str(path), "--model", "gpt-4o").stdout


def test_rows_are_cut_between_words(tmp_path: Path) -> None:
    done = ctxdebug("inspect", str(CAPTURES / "openai.chat" / "leave-bot.json"), COLUMNS="100", cwd=tmp_path)
    assert "search_policies contains an injected instruction (addressed to the model, …" in done.stdout
    assert "in othe …" not in done.stdout
