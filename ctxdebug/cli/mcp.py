"""`ctxdebug mcp`: tools for agents."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, run_options

_EXAMPLES = examples(
    ("claude mcp add ctxdebug -- ctxdebug mcp captures ~/.claude/projects", "an agent may look at its own sessions"),
)


@app.command(short_help="tools for coding agents: look at captures and sessions over MCP", epilog=_EXAMPLES)
@shared(options.assumptions, options.rules, options.reading)
def mcp(
    folders: Annotated[list[str], typer.Argument(metavar="FOLDER…", help="The folders that may be looked at; nothing outside them is read.")],
    call: RunCall,
) -> None:  # fmt: skip
    """Serve tools over standard input and output, for an agent that debugs its own context (needs the extra `mcp`).

    The tools are inspect_capture, inspect_session, explain_rule, budget, diff and search_captures. They only read, only below
    the folders (no links, no `..`, no absolute path, nothing hidden); secrets are masked, answers are bounded, and captured
    text in them is marked untrusted.
    """
    from ctxdebug.commands.mcp import serve

    raise typer.Exit(serve(folders, run_options(call.config(), call)))
