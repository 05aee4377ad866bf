"""What a check found, for a terminal: by file, each finding under the next, repeated notes folded into one."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ctxdebug.model import Finding, Problem, Severity
from ctxdebug.reports.verdict_marks import STYLES
from ctxdebug.text.printable import clean_line

if TYPE_CHECKING:
    from rich.text import Text

_PLACE, _SEVERITY, _CODE = 10, 8, 6
_LEAST = 60
"""Columns below which the message stands on a line of its own."""


def grouped(
    path: str,
    findings: Sequence[Finding],
    problems: Sequence[Problem],
    *,
    width: int,
    color: bool,
    link: Callable[[str], str | None],
) -> str:
    """Return one file's findings and problems; nothing for a file that has none. `link` gives a file's address."""
    if not (findings or problems):
        return ""
    from rich.console import Console
    from rich.style import Style
    from rich.text import Text

    buffer = io.StringIO()
    console = Console(
        file=buffer, width=max(20, width), force_terminal=color, no_color=not color, color_system="standard" if color else None,
        markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip
    console.print(Text(clean_line(path), Style(bold=True, link=link(path) if color else None)), soft_wrap=True)
    for finding, times in folded(findings):
        said = finding.message + (f" (×{times})" if times > 1 else "")
        _row(console.print, _first(finding), said, width, finding.evidence[0].pointer if finding.evidence else "")
    for problem in problems:
        kind = "our fault" if problem.ours else "not read" if problem.fatal else "note"
        where = f"{clean_line(problem.pointer)}  " if problem.pointer else ""
        first = Text.assemble("  ", (kind.ljust(_PLACE - 2), "cyan" if kind == "note" else "bold red"), "  ", where)
        _row(console.print, first, problem.message, width)
    console.print()
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def folded(findings: Sequence[Finding]) -> list[tuple[Finding, int]]:
    """Return the findings, a note that many exchanges share only once, each with how often it was found."""
    counts: dict[tuple[str, str] | int, int] = {}
    first: dict[tuple[str, str] | int, Finding] = {}
    for number, finding in enumerate(findings):
        key = (finding.code, finding.message) if finding.severity is Severity.NOTE else number
        counts[key] = counts.get(key, 0) + 1
        first.setdefault(key, finding)
    return [(finding, counts[key]) for key, finding in first.items()]


def _first(finding: Finding) -> Text:
    """Return the left part of a row: place, severity, code."""
    from rich.text import Text

    where = f"{finding.place.line}:{finding.place.column}" if finding.place else ""
    return Text.assemble(
        (f"  {where:<{_PLACE}}", "dim"), (f"{finding.severity.word:<{_SEVERITY}}", STYLES[finding.severity]),
        (f"{finding.code:<{_CODE}}", "bold"), "  ",
    )  # fmt: skip


def _row(show: Callable[..., None], first: Text, message: str, width: int, pointer: str = "") -> None:
    """Show a row whose message folds under itself, or stands below where there is little room; its pointer behind it."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    words = Text(clean_line(message))
    if pointer:
        words.append(f"  {clean_line(pointer)}", "dim")
    if width < _LEAST:
        show(first)
        show(Padding(words, (0, 0, 0, 4)))
        return
    grid = Table.grid(padding=0)
    grid.add_column(width=first.cell_len, no_wrap=True)
    grid.add_column()
    grid.add_row(first, words)
    show(grid)
