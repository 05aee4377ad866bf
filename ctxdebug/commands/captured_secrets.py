"""What is learned of an exchange before it is shown: its secrets, which a report cuts, wraps and escapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.model import Problem, Snapshot
from ctxdebug.redaction.output import hide_secrets_of, secrets_are_shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctxdebug.commands.progress import Progress
    from ctxdebug.engine.report import Examined


def hide_secrets_of_exchange(snapshot: Snapshot) -> None:
    """Learn the secrets of everything that an exchange holds."""
    if secrets_are_shown():
        return
    error = snapshot.error
    hide_secrets_of(
        snapshot.request, snapshot.response, dict(snapshot.parameters), snapshot.model, snapshot.answered_by, snapshot.session,
        [tool.description for tool in snapshot.tools], [error.message, error.code] if error is not None else [],
    )  # fmt: skip
    hide_secrets_of(*(segment.text for segment in (*snapshot.segments(), *snapshot.answer_segments())))


def hide_secrets_of_findings(examined: Examined) -> None:
    """Learn the secrets of what the findings of an exchange quote, which is less to search."""
    if secrets_are_shown() or not examined.findings:
        return
    snapshot = examined.snapshot
    cited = {item.segment for finding in examined.findings for item in finding.evidence}
    segments = [one.text for one in (*snapshot.segments(), *snapshot.answer_segments()) if one.id in cited]
    quoted = [
        (finding.message, [item.text for item in finding.evidence], dict(finding.facts))
        for finding in examined.findings
    ]
    hide_secrets_of(segments, quoted, snapshot.model, snapshot.session)


def learning(progress: Progress, *, whole: bool) -> Callable[[Examined | Problem], None]:
    """Return a watcher of a run that learns what its report will show: every exchange in whole, or what findings quote."""

    def watch(result: Examined | Problem) -> None:
        progress.examined(result)
        if isinstance(result, Problem):
            return
        hide_secrets_of_findings(result)
        if whole:
            hide_secrets_of_exchange(result.snapshot)

    return watch
