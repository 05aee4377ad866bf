"""`ctxdebug inspect`: one case, the five steps, answered with evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, completion, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, report_formats, run_options

VIEWS = "Views"
_EXAMPLES = examples(
    ("ctxdebug log.jsonl", "the failing exchange, else the last"),
    ("ctxdebug inspect log.jsonl -n 3 --sources", "the third, with its sources"),
    ("ctxdebug inspect log.jsonl --html case.html --open", ""),
    ("ctxdebug inspect --latest claude-code", "the newest session of a coding agent"),
    ('ctxdebug inspect log.jsonl --fact "5 days"', "was it retrieved, truncated or overlooked?"),
    (
        'ctxdebug inspect log.jsonl --fact "5 days" --corpus docs/',
        "was it there to be retrieved, and how was it missed?",
    ),
)


@app.command(short_help="one case on one screen: asked, answered, the likely cause", epilog=_EXAMPLES)
@shared(options.rules, options.assumptions, options.facts, options.corpus, options.judge, options.reading)
def inspect(
    call: RunCall,
    capture: Annotated[
        str | None, typer.Argument(metavar="PATH", show_default=False, help="A capture; - for standard input.")
    ] = None,
    latest: Annotated[
        str | None,
        typer.Option(
            "--latest", metavar="TOOL", rich_help_panel=options.READING, autocompletion=completion.log_tools,
            help="Instead of PATH: the newest session of claude-code, codex, gemini, … (`ctxdebug formats` lists where each keeps them).",
        ),
    ] = None,
    exchange: options.Exchange = None,
    session: Annotated[
        str | None,
        typer.Option("--session", metavar="ID", rich_help_panel=options.READING, help="Only the exchanges of this session."),
    ] = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    json_version: options.JsonVersion = 2,
    everything: Annotated[
        bool,
        typer.Option("--all", rich_help_panel=VIEWS, help="The long form, through a pager in a terminal: every block, step and finding."),
    ] = False,
    no_pager: Annotated[bool, typer.Option("--no-pager", rich_help_panel=VIEWS, help="With --all: no pager.")] = False,
    sources: Annotated[
        bool,
        typer.Option("--sources", rich_help_panel=VIEWS, help="Also show the sources, their conflicts, and the answer with its support."),
    ] = False,
    constraints: Annotated[
        bool,
        typer.Option("--constraints", rich_help_panel=VIEWS, help="Also show every instruction with its authority, place and status."),
    ] = False,
    injection: Annotated[
        bool,
        typer.Option("--injection", rich_help_panel=VIEWS, help="Also show every instruction in untrusted content, and whether it was followed."),
    ] = False,
    html: Annotated[
        str | None,
        typer.Option("--html", metavar="PATH", rich_help_panel=options.OUTPUT, help="Write the case as one self-contained page."),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", rich_help_panel=options.OUTPUT, help="With --html: open the page in the browser.")
    ] = False,
    defang: Annotated[
        str | None,
        typer.Option("--defang", metavar="PATH", rich_help_panel=options.OUTPUT,
            help="Write a copy of the capture with its injected instructions made harmless, for sharing."),
    ] = None,
    proof: Annotated[
        str | None,
        typer.Option("--proof", metavar="PATH", rich_help_panel=options.READING,
            help="What `blame` or `fix` proved of the findings (default: what .ctxdebug/proofs keeps of this request)."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", rich_help_panel=options.OUTPUT, help="Only the findings, one line each.")
    ] = False,
) -> None:  # fmt: skip
    """Show what was asked, what was answered, what is wrong, and what to do: the likely cause first.

    Exits 2 when the capture could not be read, else 0: `check` is for gates.
    """
    from ctxdebug.api.options import settlement
    from ctxdebug.commands.inspect import InspectCall, capture_of, inspect_capture
    from ctxdebug.errors import UsageError

    if open_page and html is None:
        raise UsageError("--open shows the page of --html FILE")
    chosen = report_formats(formats)
    capture = capture_of(capture, latest)
    config = call.config()
    wanted = tuple(
        name for name, asked in (("constraints", constraints), ("injection", injection), ("sources", sources)) if asked
    )
    request = InspectCall(
        capture, exchange, session, chosen, tuple(outputs or ()), wanted, html=html, open_page=open_page, defang=defang,
        quiet=quiet, cases=config.cases, everything=everything,
        paged=everything and not no_pager, json_version=json_version, proof=proof,
    )  # fmt: skip
    asked = run_options(config, call)
    raise typer.Exit(inspect_capture(request, asked, settlement(config, asked, None)))
