"""How far an eval run is, on one line of a terminal."""

from __future__ import annotations

import sys
import time


class EvalProgress:
    """One line on a terminal: answers so far, and the time that is left."""

    def __init__(self, planned: int, quiet: bool) -> None:
        self._planned = planned
        self._shown = not quiet and sys.stderr.isatty()
        self._started = time.monotonic()
        self._last = 0.0

    def show(self, answered: int, open_cases: int) -> None:
        """Show how far the run is."""
        now = time.monotonic()
        if not self._shown or now - self._last < 0.1:
            return
        self._last = now
        seconds = (now - self._started) / max(1, answered) * max(0, self._planned - answered)
        sys.stderr.write(
            f"\r{answered} answers · {open_cases} cases open · at most {int(seconds) // 60}:{int(seconds) % 60:02d} left \x1b[K"
        )
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty."""
        if self._shown and self._last:
            sys.stderr.write("\r\x1b[K")
