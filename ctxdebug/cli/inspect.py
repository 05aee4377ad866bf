"""`ctxdebug inspect`: one case, the five steps, answered with evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.commands import run_options

_EXAMPLES = """\b
Examples:
  ctxdebug inspect log.jsonl                       the failing exchange, else the last
  ctxdebug inspect log.jsonl -n 3 --sources        the third, with its sources
  ctxdebug inspect log.jsonl --html case.html --open
  ctxdebug inspect log.jsonl --fact "5 days"       was it retrieved, cut or overlooked?
"""


@app.command(short_help="one case on one screen: the five steps, answered with evidence", epilog=_EXAMPLES)
def inspect(
    capture: Annotated[str, typer.Argument(help="A capture; - for standard input.")],
    exchange: Annotated[
        int | None,
        typer.Option(
            "--exchange",
            "-n",
            min=1,
            help="Which exchange of the capture, from 1 (default: the failing one, else the last).",
        ),
    ] = None,
    session: Annotated[str | None, typer.Option("--session", help="Only the exchanges of this session.")] = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    select: options.Select = None,
    ignore: options.Leave = None,
    model: options.Model = None,
    window: options.Window = None,
    facts: options.Facts = None,
    sources: Annotated[
        bool, typer.Option("--sources", help="Also show the sources, their conflicts, and the answer with its support.")
    ] = False,
    constraints: Annotated[
        bool, typer.Option("--constraints", help="Also show every instruction with its authority, place and status.")
    ] = False,
    injection: Annotated[
        bool,
        typer.Option("--injection", help="Also show every directive in untrusted content, and whether it was obeyed."),
    ] = False,
    html: Annotated[str | None, typer.Option("--html", help="Write the case as one self-contained page.")] = None,
    open_page: Annotated[bool, typer.Option("--open", help="With --html: open the page in the browser.")] = False,
    defang: Annotated[
        str | None,
        typer.Option("--defang", help="Write a copy of the capture with its directives made harmless, for sharing."),
    ] = None,
    judge: options.JudgeUrl = None,
    judge_model: options.JudgeModel = None,
    judge_record: options.JudgeRecord = None,
    pedantic: options.Pedantic = False,
    no_cache: options.NoCache = False,
    max_bytes: options.MaxBytes = None,
    config_file: options.ConfigFile = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the findings, one line each.")] = False,
) -> None:
    """Show what was sent, what is wrong with it, and what to do: the likely cause first.

    Exits 2 when the capture could not be read, else 0: `check` is for gates.
    """
    from ctxdebug.commands.check import settlement
    from ctxdebug.commands.inspect import InspectCall, inspect_capture
    from ctxdebug.config import load_config
    from ctxdebug.errors import UsageError

    if open_page and html is None:
        raise UsageError("--open shows the page of --html FILE")
    reports, wire = run_options.report_and_wire(formats, None)
    config = load_config(config_file)
    run = run_options.run_options(
        config, wire=wire, select=select, ignore=ignore, model=model, window=window, facts=facts, pedantic=pedantic,
        no_cache=no_cache, max_bytes=max_bytes,
        judge=run_options.judge_from(judge, judge_model, judge_record),
    )  # fmt: skip
    wanted = tuple(
        name for name, asked in (("constraints", constraints), ("injection", injection), ("sources", sources)) if asked
    )
    request = InspectCall(
        capture,
        exchange,
        session,
        tuple(reports),
        tuple(outputs or ()),
        wanted,
        html=html,
        open_page=open_page,
        defang=defang,
        quiet=quiet,
        cases=config.cases,
    )
    raise typer.Exit(inspect_capture(request, run, settlement(config, None)))
