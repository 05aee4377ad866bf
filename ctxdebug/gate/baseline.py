"""The findings that were there before: hidden but counted, and told when they are gone.

An entry is a fingerprint (the rule and a hash of the words it stands on), so neither moving a file's lines nor
editing elsewhere in it makes a finding new, and no captured text is in the file.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ctxdebug.engine.report import Report
from ctxdebug.errors import UsageError
from ctxdebug.files import read_regular, write_whole
from ctxdebug.model import Finding
from ctxdebug.reads import asks_for
from ctxdebug.records import field, record
from ctxdebug.reports.addresses import repository_path
from ctxdebug.reports.json_text import json_object

FILE = ".ctxdebug-baseline.json"
VERSION = 1
_PATIENCE = 10.0
"""Seconds to wait for another run that is writing the same file."""


@record(frozen=True, slots=True)
class Entry:
    """How often one fingerprint was found, by file. The files only help to tell what is gone."""

    code: str
    paths: Mapping[str, int]

    @property
    def count(self) -> int:
        """In all files."""
        return sum(self.paths.values())


@record(frozen=True, slots=True)
class Baseline:
    """Fingerprint → entry."""

    entries: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """All findings that it holds."""
        return sum(entry.count for entry in self.entries.values())

    def text(self) -> str:
        """Return the file, an entry a line, in an order that does not depend on the run's."""
        order = sorted(self.entries, key=lambda key: (self.entries[key].code, key))
        entries = [
            {"fingerprint": key, "code": self.entries[key].code, "paths": dict(sorted(self.entries[key].paths.items()))}
            for key in order
        ]
        return json_object({"version": VERSION, "entries": entries})


class Known:
    """A baseline that a run uses up: as many findings of a fingerprint are known as it counts."""

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._left = Counter({key: entry.count for key, entry in baseline.entries.items()})
        self.hidden = 0

    def new(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings that are not known."""
        fresh = []
        for finding in findings:
            if self._left[finding.fingerprint] > 0:
                self._left[finding.fingerprint] -= 1
                self.hidden += 1
            else:
                fresh.append(finding)
        return fresh

    def gone(self, report: Report) -> list[str]:
        """Return what the baseline holds and the run no longer found, where the run looked at all of its files."""
        looked = {repository_path(path) for path in report.paths}
        unread = {repository_path(problem.path) for problem in report.unreadable}
        lines = []
        for key, entry in sorted(self._baseline.entries.items(), key=lambda item: (item[1].code, item[0])):
            if self._left[key] > 0 and entry.code in report.checked and _all_seen(entry.paths, looked - unread):
                times = f" ({self._left[key]} of {entry.count})" if entry.count > 1 else ""
                lines.append(f"{entry.code} {key[:12]} in {', '.join(sorted(entry.paths)[:3])}{times}")
        return lines


def _all_seen(paths: Collection[str], looked: Collection[str]) -> bool:
    """Whether every file was looked at, or does not exist any more."""
    for path in paths:
        asks_for(path)
    return all(path in looked or not Path(path).exists() for path in paths)


def read_baseline(path: str) -> Baseline:
    """Return the baseline at `path`; raises `UsageError` when it is none."""
    try:
        text = read_regular(path)
    except UsageError as error:
        raise UsageError(f"{error}; check --write-baseline makes one") from None
    try:
        return _baseline(json.loads(text))
    except (ValueError, ArithmeticError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{path}: is no baseline of version {VERSION}; delete it, then make a new one with check --write-baseline"
        ) from error


def _baseline(document: Any) -> Baseline:
    if document["version"] != VERSION:
        raise ValueError(document["version"])
    return Baseline(
        {
            str(entry["fingerprint"]): Entry(
                str(entry["code"]), {str(path): int(count) for path, count in entry["paths"].items()}
            )
            for entry in document["entries"]
        }
    )


def renewed(old: Baseline, report: Report) -> Baseline:
    """Return the baseline after a run: what the run saw, and of the old one what the run did not look at."""
    unread = {repository_path(problem.path) for problem in report.unreadable}
    looked = {repository_path(path) for path in report.paths} - unread
    counts: dict[str, tuple[str, Counter[str]]] = {}
    for key, entry in old.entries.items():
        for path, count in entry.paths.items():
            if entry.code not in report.checked or (path not in looked and Path(path).exists()):
                counts.setdefault(key, (entry.code, Counter()))[1][path] += count
    for finding in report.findings:
        counts.setdefault(finding.fingerprint, (finding.code, Counter()))[1][repository_path(finding.path)] += 1
    return Baseline({key: Entry(code, dict(paths)) for key, (code, paths) in counts.items()})


def update(path: str, change: Callable[[Baseline], Baseline]) -> tuple[Baseline, Baseline]:
    """Read, change and write a baseline while no other run does; returns it before and after."""
    with _alone(Path(path)):
        before = read_baseline(path) if Path(path).exists() else Baseline()
        after = change(before)
        write_whole(path, after.text())
    return before, after


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the folder's lock, where the system has one, so that two runs do not undo each other."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    import os

    try:
        handle = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from error
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() > deadline:
                    raise UsageError(f"{path} is being written by another run") from error
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)
