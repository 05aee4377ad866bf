"""`ctxdebug budget`: the token ledger, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.commands import run_options

if TYPE_CHECKING:
    from ctxdebug.model import Snapshot


@app.command(short_help="the token ledger of one exchange, block by block")
def budget(
    capture: Annotated[str, typer.Argument(help="A capture; - for standard input.")],
    exchange: Annotated[
        int | None,
        typer.Option("--exchange", "-n", min=1, help="Which exchange of the capture, from 1 (default: the last)."),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            help="Add the ledger for model=NAME, window=N, or drop=BLOCK (m3, m3.s1, a document's id). Repeatable; commas combine.",
        ),
    ] = None,
    count_with: Annotated[
        str | None,
        typer.Option(
            "--count-with",
            help="`provider`: also ask the server at --endpoint for its own count (Anthropic, Gemini, vLLM).",
        ),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option("--endpoint", help="The base URL of the server that counts; keys come from the environment."),
    ] = None,
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
    from ctxdebug.analysis.token_table import budget as ledger
    from ctxdebug.commands.delivery import deliver
    from ctxdebug.commands.one_exchange import one_snapshot
    from ctxdebug.commands.what_if import scenario
    from ctxdebug.config import load_config
    from ctxdebug.model import pointer_text
    from ctxdebug.reports import token_table as ledgers

    reports, wire = run_options.report_and_wire(formats, "text")
    run = run_options.run_options(
        load_config(config_file), wire=wire, model=model, window=window, no_cache=no_cache, max_bytes=max_bytes
    )
    snapshot = one_snapshot(capture, exchange, run.load)
    base = ledger(Analysis(snapshot, run.analysis))
    scenarios = [scenario(text, snapshot, run.analysis) for text in what_if or []]
    counted = _counted(snapshot, count_with, endpoint)
    if run.analysis.memo is not None:
        run.analysis.memo.flush()
    title = f"{snapshot.path}   {snapshot.format} · {snapshot.model or 'model not named'}"
    pointer = pointer_text(snapshot.pointer)
    deliver(
        [
            json.dumps(ledgers.values(snapshot.path, pointer, base, scenarios, counted), ensure_ascii=False, indent=1)
            + "\n"
            if name == "json"
            else ledgers.text(title, base, scenarios, counted)
            for name in reports
        ],
        outputs or [],
    )


def _counted(snapshot: Snapshot, count_with: str | None, endpoint: str | None) -> int | None:
    """The server's own count, when it was asked for."""
    from ctxdebug.errors import UsageError

    if count_with is None:
        return None
    if count_with != "provider" or endpoint is None:
        raise UsageError("--count-with provider needs --endpoint URL")
    from ctxdebug.evals.provider_counts import provider_count

    return provider_count(snapshot, endpoint)
