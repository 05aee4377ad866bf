"""`ctxdebug init`: configuration, hook and workflow for a repository."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app


@app.command(short_help="configuration, hook and workflow for a repository")
def init(
    folder: Annotated[str, typer.Argument(metavar="[FOLDER]", help="The repository.")] = ".",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not show the files' content.")] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", metavar="URL",
            help="Where jobs install ctxdebug from: a repository, a wheel, or ctxdebug==VERSION (default: the origin of this program's clone).",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Show, then write, what a repository needs: ctxdebug.toml, the pre-commit hooks, the GitHub or GitLab job.

    What exists is never changed; where a file contains other things already, the lines to add are shown. A second run
    does nothing. Without a terminal, and without --yes, the files are only shown. Where no address to install from is
    known, the jobs fail until one is given.
    """
    from ctxdebug.commands.init import initialise

    raise typer.Exit(initialise(folder, write=yes, quiet=quiet, source=source))
