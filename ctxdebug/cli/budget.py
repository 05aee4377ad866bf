"""`ctxdebug budget`: where the tokens of one prompt go, block by block."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import shared
from ctxdebug.commands.run_options import RunCall, report_formats, run_options


@app.command(short_help="where the tokens of one exchange go, block by block")
@shared(options.assumptions, options.reading)
def budget(
    call: RunCall,
    capture: Annotated[str, typer.Argument(metavar="PATH", help="A capture; - for standard input.")],
    exchange: Annotated[
        int | None,
        typer.Option(
            "--exchange", "-n", min=1, metavar="N", rich_help_panel=options.READING,
            help="Which exchange of the capture, from 1 (default: the last).",
        ),
    ] = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if", metavar="CHANGE", rich_help_panel=options.ASSUMPTIONS,
            help="Add the same table for model=NAME, window=TOKENS, or drop=BLOCK (a name in the table, or its beginning). "
            "Commas combine. Repeatable.",
        ),
    ] = None,
    count_with: Annotated[
        str | None,
        typer.Option(
            "--count-with", metavar="[provider]", rich_help_panel=options.ASSUMPTIONS,
            help="provider: also query the server at --endpoint for its own count (Anthropic, Gemini, vLLM).",
        ),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint", metavar="URL", rich_help_panel=options.ASSUMPTIONS,
            help="The base URL of the server that counts; keys come from the environment.",
        ),
    ] = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
) -> None:  # fmt: skip
    """Show where the tokens of a prompt go: counted, estimated, recorded, the difference, the price and the verdict.

    A figure with ~ is an estimate and carries its band; without, it is exact.
    """
    from ctxdebug.commands.budget import BudgetCall, show_budget

    request = BudgetCall(
        capture, exchange, tuple(what_if or ()), count_with, endpoint, report_formats(formats, ("text", "json")),
        tuple(outputs or ()),
    )  # fmt: skip
    show_budget(request, run_options(call.config(), call))
