"""`ctxdebug diff`: what changed between two contexts."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.commands import run_options


@app.command(short_help="what changed between two contexts")
def diff(
    before: Annotated[
        str, typer.Argument(help="A capture: the earlier turn, the other version, or the context that was intended.")
    ],
    after: Annotated[str, typer.Argument(help="A capture: the later turn, or the request that was sent.")],
    first: Annotated[
        int | None,
        typer.Option(
            "--before-exchange", min=1, help="Which exchange of the first capture, from 1 (default: the last)."
        ),
    ] = None,
    second: Annotated[
        int | None,
        typer.Option(
            "--after-exchange", min=1, help="Which exchange of the second capture, from 1 (default: the last)."
        ),
    ] = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    max_bytes: options.MaxBytes = None,
    config_file: options.ConfigFile = None,
) -> None:
    """Show message by message and document by document what was added, dropped, changed, moved or cut.

    Give the same capture twice with two exchange numbers to compare two turns of it. Exits 0 when nothing
    differs, 1 when something does, 2 when a capture could not be read.
    """
    import json

    from ctxdebug.analysis.turns.differences import contrast
    from ctxdebug.commands.delivery import deliver
    from ctxdebug.commands.one_exchange import one_snapshot
    from ctxdebug.config import load_config
    from ctxdebug.reports import contrasts

    reports, wire = run_options.report_and_wire(formats, "text")
    run = run_options.run_options(load_config(config_file), wire=wire, no_cache=True, max_bytes=max_bytes)
    old, new = one_snapshot(before, first, run.load), one_snapshot(after, second, run.load)
    found = contrast(old, new)
    deliver(
        [
            json.dumps(contrasts.values(old, new, found), ensure_ascii=False, indent=1) + "\n"
            if name == "json"
            else contrasts.text(old, new, found)
            for name in reports
        ],
        outputs or [],
    )
    raise typer.Exit(0 if found.empty else 1)
