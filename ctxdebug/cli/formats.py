"""`ctxdebug formats`: what is read, and what it is known by."""

from __future__ import annotations

import typer

from ctxdebug.cli import app


@app.command(short_help="what is read, and what it is known by")
def formats() -> None:
    """List the containers and wire formats that are read, with the evidence that each is known by."""
    from ctxdebug.containers import CONTAINERS
    from ctxdebug.wire import WIRE_FORMATS

    typer.echo("containers: how exchanges are stored (gzip of any is read too)")
    for container in CONTAINERS.all().values():
        typer.echo(f"  {container.name:<22} {container.evidence}")
    typer.echo("")
    typer.echo("wire formats: the shape of one exchange (--format NAME when the shape does not settle it)")
    for form in WIRE_FORMATS.all().values():
        typer.echo(f"  {form.name:<26} {form.evidence}")
