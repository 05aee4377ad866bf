"""Where a command runs: a GitHub or GitLab job, a terminal; and what follows for its output."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

_SUFFIXES = {".sarif": "sarif", ".xml": "junit", ".md": "markdown", ".html": "html", ".json": "json", ".txt": "text"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The formats and files of a report; `said` is why, where nobody asked for them."""

    formats: tuple[str, ...]
    outputs: tuple[str, ...]
    said: str = ""


def choice(formats: tuple[str, ...], outputs: tuple[str, ...], environ: Mapping[str, str] = os.environ) -> Choice:
    """What was asked for; else what a file's name says; else what the job that runs us shows best; else text."""
    from ctxdebug.reports.gitlab import FILE

    if formats:
        return Choice(formats, outputs)
    if outputs:
        named = tuple(_SUFFIXES.get(PurePath(path).suffix.lower(), "text") for path in outputs)
        return Choice(named, outputs)
    if in_github(environ):
        return Choice(("github",), (), "in a GitHub job: annotations (--format github); --format text gives lines")
    if environ.get("GITLAB_CI") == "true":
        return Choice(("gitlab", "text"), (FILE,), f"in a GitLab job: code quality in {FILE}, and text")
    return Choice(("text",), ())


def in_github(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this is a GitHub Actions job."""
    return environ.get("GITHUB_ACTIONS") == "true"


class GuardedStream:
    """A stream on which a workflow runner sees no command, whatever is written; `raw` is the stream itself."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def write(self, text: str) -> int:
        """Write text with every workflow command in it defused."""
        from ctxdebug.reports.github import defused

        self.raw.write(defused(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


def guard_streams() -> None:
    """In a GitHub job, let nothing that is printed be a workflow command, unless it is written as our own."""
    if in_github():
        sys.stdout = GuardedStream(sys.stdout)
        sys.stderr = GuardedStream(sys.stderr)


def write_commands(text: str) -> None:
    """Write our own workflow commands to standard output."""
    getattr(sys.stdout, "raw", sys.stdout).write(text)


class Progress:
    """A line on the terminal's standard error that says how far a long run is; nothing anywhere else."""

    _PATIENCE = 0.7
    _EVERY = 0.1

    def __init__(self, total: Callable[[], int], *, wanted: bool = True) -> None:
        self._total = total
        self._known: int | None = None
        self._wanted = wanted and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._started = self._drawn = time.monotonic()
        self._done = 0
        self._shown = False

    def __call__(self, path: str) -> None:
        """A file is begun."""
        now = time.monotonic()
        self._done += 1
        if self._wanted and now - self._started > self._PATIENCE and now - self._drawn > self._EVERY:
            self._drawn = now
            self._draw(path)

    def _draw(self, path: str) -> None:
        import shutil

        from ctxdebug.clean import clean_line
        from ctxdebug.reports.context_map import bar

        if self._known is None:
            self._known = max(1, self._total())
        width = shutil.get_terminal_size((80, 24)).columns - 1
        drawn = bar(0, min(1.0, self._done / self._known), 20)
        line = f" {drawn} {self._done:,} of {self._known:,}  {clean_line(path)}"
        sys.stderr.write("\r" + line[:width].ljust(width))
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away, before anything else is printed."""
        if self._shown:
            import shutil

            sys.stderr.write("\r" + " " * (shutil.get_terminal_size((80, 24)).columns - 1) + "\r")
            sys.stderr.flush()
            self._shown = False
