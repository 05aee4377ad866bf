"""`ctxdebug explain`: a rule's page."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, completion, options
from ctxdebug.commands.run_options import RunCall, report_formats, run_options


@app.command(short_help="a rule's page")
def explain(
    code: Annotated[
        str,
        typer.Argument(
            metavar="[RULE]", autocompletion=completion.rules, help="A rule's code or name; with --all, leave it out."
        ),
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every rule, by code.")] = False,
    form: Annotated[
        str, typer.Option("--format", metavar="[text|markdown|json]", rich_help_panel=options.OUTPUT, help="The page's format.")
    ] = "text",
    config_file: options.ConfigFile = None,
) -> None:  # fmt: skip
    """Print what a rule means: why it matters, examples of what it finds and what it leaves alone, and the fix."""
    from ctxdebug.commands.delivery import deliver
    from ctxdebug.engine.selection import Selection
    from ctxdebug.errors import UsageError
    from ctxdebug.reports.pages import PAGE_FORMATS
    from ctxdebug.rules import catalogue

    (chosen,) = report_formats([form], PAGE_FORMATS)
    if not code and not everything:
        raise UsageError("name a rule (`ctxdebug rules` lists them), or give --all")
    call = RunCall(config_file=config_file)
    known = catalogue(run_options(call.config(), call).own_rules)
    rules = list(known.values()) if everything else Selection((code,)).of(known)
    deliver([PAGE_FORMATS[chosen](rules)], (), (chosen,))
