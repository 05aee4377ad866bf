"""`ctxdebug agent-hook`: what a coding agent calls after an answer and before a prompt."""

from __future__ import annotations

import typer

from ctxdebug.cli import app


@app.command(name="agent-hook", short_help="what a coding agent calls at its events (set up by: ctxdebug agent)")
def agent_hook() -> None:
    """Read the JSON of an event on standard input: find what a compaction lost (Stop), say it once (UserPromptSubmit).

    The message is for the user; the model is told nothing. It exits 0 whatever happens.
    """
    import sys

    from ctxdebug.agents.hook import run

    raise typer.Exit(run(sys.stdin.buffer, sys.stdout))
