"""`ctxdebug mutate`: variants of a case whose outcome is known."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, completion, options
from ctxdebug.commands.run_options import split


@app.command(short_help="variants of a case whose outcome is known")
def mutate(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="CASE…", autocompletion=completion.cases, help="Case files, folders of them, or ids."),
    ],
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            "--kind",
            metavar="KIND",
            help="reordered, distractor, filler, mistyped, lower-case, injected, without-source (default: all).",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="PATH", help="The folder to write to (default: beside each case)."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace variants that are there already.")] = False,
    config_file: options.ConfigFile = None,
) -> None:
    """Write variants: sources in another order, a distractor, filler around the fact, typos, an injected instruction, no source.

    The expected outcome of each is known: the first ones must not change it, an injected instruction must not be followed,
    and without its source the answer must abstain. Each variant is proven like any other case.
    """
    from ctxdebug.commands.mutate import mutate_cases

    raise typer.Exit(mutate_cases(paths, split(kinds), output, force, config_file))
