"""How far a proof is, on one line of a terminal's standard error."""

from __future__ import annotations

import shutil
import sys
import time


class AskingProgress:
    """One line that is drawn over again; nothing where standard error is no terminal."""

    _EVERY = 0.1

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._last = 0.0

    def show(self, text: str) -> None:
        """Show where the proof is."""
        now = time.monotonic()
        if not self._shown or now - self._last < self._EVERY:
            return
        self._last = now
        width = shutil.get_terminal_size((80, 24)).columns - 1
        sys.stderr.write(f"\r{text[:width]}\x1b[K")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty."""
        if self._shown and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
