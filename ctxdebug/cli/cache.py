"""`ctxdebug cache`: what is kept between runs, and how to be rid of it."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import Program

cache = Program(no_args_is_help=True, help="Show or clear what is kept between runs.")
app.add_typer(cache, name="cache")


@cache.command()
def show(
    formats: Annotated[
        str, typer.Option("--format", metavar="[text|json]", rich_help_panel=options.OUTPUT, help="How it is shown.")
    ] = "text",
) -> None:
    """Show where results of check, token counts and tables are kept, how many and how large, and whether results are used here."""
    from ctxdebug.commands.cache import show_cache

    raise typer.Exit(show_cache(formats))


@cache.command()
def clear() -> None:
    """Remove the kept results, token counts and tables; nothing else in the cache folder is touched."""
    from ctxdebug.commands.cache import clear_cache

    raise typer.Exit(clear_cache())
