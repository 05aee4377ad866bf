"""Colour and links for lines that are written for people: by severity and verdict, never by captured text."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from ctxdebug.text.patterns import lazy

SEVERITY = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_FINDING = lazy(
    r"""^(?P<place>(?P<path>[^\n]{1,500}?)(?::(?P<line>\d{1,9}):\d{1,9})?):\ (?P<code>[A-Z]{3}\d{3})\ (?P<severity>error|warning|note)
    \ (?P<name>[a-z][a-z-]{0,60}):""",
    re.VERBOSE | re.MULTILINE,
)
_PROBLEM = lazy(r"^(?P<place>[^\n]{1,500}?): (?P<problem>not read|our fault|note):", re.MULTILINE)
_VERDICT = lazy(r"^(?:gate: | )(?P<verdict>pass|fail|undecided|not read|not checked)(?=\s|$)", re.MULTILINE)
_OUTCOME = lazy(r"^\ ?(?P<verdict>PASS|FAIL|UNDECIDED)(?=\s|$)", re.MULTILINE)
_WORSE = lazy(r"^  (?P<verdict>worse)(?=  )", re.MULTILINE)
_HEADING = lazy(r"^(?P<heading>[A-Z]{3}\d{3} [a-z-]{2,60}|[A-Z]{3}  [^\n]{1,200}|[A-Z][a-z]{1,20}:)$", re.MULTILINE)
_RULE = lazy(r"^  (?P<code>[A-Z]{3}\d{3})  (?P<severity>error|warning|note)\b", re.MULTILINE)
_CHANGE = lazy(r"^  (?P<sign>[+\-~<>]) ", re.MULTILINE)
_STYLES = {
    "place": "bold", "code": "bold", "name": "dim", "heading": "bold", "pass": "green", "fail": "bold red", "undecided": "yellow", "worse": "yellow",
    "not read": "bold red", "our fault": "bold red", "note": "cyan", "not checked": "dim", "+": "green", "-": "red", "~": "yellow",
    "<": "yellow", ">": "cyan", **SEVERITY,
}  # fmt: skip
_PATTERNS = (_FINDING, _PROBLEM, _VERDICT, _OUTCOME, _WORSE, _HEADING, _RULE, _CHANGE)


def painted(text: str) -> str:
    """Return text with ANSI colours, and links to the files that its findings are in."""
    shown = Text(text)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            for name, word in match.groupdict().items():
                style = _STYLES.get((word or "").lower(), _STYLES.get(name))
                if word and style is not None:
                    shown.stylize(style, *match.span(name))
            if pattern is _FINDING:
                shown.stylize(Style(link=link(match["path"])), *match.span("place"))
    return ansi(shown)


def styled(parts: Sequence[tuple[str, str]]) -> str:
    """Return texts, each with its style, as one text with ANSI colours."""
    return ansi(Text.assemble(*parts))


def link(path: str) -> str | None:
    """Return the address of a file on this machine; None for what is no file."""
    try:
        return Path(path).resolve(strict=True).as_uri()
    except (OSError, ValueError, RuntimeError):
        return None


def ansi(shown: Text) -> str:
    """Return styled text as a terminal reads it, each line as long as it is."""
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", width=100_000, markup=False, emoji=False,
        highlight=False, legacy_windows=False, no_color=False,
    )  # fmt: skip
    console.print(shown, soft_wrap=True, end="")
    written = console.file
    assert isinstance(written, io.StringIO)
    return written.getvalue()
