"""Take the pictures of the documentation: what commands print in a terminal, and the pages that they write.

python -m scripts.pictures [FOLDER]: needs Chromium and the extra `scan`; no network. FOLDER is `docs/pictures` unless told.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parent.parent
COLUMNS = 100
_ROW, _CELL, _EDGE = 19, 8.43, 24
"""Pixels of a row and of a column of 14 px monospace, and around the whole."""
_TERMINAL = (
    "<!DOCTYPE html><meta charset=utf-8><style>html{{background:{background}}}body{{margin:12px;color:{foreground}}}"
    "pre{{margin:0;font:14px/19px 'DejaVu Sans Mono',monospace}}</style><pre>{code}</pre>"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the commands that lead to it, of which the last prints it or writes `page`."""

    name: str
    commands: tuple[str, ...]
    page: str | None = None
    size: tuple[int, int] = (1280, 860)
    """Width and height of a page, in pixels; a terminal is as large as its text."""


PICTURES = (
    Picture("screen", ("inspect fixtures/captures/openai.chat/leave-bot.json",)),
    Picture("page", ("inspect fixtures/captures/openai.chat/leave-bot.json --html page.html",), "page.html"),
    Picture("session", ("session fixtures/captures/openai.chat/meal-planner-summary.session.jsonl --html session.html",), "session.html"),
    Picture(
        "scan",
        ("scan fixtures/captures -o findings.parquet", "report findings.parquet --html lake.html"),
        "lake.html",
    ),
)  # fmt: skip


def take(target: Path) -> None:
    """Write every picture as PNG into a folder; raises `RuntimeError` where a command or the browser fails."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        shutil.copytree(ROOT / "fixtures", folder / "fixtures")
        for picture in PICTURES:
            printed = [_printed(line, folder) for line in picture.commands]
            if picture.page is not None:
                shown, size = folder / picture.page, picture.size
            else:
                shown, size = (
                    folder / "terminal.html",
                    _write_terminal(picture.commands[-1], printed[-1], folder / "terminal.html"),
                )
            _photograph(shown, target / f"{picture.name}.png", size)


def _printed(line: str, folder: Path) -> str:
    surroundings = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603  # our own program, with the lines of the table above
        [sys.executable, "-m", "ctxdebug", *shlex.split(line)], cwd=folder, check=False, capture_output=True, text=True, encoding="utf-8",
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "CTXDEBUG_CACHE_DIR": str(folder / "cache"), **surroundings},
    )  # fmt: skip
    if done.returncode > 1:
        raise RuntimeError(f"ctxdebug {line}: exit {done.returncode}: {done.stderr}")
    return done.stdout


def _write_terminal(line: str, printed: str, path: Path) -> tuple[int, int]:
    """Write coloured output as a page, and return the size in pixels that it takes."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    console.print(Text.from_ansi(f"$ ctxdebug {line}\n{printed.rstrip()}"), soft_wrap=True)
    page = console.export_html(theme=MONOKAI, inline_styles=True, code_format=_TERMINAL)
    path.write_text(page, "utf-8")
    rows = printed.rstrip().count("\n") + 2
    return int(COLUMNS * _CELL) + _EDGE, rows * _ROW + _EDGE


def _photograph(page: Path, picture: Path, size: tuple[int, int]) -> None:
    browser = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if browser is None:
        raise RuntimeError("no Chromium on this machine")
    done = subprocess.run(  # noqa: S603  # a page of our own, in a browser without network
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1",
         f"--window-size={size[0]},{size[1]}", f"--screenshot={picture}", page.as_uri()],
        check=False, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    if done.returncode or not picture.is_file():
        raise RuntimeError(f"{picture.name}: {done.stderr[-500:]}")


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
