"""`ctxdebug session`: a conversation or an agent run as one picture."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, report_formats, run_options

_EXAMPLES = examples(
    ("ctxdebug session run.jsonl", "fill, cache, cost, and what was lost"),
    ("ctxdebug session run.jsonl --turn 89", "what entered and left at one turn"),
    ("ctxdebug session run.jsonl --html run.html --open", "the timeline"),
    ("ctxdebug session --latest claude-code", "the newest session of a coding agent"),
    ("ctxdebug session logs/", "rates over many sessions"),
)


@app.command(short_help="a conversation or an agent run: fill, cost, what was lost and when", epilog=_EXAMPLES)
@shared(options.rules, options.assumptions, options.reading)
def session(
    call: RunCall,
    path: Annotated[
        str | None, typer.Argument(metavar="PATH", help="A session log, a capture of several requests, or a folder of them.")
    ] = None,
    latest: Annotated[
        str | None,
        typer.Option("--latest", metavar="TOOL", rich_help_panel=options.READING,
            help="The newest session of a coding agent: claude-code, codex, gemini, …"),
    ] = None,
    turn: Annotated[
        int | None,
        typer.Option("--turn", min=1, metavar="N", rich_help_panel=options.READING,
            help="One turn: what entered the context, what left it, what was answered and found."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--session", metavar="ID", rich_help_panel=options.READING, help="One session of several."),
    ] = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    html: Annotated[
        str | None,
        typer.Option("--html", metavar="PATH", rich_help_panel=options.OUTPUT, help="Write the session as one self-contained page."),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", rich_help_panel=options.OUTPUT, help="With --html: open the page in the browser.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:  # fmt: skip
    """Show a whole run on one screen: how full the window was, compactions and what they lost, the cache, the cost, findings by turn.

    A turn is one call of the model. What the log records is shown as it is; what ctxdebug counted has a tilde. Over several
    sessions it lists them, with rates of failures and findings by fill, turn, model and project. Exits 2 when something could
    not be read, else 0.
    """
    from ctxdebug.api.options import settlement
    from ctxdebug.commands.session import FORMATS, SessionCall, show_session
    from ctxdebug.errors import UsageError

    if (path is None) == (latest is None):
        raise UsageError("session takes a PATH, or --latest TOOL")
    if open_page and html is None:
        raise UsageError("--open shows the page of --html FILE")
    if latest is not None:
        from ctxdebug.commands.terminal import notice
        from ctxdebug.loading.latest import latest as newest

        path = str(newest(latest))
        notice(path)
    config = call.config()
    assert path is not None
    request = SessionCall(
        path, turn, name, report_formats(formats, FORMATS), tuple(outputs or ()), html, open_page, quiet, tuple(config.exclude)
    )  # fmt: skip
    asked = run_options(config, call)
    raise typer.Exit(show_session(request, asked, settlement(config, asked, None)))
