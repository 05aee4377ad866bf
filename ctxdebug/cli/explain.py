"""`ctxdebug explain`: a rule's page."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app


@app.command(short_help="a rule's page")
def explain(
    code: Annotated[str, typer.Argument(help="A rule's code or name; with --all, leave it out.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every rule, by code.")] = False,
    form: Annotated[str, typer.Option("--format", help="text, markdown or json.")] = "text",
) -> None:
    """Print what a rule means: why it matters, examples of what it finds and what it leaves alone, and the fix."""
    from ctxdebug.engine.selection import Selection
    from ctxdebug.errors import UsageError
    from ctxdebug.reports.pages import PAGE_FORMATS
    from ctxdebug.rules import RULES

    if form not in PAGE_FORMATS:
        raise UsageError(f"--format takes {', '.join(PAGE_FORMATS)}, not {form!r}")
    if not code and not everything:
        raise UsageError("name a rule (`ctxdebug rules` lists them), or ask for --all")
    rules = list(RULES.all().values()) if everything else Selection((code,)).of(RULES.all())
    typer.echo(PAGE_FORMATS[form](rules), nl=False)
