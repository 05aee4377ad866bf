"""`ctxdebug init`: configuration, hook and workflow for a repository."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app


@app.command(short_help="configuration, hook and workflow for a repository")
def init(
    folder: Annotated[str, typer.Argument(help="The repository.")] = ".",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not show the files' content.")] = False,
) -> None:
    """Show, then write, what a repository needs: ctxdebug.toml, the pre-commit hooks, the GitHub or GitLab job.

    What exists is never changed; where a file holds other things already, the lines to add are shown. A second run does
    nothing. Without a terminal, and without --yes, the files are only shown.
    """
    from ctxdebug.commands.init import initialise

    raise typer.Exit(initialise(folder, write=yes, quiet=quiet))
