"""`ctxdebug budget`: the token ledger, block by block."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from ctxdebug.cli import app, options


@app.command()
def budget(
    capture: Annotated[str, typer.Argument(help="A capture; - for standard input.")],
    exchange: Annotated[Optional[int], typer.Option("--exchange", "-n", min=1, help="Which exchange of the capture, from 1 (default: the last).")] = None,  # noqa: UP045 - typer reads it at run time
    what_if: Annotated[Optional[list[str]], typer.Option("--what-if", help="Add the ledger for model=NAME, window=N, or drop=BLOCK (m3, m3.s1, a document's id). Repeatable; commas combine.")] = None,  # noqa: UP045
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    model: options.Model = None,
    window: options.Window = None,
    no_cache: options.NoCache = False,
    max_bytes: options.MaxBytes = None,
    config_file: options.ConfigFile = None,
) -> None:
    """Show where the tokens of a prompt go: counted, estimated, recorded, the difference, the price and the verdict.

    A figure with ~ is an estimate and carries its band; without, it is exact.
    """
    import json

    from ctxdebug.analysis import Analysis
    from ctxdebug.analysis.budget import budget as ledger
    from ctxdebug.cli.output import deliver
    from ctxdebug.cli.reading import one_snapshot
    from ctxdebug.cli.scenarios import scenario
    from ctxdebug.config import load_config
    from ctxdebug.model import pointer_text
    from ctxdebug.reports import ledgers

    reports, wire = options.report_and_wire(formats, "text")
    run = options.run_options(load_config(config_file), wire=wire, model=model, window=window, no_cache=no_cache, max_bytes=max_bytes)
    snapshot = one_snapshot(capture, exchange, run.load)
    base = ledger(Analysis(snapshot, run.analysis))
    scenarios = [scenario(text, snapshot, run.analysis) for text in what_if or []]
    if run.analysis.memo is not None:
        run.analysis.memo.flush()
    title = f"{snapshot.path}   {snapshot.format} · {snapshot.model or 'model not named'}"
    pointer = pointer_text(snapshot.pointer)
    deliver(
        [
            json.dumps(ledgers.values(snapshot.path, pointer, base, scenarios), ensure_ascii=False, indent=1) + "\n"
            if name == "json"
            else ledgers.text(title, base, scenarios)
            for name in reports
        ],
        outputs or [],
    )
