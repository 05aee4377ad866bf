"""`ctxdebug scan`: the same rules over a lake of captures, into tables."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, run_options

_COLUMNS = "Columns"
_EXAMPLES = examples(
    ("ctxdebug scan logs/ -o findings.parquet", "captures and tables of a folder"),
    ("ctxdebug scan 'logs/*.jsonl.zst' -o findings.parquet -j 8", "eight processes"),
    (
        "ctxdebug scan calls.parquet --request-column req --session-column chat -o findings.parquet",
        "columns told, not guessed",
    ),
    ("ctxdebug scan s3://bucket/day=2026-11-30/ -o findings.parquet", "an object store"),
    ("ctxdebug report findings.parquet", "rates, what is new, the worst sessions"),
)


def _column(name: str, text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, metavar="NAME", rich_help_panel=_COLUMNS, help=text)
    return option


@app.command(short_help="the same rules over a lake of captures, into tables", epilog=_EXAMPLES)
@shared(options.rules, options.assumptions, options.reading)
def scan(
    call: RunCall,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE…",
            help="Folders, patterns and files: captures, JSON lines (gz, zst), Parquet, Arrow, DuckDB, SQLite; s3://bucket/prefix.",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="PATH", rich_help_panel=options.OUTPUT,
            help="The findings table; the exchanges and the problems go to .exchanges.parquet and .problems.parquet beside it.",
        ),
    ],
    engine: Annotated[
        str, typer.Option("--engine", metavar="ENGINE", rich_help_panel=options.READING,
            help="Who does the work: local (processes on this machine), ray or spark.")
    ] = "local",
    workers: Annotated[
        str,
        typer.Option("--jobs", "-j", metavar="[N|auto]", rich_help_panel=options.READING, help="Processes; auto: one a processor."),
    ] = "auto",
    request_column: Annotated[str | None, _column("--request-column", "The request, as JSON or as a structure; a dot leads inside.")] = None,
    response_column: Annotated[str | None, _column("--response-column", "The response.")] = None,
    session_column: Annotated[str | None, _column("--session-column", "The conversation: its rows are examined together.")] = None,
    time_column: Annotated[str | None, _column("--time-column", "When the call was made: the order inside a session.")] = None,
    fail_on: options.FailOn = None,
    quiet: options.Quiet = False,
) -> None:  # fmt: skip
    """Examine all exchanges of files, tables and object stores, and write a table with a row a finding.

    Sessions are put together from all files before they are examined. What cannot be read becomes a row of the problems
    table and never ends the scan; an interrupted scan goes on where it stopped. Secrets are masked in the tables. Exits 1
    when a finding reaches --fail-on, 2 when something was not read, 0 otherwise.
    """
    from ctxdebug.commands.scan import ScanCall, scan_sources

    config = call.config()
    request = ScanCall(
        tuple(sources), output, engine, workers, fail_on or config.gate.fail_on or config.fail_on, quiet,
        request_column, response_column, session_column, time_column,
    )  # fmt: skip
    raise typer.Exit(scan_sources(request, run_options(config, call), config))
