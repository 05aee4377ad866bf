"""`ctxdebug freeze`: the case becomes a fixture that proves itself."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.commands import run_options


@app.command(short_help="the case becomes a fixture that proves itself")
def freeze(
    capture: Annotated[str, typer.Argument(help="A capture with a bad answer; - for standard input.")],
    exchange: Annotated[
        int | None,
        typer.Option(
            "--exchange",
            "-n",
            min=1,
            help="Which exchange of the capture, from 1 (default: the failing one, else the last).",
        ),
    ] = None,
    expect: Annotated[
        list[str] | None,
        typer.Option(
            "--expect",
            help='What a good answer holds: contains:"5 days", abstains, tool-called:search, … or bare words. Repeatable.',
        ),
    ] = None,
    forbid: Annotated[
        list[str] | None,
        typer.Option("--forbid", help="What a good answer does not hold, in the same words. Repeatable."),
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Take the expectation that the findings propose.")] = False,
    good: Annotated[
        str | None, typer.Option("--good", help="A good answer, or a file with one; proves that the case can pass.")
    ] = None,
    identifier: Annotated[str | None, typer.Option("--id", help="The case's id, and its file's name.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="One line that says what goes wrong.")] = None,
    tags: Annotated[list[str] | None, typer.Option("--tag", help="A tag of the case. Repeatable.")] = None,
    folder: Annotated[str | None, typer.Option("--cases", help="Where cases live (default fixtures/cases).")] = None,
    pass_rate: Annotated[
        float, typer.Option("--pass-rate", min=0.01, max=1.0, help="The rate that live runs must prove.")
    ] = 0.9,
    force: Annotated[bool, typer.Option("--force", help="Replace a case of this id.")] = False,
    allow_change: Annotated[
        bool, typer.Option("--allow-change", help="Write although hiding secrets changes what the detectors find.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the proposal, and write nothing.")] = False,
    formats: options.Formats = None,
    model: options.Model = None,
    window: options.Window = None,
    facts: options.Facts = None,
    no_cache: options.NoCache = False,
    max_bytes: options.MaxBytes = None,
    config_file: options.ConfigFile = None,
) -> None:
    """Freeze the exact request, the recorded answer and an expectation into fixtures/cases/ID.yaml.

    Secrets are replaced by placeholders before anything is written. The case must fail on the recorded answer
    and pass on a good one, or nothing is written and the exit code is 2.
    """
    from ctxdebug.commands.freeze import FreezeCall, freeze_capture
    from ctxdebug.config import load_config

    config = load_config(config_file)
    _, wire = run_options.report_and_wire(formats, None)
    run = run_options.run_options(
        config, wire=wire, model=model, window=window, facts=facts, no_cache=no_cache, max_bytes=max_bytes
    )
    request = FreezeCall(
        capture, exchange, tuple(expect or ()), tuple(forbid or ()), accept, good, identifier, title, tuple(tags or ()),
        folder or config.cases, pass_rate, force, allow_change, dry_run,
    )  # fmt: skip
    raise typer.Exit(freeze_capture(request, run, config.redact.patterns))
