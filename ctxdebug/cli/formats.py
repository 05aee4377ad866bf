"""`ctxdebug formats`: what is read, what it is known by, and where agents keep their sessions."""

from __future__ import annotations

import typer

from ctxdebug.cli import app


@app.command(short_help="what is read, and what it is known by")
def formats() -> None:
    """List the containers and wire formats that are read, with the evidence that each is known by.

    A format is marked with `*` where its reader follows the documentation and was never tried on a real file.
    """
    from ctxdebug.containers import CONTAINERS
    from ctxdebug.loading.latest import places
    from ctxdebug.wire import WIRE_FORMATS, by_documentation

    untried = by_documentation()
    typer.echo("containers: how exchanges are stored (gzip of any is read too)")
    for container in CONTAINERS.all().values():
        typer.echo(f"{_mark(container.name, untried)} {container.name:<22} {container.evidence}")
    typer.echo("")
    typer.echo("wire formats: the shape of one exchange (--wire-format NAME when the shape does not settle it)")
    for form in WIRE_FORMATS.all().values():
        typer.echo(f"{_mark(form.name, untried)} {form.name:<26} {form.evidence}")
    typer.echo("")
    typer.echo("* by documentation: not yet tried on a file that the program itself wrote")
    typer.echo("")
    typer.echo("sessions of agents: where each tool keeps them (--latest TOOL takes the newest)")
    for tool, row in places().items():
        typer.echo(f"  {tool:<26} ~/{', ~/'.join(row['paths'][:2])}")


def _mark(name: str, untried: frozenset[str]) -> str:
    return " *" if name in untried else "  "
