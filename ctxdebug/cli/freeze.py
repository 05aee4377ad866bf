"""`ctxdebug freeze`: turn a failing exchange into a verified eval fixture."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import shared
from ctxdebug.commands.run_options import RunCall, run_options


@app.command(short_help="turn a failing exchange into a verified eval fixture")
@shared(options.local_rules, options.assumptions, options.facts, options.reading)
def freeze(
    call: RunCall,
    capture: Annotated[str, typer.Argument(metavar="PATH", help="A capture with a bad answer; - for standard input.")],
    exchange: options.Exchange = None,
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            metavar="DEMAND",
            help='What a good answer contains or does: contains:"5 days", abstains, tool-called:search, … or bare words. Repeatable.',
        ),
    ] = None,
    forbid: Annotated[
        list[str] | None,
        typer.Option(
            "--forbid",
            metavar="DEMAND",
            help="What a good answer must not contain or do (same syntax as --expect). Repeatable.",
        ),
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Take the expectation that the findings propose.")] = False,
    good: Annotated[
        str | None,
        typer.Option(
            "--good", metavar="TEXT|PATH", help="A good answer, or a file with one; proves that the case can pass."
        ),
    ] = None,
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The case's id, and its file's name.")
    ] = None,
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="One line that says what goes wrong.")
    ] = None,
    tags: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag of the case. Repeatable.")
    ] = None,
    folder: Annotated[
        str | None, typer.Option("--cases", metavar="PATH", help="Where cases live (default fixtures/cases).")
    ] = None,
    pass_rate: Annotated[
        float,
        typer.Option("--pass-rate", min=0.01, max=1.0, metavar="RATE", help="The rate that live runs must prove."),
    ] = 0.9,
    force: Annotated[bool, typer.Option("--force", help="Replace a case of this id.")] = False,
    allow_change: Annotated[
        bool, typer.Option("--allow-change", help="Write although hiding secrets changes what the detectors find.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the proposal, and write nothing.")] = False,
) -> None:
    """Freeze the exact request, the recorded answer and an expectation into fixtures/cases/ID.yaml.

    Secrets are replaced by placeholders before anything is written. The case must fail on the recorded answer
    and pass on a good one, or nothing is written and the exit code is 2.
    """
    from ctxdebug.commands.freeze import FreezeCall, freeze_capture

    config = call.config()
    request = FreezeCall(
        capture, exchange, tuple(expect or ()), tuple(forbid or ()), accept, good, identifier, title, tuple(tags or ()),
        folder or config.cases, pass_rate, force, allow_change, dry_run,
    )  # fmt: skip
    raise typer.Exit(freeze_capture(request, run_options(config, call), config.redact.named()))
