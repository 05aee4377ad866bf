"""`ctxdebug formats`: what is read, and what it is known by."""

from __future__ import annotations

from ctxdebug.cli import app


@app.command(short_help="what is read, and what it is known by")
def formats() -> None:
    """List the containers and wire formats that are read, with the evidence that each is known by; and the reports."""
    from ctxdebug.commands.terminal import write
    from ctxdebug.containers import CONTAINERS
    from ctxdebug.reports import REPORT_FORMATS
    from ctxdebug.wire import WIRE_FORMATS

    lines = ["containers: how exchanges are stored (gzip of any is read too)"]
    lines += [f"  {container.name:<22} {container.evidence}" for container in CONTAINERS.all().values()]
    lines += ["", "wire formats: the shape of one exchange (--wire-format NAME when the shape does not settle it)"]
    lines += [f"  {form.name:<26} {form.evidence}" for form in WIRE_FORMATS.all().values()]
    lines += ["", "reports: --format NAME"]
    lines += [f"  {form.name:<22} {form.about}" for form in REPORT_FORMATS.all().values()]
    write("\n".join(lines) + "\n")
