"""`ctxdebug shrink`: the smallest context that still fails."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.proof_call import ProofCall
from ctxdebug.commands.run_options import RunCall, run_options, split


@app.command(
    short_help="the smallest context that still fails, proved by asking again",
    epilog=examples(
        (
            'ctxdebug shrink limits.json --endpoint http://localhost:11434/v1 --forbid "100"',
            "an answer that says 100 fails",
        ),
        (
            "ctxdebug shrink berlin-limit --endpoint https://api.openai.com/v1 -o shrunk",
            "a case; what is left becomes one too",
        ),
        ("ctxdebug shrink limits.json --replay proof.jsonl", "the same again, offline"),
    ),
)
@shared(options.proof, into=ProofCall)
@shared(options.local_rules, options.assumptions, options.reading)
def shrink(
    call: RunCall,
    proof: ProofCall,
    path: options.CaptureOrCase,
    exchange: options.Exchange = None,
    folder: Annotated[
        str | None,
        typer.Option(
            "--folder",
            "-o",
            metavar="PATH",
            rich_help_panel=options.OUTPUT,
            help="Write what is left as a capture, a case and a diff into this folder.",
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="FORMAT", rich_help_panel=options.OUTPUT, help="text (default) or json."),
    ] = None,
) -> None:
    """Take away everything that does not matter: messages, calls with their results, tools, settings, documents, sentences.

    What is left still fails for the same reason, confirmed on answers of its own: a part that matters is lost at most as
    often as --confidence allows. Every reply is recorded, so Ctrl-C keeps the best so far and the same command goes on.

    Exits 0 when it is confirmed, 4 when the failure is not reproduced or the budget ends before, 3 when an answer never came.
    """  # fmt: skip
    from ctxdebug.commands.shrink import shrink_context

    config = call.config()
    raise typer.Exit(
        shrink_context(proof.on(path, exchange), config, run_options(config, call), folder, split(formats))
    )
