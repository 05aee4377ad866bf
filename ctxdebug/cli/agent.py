"""`ctxdebug agent`: a status line and a hook for a coding agent."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app
from ctxdebug.cli.program import examples

_EXAMPLES = examples(
    ("ctxdebug agent claude-code", "shows the change to ~/.claude/settings.json, and asks"),
    ("ctxdebug agent claude-code --remove", "takes it out again"),
)


@app.command(short_help="a status line and a hook for a coding agent", epilog=_EXAMPLES)
def agent(
    name: Annotated[str, typer.Argument(metavar="AGENT", help="claude-code", autocompletion=lambda: ["claude-code"])],
    remove: Annotated[bool, typer.Option("--remove", help="Take out what was added, and nothing else.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    settings: Annotated[
        str | None, typer.Option("--settings", metavar="PATH", help="The settings file (default: ~/.claude/settings.json).")
    ] = None,
) -> None:  # fmt: skip
    """Show, then write, what shows the fill of the window and the replay in the agent's status line, and warns.

    It warns when a compaction lost a standing instruction and when one is near. Other settings are never touched: another
    status line stays, other hooks stay. Without a terminal, and without --yes, the change is only shown.
    """
    from ctxdebug.commands.agent import set_up

    raise typer.Exit(set_up(name, settings, remove=remove, write=yes))
