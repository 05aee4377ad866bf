"""`ctxdebug doctor`: what a bug report needs to know of this installation."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options


@app.command(short_help="this installation: version, extras, cache, terminal")
def doctor(
    formats: Annotated[
        str, typer.Option("--format", metavar="[text|json]", rich_help_panel=options.OUTPUT, help="How it is shown.")
    ] = "text",
    config_file: options.ConfigFile = None,
) -> None:
    """Show what a bug report needs: versions, optional parts, the cache, the configuration that is used, the terminal.

    Nothing of it is sent anywhere; the home folder's name is left out. Exits 2 when something here keeps ctxdebug from
    working: a configuration or a cache that cannot be used.
    """
    from ctxdebug.commands.doctor import diagnose

    raise typer.Exit(diagnose(formats, config_file))
