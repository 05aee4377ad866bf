"""`ctxdebug export`: the cases for the tools that people have."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options


@app.command(short_help="the cases in another tool's form")
def export(
    target: Annotated[
        str, typer.Option("--to", metavar="TOOL", help="promptfoo, inspect, pytest, pydantic-evals, deepeval or jsonl.")
    ],
    paths: options.Cases = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PATH", help="The folder to write to (default export/TOOL).")
    ] = None,
    config_file: options.ConfigFile = None,
) -> None:
    """Write the cases in another tool's form. Captured text is never put into that tool's templates or code."""
    from ctxdebug.commands.export import export_cases

    raise typer.Exit(export_cases(target, paths, output, config_file))
