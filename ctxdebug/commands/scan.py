"""What `scan` does: examine a lake of captures, write its three tables, and say what was found."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ctxdebug.commands.check import confidence, jobs, level
from ctxdebug.commands.terminal import notice, say
from ctxdebug.errors import StoppedError, UsageError
from ctxdebug.model import Confidence, Severity
from ctxdebug.records import record, replace
from ctxdebug.text.nearest import choices
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.config import Config
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.lake.merge import Written

ENGINES = ("local", "ray", "spark")


@record(frozen=True, slots=True)
class ScanCall:
    """One call of `scan`."""

    sources: tuple[str, ...]
    output: str
    engine: str
    workers: str
    fail_on: str
    quiet: bool
    request_column: str | None = None
    response_column: str | None = None
    session_column: str | None = None
    time_column: str | None = None


def scan_sources(request: ScanCall, options: RunOptions, config: Config) -> int:
    """Scan, and return the exit code: as `check`, and whatever could not be read is in the problems table."""
    from ctxdebug.lake import need

    if request.engine not in ENGINES:
        raise UsageError(f"--engine: unknown engine {request.engine!r}; {choices(request.engine, ENGINES)}")
    if not request.output.lower().endswith(".parquet"):
        raise UsageError(f"-o {request.output}: a scan writes Parquet; name the file findings.parquet")
    fail_on, least = level(request.fail_on), confidence(config.gate.confidence)
    need("pyarrow", "duckdb")
    from ctxdebug.lake.check_batch import BatchOptions
    from ctxdebug.lake.columns import Columns
    from ctxdebug.lake.job import Job
    from ctxdebug.lake.scan import Progress, scan

    run = replace(options, steps=False, analysis=replace(options.analysis, memo=None))
    job = Job(
        Columns(request.request_column, request.response_column, request.session_column, request.time_column),
        BatchOptions(run, config.ignores, config.severities),
        max_bytes=options.load.max_bytes,
    )
    shown = _Line(wanted=not request.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb")
    output = Path(request.output)
    workers = jobs(request.workers)
    try:
        written = scan(
            request.sources, output, job, exclude=config.exclude, engine=request.engine, workers=workers,
            progress=Progress(None if request.quiet else _resumed, shown),
        )  # fmt: skip
    except KeyboardInterrupt:
        raise StoppedError("what was examined so far is kept; the same command goes on from there") from None
    finally:
        shown.clear()
    if not request.quiet:
        _tell(written, output)
    return exit_code(written, fail_on, least)


def exit_code(written: Written, fail_on: Severity | None, least: Confidence) -> int:
    """2 when something was not read, else 1 when a finding reaches the gate, else 0."""
    if written.unread:
        return 2
    reached = fail_on is not None and any(
        Severity[severity.upper()] >= fail_on and Confidence[sure.upper()] >= least
        for severity, sure, _ in written.severities
    )
    return int(reached)


def _resumed(read: int, of: int) -> None:
    notice(f"going on with an interrupted scan: {read} of {plural(of, 'piece')} of the input read before")


def _tell(written: Written, output: Path) -> None:
    found = written.rows.get("finding", 0)
    counts = [
        plural(number, severity.word)
        for severity in sorted(Severity, reverse=True)
        if (number := sum(count for (word, *_), count in written.severities.items() if word == severity.word))
    ]
    parts = [
        plural(written.rows.get("exchange", 0), "exchange"),
        plural(found, "finding") + (f" ({', '.join(counts)})" if counts else ""),
    ]
    if written.unread:
        parts.append(
            f"{plural(written.unread, 'problem')} ({output.stem}.problems{output.suffix} says what was not read)"
        )
    if written.passed_over:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(written.passed_over.items()))
        parts.append(f"passed over: {kinds}")
    say(f"{output}: {' · '.join(parts)}")
    say(f"next: ctxdebug report {output}")


class _Line:
    """The line on standard error that says how many pieces are done; nothing where it is no terminal."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._shown = 0

    def __call__(self, so_far: int, of: int) -> None:
        if self._wanted:
            line = f" {so_far:,} of {plural(of, 'piece')}"
            sys.stderr.write("\r" + line.ljust(self._shown))
            sys.stderr.flush()
            self._shown = len(line)

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            sys.stderr.flush()
            self._shown = 0
