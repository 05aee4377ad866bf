"""`ctxdebug mutate`: variants of a case whose outcome is known."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.commands import run_options


@app.command(short_help="variants of a case whose outcome is known")
def mutate(
    paths: Annotated[list[str], typer.Argument(help="Case files, folders of them, or ids.")],
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            help="reordered, distractor, filler, mistyped, lower-case, injected, without-source (default: all).",
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="The folder to write to (default: beside each case).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace variants that are there already.")] = False,
    config_file: options.ConfigFile = None,
) -> None:
    """Write variants: sources in another order, a distractor, filler around the fact, typos, a planted order, no source.

    The expected outcome of each is known: the first ones must not change it, a planted order must not be obeyed,
    and without its source the answer must abstain. Each variant is proven like any other case.
    """
    from ctxdebug.commands.mutate import mutate_cases

    raise typer.Exit(mutate_cases(paths, run_options.split(kinds), output, force, config_file))
