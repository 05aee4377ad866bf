"""The skill file says what is so: every command and option in it exists, and its head is what agents read."""

from __future__ import annotations

import re

import pytest

from ctxdebug.decoding.safe_yaml import parse_yaml
from tests.shell import ROOT, ctxdebug

TEXT = (ROOT / "docs" / "skills" / "ctxdebug" / "SKILL.md").read_text("utf-8")
COMMANDS = sorted(
    {
        (words[0], *sorted(word for word in words[1:] if word.startswith("--") and len(word) > 2))
        for line in re.findall(r"ctxdebug ([a-z][^\n`#]*)", TEXT)
        if (words := line.split()) and words[0] != "works"
    }
)


def test_its_head_names_it_and_says_when_it_is_of_use() -> None:
    head = parse_yaml(TEXT.split("---")[1].encode())
    assert set(head) == {"name", "description"}
    assert head["name"] == "ctxdebug"
    assert "Use when" in head["description"]
    assert len(head["description"]) < 1024
    assert len(TEXT.splitlines()) < 100


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_and_option_in_it_exists(words: tuple[str, ...]) -> None:
    done = ctxdebug(words[0], "--help", COLUMNS="300")
    assert done.returncode == 0
    assert [option for option in words[1:] if option not in done.stdout] == []


def test_it_names_several_commands() -> None:
    assert {words[0] for words in COMMANDS} >= {
        "session",
        "inspect",
        "diff",
        "budget",
        "freeze",
        "eval",
        "explain",
        "capture",
    }
