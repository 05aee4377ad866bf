"""`ctxdebug rules`: the catalogue by family, with its row of the translation table."""

from __future__ import annotations

import typer

from ctxdebug.cli import app


@app.command(short_help="every rule, by family")
def rules() -> None:
    """List every rule by family, with the row of the translation table that the family stands for."""
    from ctxdebug.rules import FAMILIES, RULES

    catalogue = RULES.all().values()
    for family in FAMILIES.values():
        typer.echo(f"{family.prefix}  {family.problem} → {family.manifestation}")
        typer.echo(f"     what helps: {family.answer}")
        for rule in catalogue:
            if rule.family == family.folder:
                typer.echo(f"  {rule.code}  {rule.severity.word:<8} {rule.name:<34} {rule.page.title}")
        typer.echo("")
    typer.echo("ctxdebug explain CODE prints a rule's page")
