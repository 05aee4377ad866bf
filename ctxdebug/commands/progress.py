"""How far a long run is, on standard error of a terminal; and what was done, when it is stopped."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from ctxdebug.errors import StoppedError
from ctxdebug.model import Problem


class Progress:
    """A line on the terminal's standard error that says how far a long run is; nothing anywhere else.

    As a context, it takes the line away at the end, and turns Ctrl-C into `StoppedError` with what was done. A single
    long exchange shows the seconds that it takes.
    """

    _PATIENCE = 0.7
    _EVERY = 0.1
    _TICK = 1.0

    def __init__(self, total: Callable[[], int], *, wanted: bool = True, lost: str = "no report was written") -> None:
        """Take `total`: how many files there are; `lost`: what a stopped run does not do."""
        self._total = total
        self._lost = lost
        self._drawing = Lock()
        self._known: int | None = None
        self._wanted = wanted and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._started = self._drawn = time.monotonic()
        self._path = ""
        self._files = self._exchanges = self._findings = 0
        self._shown = False
        self._over = Event()

    def __enter__(self) -> Self:
        if self._wanted:
            Thread(target=self._tick, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self.clear()
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            raise StoppedError(self.done()) from None

    def done(self) -> str:
        """Return in words what was done so far."""
        from ctxdebug.text.plural import plural

        files = max(0, self._files - 1)
        where = f", stopped in {self._path}" if self._path else ""
        return (
            f"{plural(files, 'file')} finished, {plural(self._exchanges, 'exchange')} examined, "
            f"{plural(self._findings, 'finding')} so far{where}"
            f"{f'; {self._lost}' if self._lost else ''}"
        )

    def __call__(self, path: str) -> None:
        """A file is begun."""
        self._files += 1
        self._path = path
        self._draw_sometimes()

    def examined(self, result: object) -> None:
        """An exchange was examined, or a problem met."""
        if not isinstance(result, Problem):
            self._exchanges += 1
            self._findings += len(getattr(result, "findings", ()))
            self._draw_sometimes()

    def _tick(self) -> None:
        while not self._over.wait(self._TICK):
            self._draw_sometimes()

    def _draw_sometimes(self) -> None:
        now = time.monotonic()
        if self._wanted and now - self._started > self._PATIENCE and now - self._drawn > self._EVERY:
            with self._drawing:
                self._drawn = now
                self._draw(int(now - self._started))

    def _draw(self, seconds: int) -> None:
        import shutil

        from ctxdebug.reports.context_map import bar
        from ctxdebug.text.printable import clean_line

        if self._known is None:
            self._known = max(1, self._total())
        width = shutil.get_terminal_size((80, 24)).columns - 1
        if self._known > 1:
            drawn = bar(0, min(1.0, self._files / self._known), 20)
            count = f"{drawn} {self._files:,} of {self._known:,}"
        else:
            count = f"{self._exchanges:,} exchanges examined" if self._exchanges else "examining"
        line = f" {count}  {seconds} s  {clean_line(self._path)}"
        sys.stderr.write("\r" + line[:width].ljust(width))
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away, before anything else is printed."""
        with self._drawing:
            if self._shown:
                import shutil

                sys.stderr.write("\r" + " " * (shutil.get_terminal_size((80, 24)).columns - 1) + "\r")
                sys.stderr.flush()
                self._shown = False
