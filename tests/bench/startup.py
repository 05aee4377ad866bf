"""Measure what a start costs: `python tests/bench/startup.py`.

Printed are ratios of CPU time (user and system) against `import typer, rich.console` in the same run: an unchanged file (the
kept result), one small check with a warm memo, one with nothing kept, `--version`, `rules` and `--help`.
"""

from __future__ import annotations

import compileall
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAPTURE = ROOT / "fixtures" / "captures" / "openai.chat" / "sql-helper.json"
_COMMAND = """
import typer
from typing import Annotated, Optional
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def check(paths: list[str], name: Annotated[Optional[str], typer.Option("--name")] = None) -> None: ...
@app.command()
def other() -> None: ...
app(["check", "x"])
"""


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a measured process; a CI job, so that no kept result answers it."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "", "CI": "true", **more}


def cpu(command: list[str], environment: Mapping[str, str], times: int = 7) -> float:
    """The least CPU seconds of a command, of some runs; the first, which may write caches, does not count."""
    least = float("inf")
    for number in range(times + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
        if done.returncode > 1:
            raise SystemExit(done.stderr.decode())
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if number:
            least = min(least, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return least


def figures(say: Callable[[str], object], capture: Path = CAPTURE) -> None:
    """Print the ratios."""
    compileall.compile_dir(str(ROOT / "ctxdebug"), quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        kept = surroundings(CTXDEBUG_CACHE_DIR=f"{folder}/cache", XDG_STATE_HOME=f"{folder}/state")
        warm = {**kept, "CI": ""}
        ours = [sys.executable, "-m", "ctxdebug"]
        base = cpu([sys.executable, "-c", "import typer, rich.console"], kept)
        floor = cpu([sys.executable, "-c", _COMMAND], kept)
        bare = cpu([sys.executable, "-c", "pass"], kept)
        say(f"start: python {bare * 1000:.0f} ms, import typer and rich.console {base * 1000:.0f} ms, "
            f"a trivial typer command {floor / base:.2f} x the imports")  # fmt: skip
        rows = (
            ("unchanged file", [*ours, "check", str(capture)], warm, "1.2"),
            ("check, warm memo", [*ours, "check", str(capture)], kept, "2.6"),
            ("check, nothing kept", [*ours, "check", "--no-cache", str(capture)], kept, "none"),
            ("--version", [*ours, "--version"], kept, "1.1"),
            ("rules", [*ours, "rules"], warm, "1.1"),
            ("--help", [*ours, "--help"], warm, "1.1"),
            ("check --help", [*ours, "check", "--help"], warm, "1.1"),
            ("--help, nothing kept", [*ours, "--help"], kept, "none"),
        )
        for name, command, environment, bar in rows:
            took = cpu(command, environment)
            say(f"  {name:<20} {took * 1000:4.0f} ms = {took / base:.2f} x the imports (bar {bar})")


if __name__ == "__main__":
    figures(print)
