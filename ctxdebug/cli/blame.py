"""`ctxdebug blame`: which part of a context makes an answer fail."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.proof_call import ProofCall
from ctxdebug.commands.run_options import RunCall, run_options, split

_EXAMPLES = examples(
    ('ctxdebug blame leave-bot.json --endpoint http://localhost:11434/v1 --expect contains:"5 days"', "who is it?"),
    ('ctxdebug blame leave-bot.json --replay proof.jsonl --expect contains:"5 days"', "the same again, offline"),
)


@app.command(short_help="which part of a context makes the answer fail, proved by asking again", epilog=_EXAMPLES)
@shared(options.proof, into=ProofCall)
@shared(options.local_rules, options.assumptions, options.reading)
def blame(
    call: RunCall,
    proof: ProofCall,
    path: options.CaptureOrCase,
    exchange: options.Exchange = None,
    logprobs: Annotated[
        str,
        typer.Option(
            "--logprobs",
            metavar="[auto|always|never]",
            rich_help_panel=options.PROOF,
            help="Attribute the failing words by log-probabilities; auto: where parts would have to be searched one by one.",
        ),
    ] = "auto",
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="FORMAT", rich_help_panel=options.OUTPUT, help="text (default) or json."),
    ] = None,
) -> None:  # fmt: skip
    """Take every suspect out, replace it, move it and put it back alone; say which is the cause.

    What findings point at comes first, then the other parts together. Each gets its effect on the failure with an exact
    interval, and a p-value corrected for the looks and the number of parts: cause, contributes, innocent, or undecided
    with how many more calls would decide. Position and amount are told from content.

    Exits 0 when a cause is proved, 4 when it is undecided or the failure is not reproduced, 3 when an answer never came.
    """
    from ctxdebug.commands.blame import blame_context

    config = call.config()
    raise typer.Exit(
        blame_context(proof.on(path, exchange), config, run_options(config, call), split(formats), logprobs)
    )
