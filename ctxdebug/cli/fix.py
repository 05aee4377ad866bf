"""`ctxdebug fix`: repairs of the assembled request, proposed offline and verified by asking."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.proof_call import ProofCall
from ctxdebug.commands.run_options import RunCall, run_options, split

_EXAMPLES = examples(
    ("ctxdebug fix leave-bot.json", "what the findings propose, offline"),
    ("ctxdebug fix leave-bot.json --endpoint http://localhost:11434/v1 --suite fixtures/cases", "verified, without regressions"),
)  # fmt: skip


@app.command(short_help="repairs of the request, proposed offline and verified by asking", epilog=_EXAMPLES)
@shared(options.proof, into=ProofCall)
@shared(options.local_rules, options.assumptions, options.reading)
def fix(
    call: RunCall,
    proof: ProofCall,
    path: options.CaptureOrCase,
    exchange: options.Exchange = None,
    suite: Annotated[
        str | None,
        typer.Option(
            "--suite", metavar="PATH", rich_help_panel=options.PROOF,
            help="Cases that must go on passing: those of this folder that pass before.",
        ),
    ] = None,
    runs: Annotated[
        int,
        typer.Option("--runs", min=5, max=1000, metavar="N", rich_help_panel=options.PROOF, help="Answers on which a repair is confirmed."),
    ] = 20,
    folder: Annotated[
        str | None,
        typer.Option(
            "--folder", "-o", metavar="PATH", rich_help_panel=options.OUTPUT,
            help="Write a new eval case that locks the verified repair into this folder.",
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="FORMAT", rich_help_panel=options.OUTPUT, help="text (default) or json."),
    ] = None,
) -> None:  # fmt: skip
    """Try the repairs that the findings offer, as edits of the assembled request; a captured file is never changed.

    Offline each is proposed with its diff, what it means for the application, and whether its finding goes and a new one
    comes. With --endpoint each is verified by asking, smallest first, alone and then together: it must pass, and break no
    case of --suite.

    Exits 0 when a repair is verified or when repairs are only proposed, 1 when none passes, 4 when the failure is not
    reproduced, 3 when an answer never came.
    """
    from ctxdebug.commands.fix import fix_context

    config = call.config()
    raise typer.Exit(
        fix_context(
            proof.on(path, exchange), config, run_options(config, call), suite=suite, runs=runs, folder=folder, formats=split(formats)
        )
    )  # fmt: skip
