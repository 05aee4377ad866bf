"""Standard streams that were closed before the program began, or that take no more: an error of their own, not a crash."""

from __future__ import annotations

import errno
import io
import sys
from typing import Any

from ctxdebug.errors import ClosedOutputError


class ClosedStream(io.TextIOBase):
    """A standard output that was closed: nothing can be written to it, and that is told at the first try."""

    def write(self, _text: str) -> int:
        """Refuse."""
        raise ClosedOutputError("standard output is closed; use --output FILE", gone=False)

    def isatty(self) -> bool:
        """Return no: it is nothing at all."""
        return False


class FullStream:
    """A standard output whose own faults (no space left, closed) are told as such."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def write(self, text: str) -> int:
        """Write text; raises `ClosedOutputError` where it cannot be."""
        return int(self._kept(lambda: self._raw.write(text)))

    def flush(self) -> None:
        """Flush; raises `ClosedOutputError` where that fails."""
        self._kept(self._raw.flush)

    @staticmethod
    def _kept(act: Any) -> Any:
        try:
            return act()
        except BrokenPipeError:
            raise
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            reason = (error.strerror or str(error)).lower()
            raise ClosedOutputError(f"standard output cannot be written: {reason}", gone=False) from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


def replace_closed_streams() -> None:
    """Put streams in the place of those that were closed, and have the faults of standard output told."""
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    sys.stdout = ClosedStream() if sys.stdout is None else FullStream(sys.stdout)
