"""What must not happen to a broken file: a traceback, a broken rule, or silence about what was not read."""

from __future__ import annotations

import hashlib
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ctxdebug.cases.expectation import Expectation, expect
from ctxdebug.cases.freeze import FreezeOptions, freeze
from ctxdebug.cases.store import load_case, save_case
from ctxdebug.decoding.source import Source
from ctxdebug.engine.report import Examined, Report
from ctxdebug.engine.run import RunOptions, run
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.loading.account import texts_below
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot
from ctxdebug.reports import REPORT_FORMATS
from tests.fuzz.texts import at_any, below_words, leaves

TRACEBACK, RULE_BROKE, FALSE_CLEAN = "traceback", "rule broke", "false clean"
_LONG = 24
"""Characters from which a text is unlikely to be in a file by chance."""
_FROZEN = 4
"""One mutated exchange in so many is frozen: it is examined three times more for it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happened to a mutated file and must not; `where` is the same for faults of one kind."""

    kind: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Whole:
    """What is known of a file before it is mutated: the long texts that its segments hold, and what is told of it anyway."""

    texts: frozenset[str]
    told: frozenset[str]


def whole(path: Path) -> Whole:
    """Return what loading the file as it is gives."""
    loaded = list(load(Source(str(path)), LoadOptions()))
    snapshots = [one for one in loaded if isinstance(one, Snapshot)]
    texts = {text for snapshot in snapshots for text in _texts(snapshot)}
    plain = {text for text in texts if len(text) >= _LONG and text.isprintable() and text.isascii()}
    problems = {one.message for one in loaded if isinstance(one, Problem)}
    return Whole(
        frozenset(text for text in plain if not set(text) & set('"\\<>&')),
        frozenset(problems | {told for snapshot in snapshots for told in _told(snapshot)}),
    )


def faults(path: Path, before: Whole, *, case: bool) -> list[Fault]:
    """Return what must not happen and does, for one mutated file; `case` for a file that is loaded as an eval case as well."""
    found: list[Fault] = []
    report: Report | None = None
    try:
        report = run([str(path)], RunOptions(pedantic=True), keep=True)
    except (LoadError, UsageError):
        pass
    except Exception as error:  # noqa: BLE001  (any other exception is what this looks for)
        found.append(traceback_fault("check", error))
    if report is not None:
        found.extend(_of_report(report))
        found.extend(_silent(path, report, before))
        if report.examined and _in_turn(path):
            found.extend(_of_freezing(report.examined[0]))
    if case:
        try:
            load_case(path)
        except (LoadError, UsageError):
            pass
        except Exception as error:  # noqa: BLE001  (any other exception is what this looks for)
            found.append(traceback_fault("case load", error))
    return found


def _of_report(report: Report) -> Iterator[Fault]:
    yield from (rule_broke(problem) for problem in report.problems if problem.ours)
    for name, form in REPORT_FORMATS.all().items():
        try:
            form.render(report)
        except (LoadError, UsageError):
            continue
        except Exception as error:  # noqa: BLE001  (any other exception is what this looks for)
            yield traceback_fault(f"report {name}", error)


def _in_turn(path: Path) -> bool:
    """Whether the bytes of a file are among those that are frozen as well; the same for the same bytes."""
    return hashlib.blake2b(path.read_bytes(), digest_size=4).digest()[0] % _FROZEN == 0


@cache
def _demand() -> Expectation:
    """What every frozen case demands, so that the way to the written file does not depend on the findings."""
    return expect("contains", "no recorded answer says zyzzyva")


def _of_freezing(examined: Examined) -> Iterator[Fault]:
    """Yield a fault where an exchange cannot be frozen for another reason than one of the user's, or does not come back."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            options = FreezeOptions(id="mutated", parts=(_demand(),), allow_change=True)
            frozen = freeze(examined, options, RunOptions())
            path = save_case(frozen.case, frozen.blobs, Path(folder))
        except (LoadError, UsageError):
            return
        except Exception as error:  # noqa: BLE001  (any other exception is what this looks for)
            yield traceback_fault("freeze", error)
            return
        try:
            load_case(path)
        except Exception as error:  # noqa: BLE001  (a case that was just written must load)
            yield traceback_fault("case load after freeze", error)


def _silent(path: Path, report: Report, before: Whole) -> Iterator[Fault]:
    """Yield a fault where nothing loads and nothing says so, and where text that was read before is passed over unsaid.

    A text of the file counts as told where a segment holds it, where it is at a place that is not understood, or where a
    problem or a note is told that the whole file did not have. A key that is known to hold other words vouches for them, as
    does a label, such as what was asked of a retriever beside the call.
    """
    if not report.exchanges and not report.unreadable:
        yield Fault(FALSE_CLEAN, "no exchange and no fatal problem", "")
    snapshots = [examined.snapshot for examined in report.examined]
    told = {problem.message for problem in report.problems}
    told |= {one for snapshot in snapshots for one in _told(snapshot)}
    if told - before.told:
        return
    held = path.read_bytes().decode("utf-8", "replace")
    if held.startswith("SQLite format 3"):  # its pages keep what was deleted
        return
    read = "\n".join(text for snapshot in snapshots for text in _texts(snapshot))
    lost = {text for text in before.texts if text in held and text not in read}
    if lost:
        found = leaves(held)
        pointers = [at for snapshot in snapshots for at in snapshot.not_understood]
        pointers += [unseen.pointer for snapshot in snapshots for unseen in snapshot.unseen]
        pointers += [at for snapshot in snapshots for at in snapshot.settings_at.values()]
        rest = "\n".join([
            *at_any(found, pointers), *below_words(found, {snapshot.format for snapshot in snapshots}),
            *(text for snapshot in snapshots for text in texts_below(snapshot.labels)),
        ])  # fmt: skip
        lost = {text for text in lost if text not in rest}
    if lost:
        forms = "+".join(sorted({f"{snapshot.container}/{snapshot.format}" for snapshot in snapshots}))
        yield Fault(FALSE_CLEAN, f"text lost without a word: {forms}", min(lost)[:200])


def _told(snapshot: Snapshot) -> Iterator[str]:
    """What a snapshot says of itself that is no content: its notes, and the provider's error."""
    yield from snapshot.notes
    if snapshot.error is not None:
        yield f"error {snapshot.error.message}"


def _texts(snapshot: Snapshot) -> Iterator[str]:
    for segment in (*snapshot.segments(), *snapshot.answer_segments()):
        yield from segment.text.splitlines()
    for tool in snapshot.tools:
        yield tool.text


def rule_broke(problem: Problem) -> Fault:
    """Return the fault that a rule or a reader broke."""
    return Fault(RULE_BROKE, problem.message[:160], problem.message)


def traceback_fault(step: str, error: Exception) -> Fault:
    """Return the fault of an exception: the same for one line of our code."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/ctxdebug/" in frame.filename] or list(frames)
    last = ours[-1]
    name = last.filename.rpartition("/ctxdebug/")[2]
    detail = "".join(traceback.format_exception(error)[-8:])
    return Fault(TRACEBACK, f"{step}: {type(error).__name__} in {name}:{last.lineno}", detail)
