"""Real outputs for the documentation site: each command of the table is run over fixtures, in a folder of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
_FIXTURES = ("captures", "cases", "clean", "rules")
_MOST_LINES = 60
"""Of an output that is shown; the rest is counted."""


def examples() -> dict[str, list[str]]:
    """Return the command lines that are shown, by the command whose page they are on."""
    table = tomllib.loads(Path(__file__).with_name("documentation_examples.toml").read_text("utf-8"))
    return {name: list(lines) for name, lines in table["commands"].items()}


def example_pages() -> dict[str, str]:
    """Return what stands under each command's page (by its path), and the HTML pages that commands wrote.

    Raises `RuntimeError` where a command cannot do what the table says (exit code 2 or above).
    """
    made: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        for name in _FIXTURES:
            shutil.copytree(ROOT / "fixtures" / name, folder / "fixtures" / name)
        for name, lines in examples().items():
            shown = [f"```text\n$ ctxdebug {line}\n{_output(line, folder)}\n```\n" for line in lines]
            pages = [Path(word).name for line in lines for word in shlex.split(line) if word.endswith(".html")]
            links = [f"The page it wrote: [{page}](../../examples/{page}).\n" for page in pages]
            made[f"reference/commands/{name}.md"] = "\n".join(["", "## Example", "", *shown, *links])
        for page in folder.glob("*.html"):
            made[f"examples/{page.name}"] = page.read_text("utf-8")
    return made


def _output(line: str, folder: Path) -> str:
    """Return what a command prints, 100 columns wide, without colour."""
    surroundings = {
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT),
        "CTXDEBUG_CACHE_DIR": str(folder / "cache"),
    }
    done = subprocess.run(  # noqa: S603  # our own program, with the lines of our own table
        [sys.executable, "-m", "ctxdebug", *shlex.split(line)],
        cwd=folder,
        env={**{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}, **surroundings},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"ctxdebug {line}: exit {done.returncode}: {done.stderr}")
    lines = [one.rstrip().replace(str(folder), "…") for one in (done.stdout + done.stderr).splitlines()]
    left = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], *([f"… {left} lines more"] if left > 0 else [])]).strip("\n")
