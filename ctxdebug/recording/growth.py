"""Follow captures that are being written, and yield each exchange once, when it is complete.

A recording of ours is read from where the last reading ended. Any other kind (a session of an agent, a log of a gateway) is
read anew when it has grown, at intervals that are long against the time that a reading takes, so that following a file
costs a fixed share of one processor however large it gets.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from ctxdebug.decoding.source import Source
from ctxdebug.files import opened_regular
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.loading.walk import Met, walk
from ctxdebug.model import Problem, Snapshot
from ctxdebug.recording.call import MARK
from ctxdebug.records import record

_SHARE = 10
"""A file is not read again before so many times the duration of the last reading."""


@record(slots=True)
class _File:
    """How far a file has been read."""

    size: int = 0
    line: int = 0
    """Lines before `size`, of a recording."""
    exchanges: int | None = 0
    """Exchanges that were seen; None where the file was there before and was not read."""
    not_before: float = 0.0


class _Rest(Source):
    """The lines of a recording from one place to another."""

    def __init__(self, path: str, max_bytes: int, start: int, end: int, line: int) -> None:
        super().__init__(path, max_bytes)
        self._start, self._end, self._line = start, end, line

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with the numbers that they have in the file."""
        number, at = self._line, self._start
        with opened_regular(self.path) as file:
            file.seek(at)
            while at < self._end:
                line = file.readline(self.max_bytes + 1)
                at += len(line)
                yield number, self.decode(line).rstrip("\r\n")
                number += 1

    @property
    def shape(self) -> str:  # the file's own is found once; a part of it is always lines
        """A part of a recording is lines, however few."""
        return "json lines"


class Growth:
    """What paths mean, as it grows; the list may grow too. With `from_start`, what is in the files already is yielded first."""

    def __init__(self, paths: list[str], options: LoadOptions, *, from_start: bool = False) -> None:
        self._paths = paths
        self._options = options
        self._files: dict[str, _File] = {}
        if not from_start:
            for path in self._found():
                self._files[path] = _File(size=_size(path), line=-1, exchanges=None)

    def poll(self, *, final: bool = False) -> Iterator[tuple[int, Snapshot, Source] | Problem]:
        """Yield what has come: the number of each exchange in its file, itself, and where it was read.

        An exchange at the end of a file that has no answer yet waits; `final` takes it too.
        """
        for path in self._found():
            file = self._files.setdefault(path, _File())
            size = _size(path)
            if size < file.size:  # begun anew under the same name
                file = self._files[path] = _File()
            if size == file.size and not (final and file.not_before):
                continue
            if _is_recording(path):
                yield from self._rest(path, file)
            elif final or time.monotonic() >= file.not_before:
                begun = time.monotonic()
                yield from self._anew(path, file, size, final=final)
                file.not_before = time.monotonic() + _SHARE * (time.monotonic() - begun)

    def _found(self) -> Iterator[str]:
        return (met.path for met in walk(list(self._paths)) if isinstance(met, Met))

    def _rest(self, path: str, file: _File) -> Iterator[tuple[int, Snapshot, Source] | Problem]:
        """Read the complete lines that a recording has got."""
        if file.exchanges is None:
            before = load(_Rest(path, self._options.max_bytes, 0, file.size, 0), self._options)
            file.exchanges = sum(isinstance(loaded, Snapshot) for loaded in before)
            file.line = _lines(path, 0, file.size)[0]
        lines, end = _lines(path, file.size, _size(path))
        if not lines:
            return
        source = _Rest(path, self._options.max_bytes, file.size, end, file.line)
        file.size, file.line = end, file.line + lines
        for loaded in load(source, self._options):
            if isinstance(loaded, Problem):
                if not (loaded.unknown or loaded.message == "no exchange could be read"):
                    yield loaded
                continue
            file.exchanges += 1
            yield file.exchanges, loaded, source

    def _anew(
        self, path: str, file: _File, size: int, *, final: bool
    ) -> Iterator[tuple[int, Snapshot, Source] | Problem]:
        """Read a file from its start, and yield the exchanges that were not seen before."""
        source = Source(path, self._options.max_bytes)
        found = [loaded for loaded in load(source, self._options) if isinstance(loaded, Snapshot)]
        if found and not (final or found[-1].has_response or found[-1].error is not None):
            found.pop()
        seen = max(0, len(found) - 1) if file.exchanges is None else file.exchanges
        file.size, file.exchanges = size, max(seen, len(found))
        for number in range(seen, len(found)):
            yield number + 1, found[number], source


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116 - a path that may be gone
    except OSError:
        return 0


def _is_recording(path: str) -> bool:
    try:
        with opened_regular(path) as file:
            return file.read(len(MARK) + 3) == f'{{"{MARK}"'.encode()
    except OSError:
        return False


def _lines(path: str, start: int, end: int) -> tuple[int, int]:
    """Return how many complete lines there are between two places of a file, and where the last one ends."""
    lines, last, at = 0, start, start
    with opened_regular(path) as file:
        file.seek(start)
        while at < end and (block := file.read(min(1 << 20, end - at))):
            lines += block.count(b"\n")
            if (newline := block.rfind(b"\n")) >= 0:
                last = at + newline + 1
            at += len(block)
    return lines, last
