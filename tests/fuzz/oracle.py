"""What must not happen to a broken file: a traceback, a broken rule, or silence about what was not read."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

from ctxdebug.cases.store import load_case
from ctxdebug.decoding.source import Source
from ctxdebug.engine.report import Report
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Snapshot
from ctxdebug.reports import REPORT_FORMATS

TRACEBACK, RULE_BROKE, FALSE_CLEAN = "traceback", "rule broke", "false clean"
_LONG = 24
"""Characters from which a text is unlikely to be in a file by chance."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happened to a mutated file and must not; `where` is the same for faults of one kind."""

    kind: str
    where: str
    detail: str


def long_texts(path: Path) -> frozenset[str]:
    """Return the long one-line texts that the segments of a capture hold."""
    texts: set[str] = set()
    for loaded in load(Source(str(path)), LoadOptions()):
        if isinstance(loaded, Snapshot):
            texts.update(
                text for text in _texts(loaded) if len(text) >= _LONG and text.isprintable() and text.isascii()
            )
    return frozenset(text for text in texts if not set(text) & set('"\\<>&'))


def faults(path: Path, original: frozenset[str], *, case: bool) -> list[Fault]:
    """Return what must not happen and does, for one mutated file; `original` are the long texts of the whole one."""
    found: list[Fault] = []
    try:
        report = run([str(path)], RunOptions(pedantic=True), keep=True)
    except (LoadError, UsageError):
        report = None
    except Exception as error:  # noqa: BLE001  (any other exception is what this looks for)
        found.append(_traceback("check", error))
        report = None
    if report is not None:
        found.extend(_of_report(report))
        found.extend(_silent(path, report, original))
    if case:
        try:
            load_case(path)
        except (LoadError, UsageError):
            pass
        except Exception as error:  # noqa: BLE001  (any other exception is what this looks for)
            found.append(_traceback("case load", error))
    return found


def _of_report(report: Report) -> Iterator[Fault]:
    for problem in report.problems:
        if problem.ours:
            yield Fault(RULE_BROKE, problem.message[:160], problem.message)
    for name, form in REPORT_FORMATS.all().items():
        try:
            form.render(report)
        except (LoadError, UsageError):
            continue
        except Exception as error:  # noqa: BLE001  (any other exception is what this looks for)
            yield _traceback(f"report {name}", error)


def _silent(path: Path, report: Report, original: frozenset[str]) -> Iterator[Fault]:
    """Yield a fault where nothing loads and nothing says so, and where text that was read is passed over unsaid."""
    if not report.exchanges and not report.unreadable:
        yield Fault(FALSE_CLEAN, "no exchange and no fatal problem", "")
    snapshots = [examined.snapshot for examined in report.examined]
    if report.problems or any(snap.notes or snap.unseen or snap.not_understood or snap.error for snap in snapshots):
        return
    held = path.read_bytes().decode("utf-8", "replace")
    read = "\n".join(text for snapshot in snapshots for text in _texts(snapshot))
    lost = sorted(text for text in original if text in held and text not in read)
    if lost:
        elsewhere = "\n".join(_under_metadata(held))
        lost = [text for text in lost if text not in elsewhere]
    if lost:
        forms = "+".join(sorted({f"{snapshot.container}/{snapshot.format}" for snapshot in snapshots}))
        yield Fault(FALSE_CLEAN, f"text lost without a word: {forms}", lost[0][:200])


@cache
def _metadata_keys() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the keys, and the endings of keys, that are known to hold no content."""
    rows = json.loads(files("ctxdebug.loading").joinpath("metadata.json").read_text("utf-8"))
    return frozenset([*rows["keys"], *rows["response"], *chain(*rows["formats"].values())]), tuple(rows["endings"])


def _under_metadata(text: str) -> Iterator[str]:
    """Yield the texts of a JSON file that a mutation moved under a key that is known to hold no content."""
    keys, endings = _metadata_keys()
    below: list[tuple[Any, bool]] = []
    for row in (text, *text.splitlines()):
        try:
            below.append((json.loads(row), False))
        except (ValueError, RecursionError):
            continue
    while below:
        value, known = below.pop()
        if isinstance(value, str) and known:
            yield value
        elif isinstance(value, dict):
            below.extend((item, known or key in keys or key.endswith(endings)) for key, item in value.items())
        elif isinstance(value, list):
            below.extend((item, known) for item in value)


def _texts(snapshot: Snapshot) -> Iterator[str]:
    for segment in (*snapshot.segments(), *snapshot.answer_segments()):
        yield from segment.text.splitlines()
    for tool in snapshot.tools:
        yield tool.text


def _traceback(step: str, error: Exception) -> Fault:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/ctxdebug/" in frame.filename] or list(frames)
    last = ours[-1]
    name = last.filename.rpartition("/ctxdebug/")[2]
    detail = "".join(traceback.format_exception(error)[-8:])
    return Fault(TRACEBACK, f"{step}: {type(error).__name__} in {name}:{last.lineno}", detail)
