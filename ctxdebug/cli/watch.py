"""`ctxdebug watch`: follow captures while they are written, a line a call."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, run_options

_EXAMPLES = examples(
    ("ctxdebug watch captures/", "what `ctxdebug capture` records in another terminal"),
    ("ctxdebug watch ~/.claude/projects/my-project/", "a Claude Code session, as it goes"),
    ("ctxdebug watch litellm.jsonl --from-start", "what is there already, too"),
)


@app.command(short_help="follow captures while they are written, a line a call", epilog=_EXAMPLES)
@shared(options.assumptions, options.rules, options.reading)
def watch(
    call: RunCall,
    paths: Annotated[list[str], typer.Argument(metavar="PATH…", help="Captures that grow, or folders of them.")],
    from_start: Annotated[
        bool, typer.Option("--from-start", rich_help_panel=options.READING, help="Begin with what is in the files already.")
    ] = False,
) -> None:  # fmt: skip
    """Say each new call of growing captures with its tokens, its time and its worst finding, until Ctrl-C.

    Any capture that ctxdebug reads can be followed, also of other tools: sessions of agents, logs of gateways.
    """
    from ctxdebug.commands.watch import watch as follow

    raise typer.Exit(follow(paths, run_options(call.config(), call), from_start=from_start))
