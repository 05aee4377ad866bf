"""`ctxdebug diff`: what changed between two contexts."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, report_formats, run_options


def _which(side: str, of: str) -> Any:
    return typer.Option(
        f"--{side}-exchange", min=1, metavar="N", rich_help_panel=options.READING,
        help=f"Which exchange of the {of} capture, from 1 (default: the last).",
    )  # fmt: skip


_EXAMPLES = examples(
    ("ctxdebug diff before.json after.json", ""),
    ("ctxdebug diff run.jsonl --turns 88..89", "what a compaction took away"),
)


@app.command(short_help="what changed between two contexts", epilog=_EXAMPLES)
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
        str | None, typer.Argument(metavar="AFTER", help="A capture: the later turn, or the request that was sent.")
    ] = None,
    first: Annotated[int | None, _which("before", "first")] = None,
    second: Annotated[int | None, _which("after", "second")] = None,
    turns: Annotated[
        str | None,
        typer.Option("--turns", metavar="M..N", rich_help_panel=options.READING,
            help="Two turns of the session in one file, as `ctxdebug session` counts them: 88..89 shows a compaction."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--session", metavar="ID", rich_help_panel=options.READING, help="With --turns: one session of several."),
    ] = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
) -> None:  # fmt: skip
    """Show message by message and document by document what was added, dropped, changed, moved or truncated.

    Give the same capture twice with two exchange numbers to compare two exchanges of it, or --turns for two turns of a session.
    Exits 0 when nothing differs, 1 when something does, 2 when a capture could not be read.
    """
    from ctxdebug.commands.diff import show_difference, show_turns
    from ctxdebug.errors import UsageError

    chosen = report_formats(formats, ("text", "json", "html"))
    if turns is not None:
        if after is not None:
            raise UsageError("--turns compares two turns of one file: leave out AFTER")
        asked = run_options(call.config(), call)
        raise typer.Exit(show_turns(before, turns, name, chosen, tuple(outputs or ()), asked))
    if after is None:
        raise UsageError("diff takes two captures, or one with --turns M..N")
    load = run_options(call.config(), call).load
    raise typer.Exit(show_difference((before, first), (after, second), chosen, tuple(outputs or ()), load))
