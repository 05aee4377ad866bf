"""Reading one exchange of a capture, for the commands that look at one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.commands.captured_secrets import hide_secrets_of_exchange, hide_secrets_of_findings
from ctxdebug.commands.terminal import warn
from ctxdebug.decoding.source import Source
from ctxdebug.engine.choice import choose, no_exchange
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem, Snapshot
from ctxdebug.reports.lines import problem_line

if TYPE_CHECKING:
    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions


def one_snapshot(path: str, number: int | None, options: LoadOptions) -> Snapshot:
    """Exchange `number` (from 1) of a capture, or its last; raises `LoadError` when there is none.

    What else could not be read is said on standard error. The secrets of the exchange are hidden from then on.
    """
    snapshot = _chosen(path, number, options)
    hide_secrets_of_exchange(snapshot)
    return snapshot


def _chosen(path: str, number: int | None, options: LoadOptions) -> Snapshot:
    last: Snapshot | None = None
    count = 0
    for loaded in load(Source(path, options.max_bytes), options):
        if isinstance(loaded, Problem):
            warn(problem_line(loaded))
            continue
        count += 1
        last = loaded
        if count == number:
            return loaded
    if last is None:
        raise LoadError(f"{path}: no exchange could be read")
    if number is not None:
        raise UsageError(f"{path}: {no_exchange(count, number)}")
    return last


def one_examined(
    path: str, number: int | None, options: RunOptions, lost: str = "nothing was written"
) -> Examined | None:
    """Return the exchange of a number (from 1), examined, else the failing one, else the last; None where nothing was read.

    Which one it is, and what could not be read, is said; `lost` is what a run that is stopped here does not do. Its secrets are
    hidden from then on.
    """
    from ctxdebug.commands.progress import Progress
    from ctxdebug.engine.run import run

    progress = Progress(lambda: 1, lost=lost)
    with progress:
        report = run([path], options, keep=True, opened=progress, watch=progress.examined)
    for problem in report.problems:
        warn(problem_line(problem))
    if not report.examined:
        return None
    examined, found = choose(report.examined, number)
    hide_secrets_of_exchange(examined.snapshot)
    hide_secrets_of_findings(examined)
    if len(report.examined) > 1:
        warn(f"exchange {found} of {len(report.examined)}")
    return examined
