"""Every `ctxdebug …` that the documentation, the program's own advice in it, or the action shows is a line that the program takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from ctxdebug.cli import command_line
from tests.shell import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
_CODE = re.compile(r"^(?:    |\t|\$ )+(?P<line>\S.*)$|`(?P<inline>[^`\n]+)`", re.MULTILINE)
_FENCE = re.compile(r"^```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"(?:^|(?<=&& ))(?:\$ )?ctxdebug (?P<words>(?!recording |→|\d|next:|[A-Z_]+=|\s).*)$")
_COMMENT = re.compile(r"\s{2,}#.*$|\s#\s.*$")
_VARIABLE = re.compile(r"\$\{\{.*?\}\}|\$\w+")


def shown(page: str) -> list[str]:
    """Return the words after `ctxdebug` of each line of code on a page; whole lines and code within a line."""
    fenced = [line for block in _FENCE.finditer(page) for line in block["text"].splitlines()]
    spoken = [found["line"] or found["inline"] for found in _CODE.finditer(_FENCE.sub("", page))]
    lines = (_LINE.search(_COMMENT.sub("", line.strip())) for line in (*fenced, *spoken))
    return [_VARIABLE.sub("value", found["words"]).strip() for found in lines if found]


def refused(line: str, program: Any) -> str | None:
    """Return why the program does not take a line, or None; a name in capitals or an ellipsis stands for a value."""
    words = shlex.split(re.sub(r"[\[\]]", "", line.replace("…", "")))
    command = program
    while words and not words[0].startswith("-") and hasattr(command, "commands"):
        if words[0] not in command.commands:
            return None if "." in words[0] or words[0].isupper() else f"no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    options = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    for word in words[: words.index("--")] if "--" in words else words:
        if re.match(r"--?[a-zA-Z]", word) and not {word.partition("=")[0], word[:2]} & options:
            return f"no option {word}"
    return None


@pytest.fixture(scope="module")
def program() -> Any:
    return typer.main.get_command(command_line())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_shown_line_is_one_that_the_program_takes(path: Path, program: Any) -> None:
    assert {line: why for line in shown(path.read_text("utf-8")) if (why := refused(line, program))} == {}


def test_a_line_is_refused_where_its_command_or_option_does_not_exist(program: Any) -> None:
    assert refused("inspect a.json --sources", program) is None
    assert refused("inspekt a.json", program) == "no command inspekt"
    assert refused("check a.json --no-such-thing", program) == "no option --no-such-thing"
    assert shown("    ctxdebug check x   # all\n\nSee `ctxdebug rules`.\n```sh\nctxdebug gate\n```\n") == [
        "gate",
        "check x",
        "rules",
    ]
