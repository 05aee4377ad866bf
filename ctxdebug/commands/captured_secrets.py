"""What is learned of an exchange before it is shown: its secrets, which a report cuts, wraps and escapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Problem, Snapshot
from ctxdebug.redaction.output import hide_secrets_of, secrets_are_shown
from ctxdebug.redaction.shown import captured_values, quoted_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ctxdebug.commands.progress import Progress
    from ctxdebug.engine.report import Examined
    from ctxdebug.reports import Parts


def hide_secrets_of_exchange(snapshot: Snapshot) -> None:
    """Learn the secrets of everything that an exchange holds."""
    if secrets_are_shown():
        return
    hide_secrets_of(*captured_values(snapshot))


def hide_secrets_of_findings(examined: Examined) -> None:
    """Learn the secrets of what the findings of an exchange quote, which is less to search."""
    if secrets_are_shown() or not examined.findings:
        return
    hide_secrets_of(*quoted_values(examined.snapshot, examined.findings))


def learning(progress: Progress, *, whole: bool, parts: Sequence[Parts] = ()) -> Callable[[Examined | Problem], None]:
    """Return a watcher of a run that learns what its report will show: every exchange in whole, or what findings quote.

    `parts` are reports that are written exchange by exchange; each takes what is watched.
    """

    def watch(result: Examined | Problem) -> None:
        progress.examined(result)
        if isinstance(result, Problem):
            return
        hide_secrets_of_findings(result)
        if whole:
            hide_secrets_of_exchange(result.snapshot)
        for one in parts:
            one.take(result)

    return watch
