"""`ctxdebug status-line`: what a coding agent's status line shows."""

from __future__ import annotations

import typer

from ctxdebug.cli import app


@app.command(name="status-line", short_help="the line that a coding agent shows (set up by: ctxdebug agent)")
def status_line() -> None:
    """Read the JSON that the agent gives on standard input, and print one line: fill, replay, cache, warnings.

    It reads the end of the agent's log, and what the hook noted after the last compaction.
    """
    import sys

    from ctxdebug.agents.status_line import run

    raise typer.Exit(run(sys.stdin.buffer, sys.stdout))
