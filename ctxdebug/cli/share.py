"""`ctxdebug share`: a capture for a bug report."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, completion, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, run_options, split

_EXAMPLES = examples(
    ("ctxdebug share trace.jsonl -o report.json", "by its errors and warnings"),
    ("ctxdebug share trace.jsonl --finding MEM403 -n 12", "by one finding of exchange 12, to standard output"),
)


@app.command(short_help="a minimal, redacted, defanged capture for a bug report", epilog=_EXAMPLES)
@shared(options.local_rules, options.assumptions, options.facts, options.reading)
def share(
    call: RunCall,
    capture: Annotated[str, typer.Argument(metavar="PATH", help="A capture; - for standard input.")],
    exchange: options.Exchange = None,
    findings: Annotated[
        list[str] | None,
        typer.Option(
            "--finding", metavar="RULES", autocompletion=completion.rules,
            help="Show only the findings of these rules (same syntax as --select; default: errors and warnings). Repeatable.",
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="PATH", help="The file to write (default: standard output).")
    ] = None,
) -> None:  # fmt: skip
    """Write one exchange with what its findings point at, and placeholders with the length of the rest; nothing is sent anywhere.

    Secrets and personal data are replaced, untrusted text is made harmless, and the copy is read and examined again: what
    no longer stands in it is named, with the reason, and the exit code is 1.
    """
    from ctxdebug.commands.share import ShareCall, share_capture

    config = call.config()
    request = ShareCall(capture, exchange, split(findings), output)
    raise typer.Exit(share_capture(request, run_options(config, call), config.redact.named()))
