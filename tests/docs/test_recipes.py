"""Every command of the recipes is run, in the order of the page, and prints the lines that the page shows."""

from __future__ import annotations

import itertools
import re
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.evals.model_stub import Stub, Told, chat, serve
from tests.shell import ROOT, ctxdebug, process

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

RECIPES = sorted(path for path in (ROOT / "docs" / "recipes").glob("*.md") if path.name != "index.md")
WIDTH = "100"
"""Columns of the lines that the pages show."""
ENDPOINT = "http://localhost:11434/v1"
_FENCE = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_EXITS = re.compile(r"\s#\sexits\s(?P<code>\d+)$")
_FILE = re.compile(r"\A#\s(?P<name>[\w.-]+)\n")


@dataclass
class Command:
    """A command of a page: its words, its exit code, and lines of what it prints."""

    words: list[str]
    code: int
    shown: list[str] = field(default_factory=list)


def commands(page: str) -> list[Command]:
    """Return the commands in the `console` blocks of a page."""
    found: list[Command] = []
    for block in _FENCE.finditer(page):
        for line in block["text"].splitlines() if block["kind"] == "console" else ():
            if line.startswith("$ "):
                exits = _EXITS.search(line)
                words = shlex.split(line[2 : exits.start() if exits else None])
                found.append(Command(words, int(exits["code"]) if exits else 0))
            elif line.strip():
                found[-1].shown.append(line.strip())
    return found


def write_files(page: str, folder: Path) -> None:
    """Write the blocks that begin with the name of a file."""
    for block in _FENCE.finditer(page):
        named = _FILE.search(block["text"])
        if named and block["kind"] != "console":
            (folder / named["name"]).write_text(block["text"], "utf-8")


def run(command: Command, folder: Path, stub: Stub) -> CompletedProcess[str]:
    """Run a command of a page, a recording one as a process of its own."""
    program, *arguments = [word.replace(ENDPOINT, stub.url) for word in command.words]
    assert program == "ctxdebug", command.words
    if arguments[0] == "capture":
        arguments = [sys.executable if word == "python" else word for word in arguments]
        return process(*arguments, cwd=folder, COLUMNS=WIDTH, OPENAI_BASE_URL=stub.url, OPENAI_API_KEY="sk-not-a-key")
    return ctxdebug(*arguments, cwd=folder, COLUMNS=WIDTH)


def believes_the_handbook() -> Callable[[dict[str, Any]], Told]:
    """Return replies of a model that believes the older document wherever it is sent; each is an answer of its own."""
    numbers = itertools.count()

    def reply(request: dict[str, Any]) -> Told:
        days = 10 if "up to 10 days" in str(request["messages"]) else 5
        return Told({**chat(f"You can carry over up to {days} days."), "id": f"reply-{next(numbers)}"})

    return reply


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_does_what_it_says(path: Path, tmp_path: Path) -> None:
    if path.stem == "scan-a-lake":
        pytest.importorskip("pyarrow", reason="the extra `scan`")
    page = path.read_text("utf-8")
    for name in ("captures", "cases", "clean", "rules"):
        shutil.copytree(ROOT / "fixtures" / name, tmp_path / "fixtures" / name)
    write_files(page, tmp_path)
    steps = commands(page)
    assert steps, "no command"
    with serve() as stub:
        stub.reply = believes_the_handbook()
        for step in steps:
            done = run(step, tmp_path, stub)
            assert done.returncode == step.code, (step.words, done.returncode, done.stdout, done.stderr)
            for line in step.shown:
                assert line in done.stdout + done.stderr, (step.words, line, done.stdout, done.stderr)


def test_every_recipe_shows_a_line_and_is_in_the_table() -> None:
    table = (ROOT / "docs" / "recipes" / "index.md").read_text("utf-8")
    for path in RECIPES:
        assert f"]({path.name})" in table, path
        assert any(one.shown for one in commands(path.read_text("utf-8"))), path
