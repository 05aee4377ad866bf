"""Standard streams that remember what is written to them, so that it can be written again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any

_MOST = 6_000_000
"""Characters that are remembered; a longer output is not kept."""
_OUT, _ERR, _COMMANDS = "out", "err", "commands"


class Recording:
    """What was written. `whole` is false once there was too much."""

    def __init__(self) -> None:
        self.whole = True
        self._writes: list[tuple[str, str]] = []
        self._size = 0

    def add(self, stream: str, text: str) -> None:
        """Take a text that was written."""
        self._size += len(text)
        self.whole = self._size <= _MOST
        if self.whole:
            self._writes.append((stream, text))
        else:
            self._writes.clear()

    def writes(self) -> list[tuple[str, str]]:
        """Return what was written, in order: stream and text."""
        return [(stream, "".join(text for _, text in group)) for stream, group in groupby(self._writes, itemgetter(0))]


class RecordedStream:
    """A stream of which every text is remembered once it was written."""

    def __init__(self, inner: Any, name: str, recording: Recording) -> None:
        self._inner = inner
        self._name = name
        self._recording = recording

    def write(self, text: str) -> int:
        """Write and remember a text."""
        count = self._inner.write(text)
        self._recording.add(self._name, text)
        return int(count)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return RecordedStream(found, _COMMANDS, self._recording) if name == "raw" else found


@contextmanager
def recorded() -> Iterator[Recording]:
    """Remember what is written to both standard streams."""
    recording, before = Recording(), (sys.stdout, sys.stderr)
    ours: tuple[Any, Any] = RecordedStream(sys.stdout, _OUT, recording), RecordedStream(sys.stderr, _ERR, recording)
    sys.stdout, sys.stderr = ours
    try:
        yield recording
    finally:
        sys.stdout, sys.stderr = before


def write_again(stream: str, text: str) -> None:
    """Write a text to the stream that it was written to."""
    if stream == _OUT:
        sys.stdout.write(text)
    elif stream == _ERR:
        sys.stderr.write(text)
    else:
        getattr(sys.stdout, "raw", sys.stdout).write(text)
