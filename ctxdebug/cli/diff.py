"""`ctxdebug diff`: what changed between two contexts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import shared
from ctxdebug.commands.run_options import RunCall, report_formats, run_options


def _which(side: str, of: str) -> Any:
    return typer.Option(
        f"--{side}-exchange", min=1, metavar="N", rich_help_panel=options.READING,
        help=f"Which exchange of the {of} capture, from 1 (default: the last).",
    )  # fmt: skip


@app.command(short_help="what changed between two contexts")
@shared(options.reading)
def diff(
    call: RunCall,
    before: Annotated[
        str,
        typer.Argument(
            metavar="BEFORE", help="A capture: the earlier turn, the other version, or the context that was intended."
        ),
    ],
    after: Annotated[
        str, typer.Argument(metavar="AFTER", help="A capture: the later turn, or the request that was sent.")
    ],
    first: Annotated[int | None, _which("before", "first")] = None,
    second: Annotated[int | None, _which("after", "second")] = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
) -> None:
    """Show message by message and document by document what was added, dropped, changed, moved or truncated.

    Give the same capture twice with two exchange numbers to compare two turns of it. Exits 0 when nothing differs,
    1 when something does, 2 when a capture could not be read.
    """
    from ctxdebug.commands.diff import show_difference

    chosen = report_formats(formats, ("text", "json", "html"))
    load = run_options(call.config(), call).load
    raise typer.Exit(show_difference((before, first), (after, second), chosen, tuple(outputs or ()), load))
