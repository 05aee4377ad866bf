"""How far a long run is, on standard error of a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable


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

        from ctxdebug.reports.context_map import bar
        from ctxdebug.text.printable import clean_line

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
