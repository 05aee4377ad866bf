"""`ctxdebug gate`: check and recorded eval, one verdict."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, completion, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, report_formats, run_options

_EXAMPLES = examples(
    ("ctxdebug gate", "the captures and cases of the configuration"),
    ("ctxdebug gate captures/ --cases fixtures/cases", ""),
    ("ctxdebug gate --format sarif -o out.sarif --format markdown -o summary.md", ""),
)


@app.command(short_help="check and recorded eval, one verdict", epilog=_EXAMPLES)
@shared(options.rules, options.assumptions, options.judge, options.reading)
def gate(
    call: RunCall,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH…]", help="Captures, or folders of captures (default: the configuration's)."),
    ] = None,
    cases: Annotated[
        list[str] | None,
        typer.Option(
            "--cases", metavar="PATH", rich_help_panel=options.READING, autocompletion=completion.cases,
            help="Case files or folders (default: the configuration's, where they exist). Repeatable.",
        ),
    ] = None,
    fail_on: options.FailOn = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    baseline: options.BaselineFile = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", rich_help_panel=options.OUTPUT, help="Only the last line.")
    ] = False,
) -> None:  # fmt: skip
    """Check the captures, run the recorded cases, and give one verdict by the policy in the configuration's gate table.

    The policy: the lowest severity and confidence that fail, the most prompt tokens, cost and latency of an exchange, the
    least share of recorded cases that pass, families that need a case. The table goes to standard output; --format text,
    markdown and json begin with it, any other format is the check's report. Offline, unless --judge names an endpoint; an LLM judge
    that `ctxdebug case judge-check` found wrong too often fails nothing. Exits 0 pass, 1 fail, 2 something was not read,
    3 the judge cannot be asked, 4 undecided.
    """
    from ctxdebug.commands.gate import GateCall, run_gate

    chosen = report_formats(formats)
    config = call.config()
    request = GateCall(
        tuple(paths or config.captures), tuple(cases or ()), chosen, tuple(outputs or ()),
        fail_on or config.gate.fail_on or config.fail_on, baseline, quiet,
    )  # fmt: skip
    raise typer.Exit(run_gate(request, run_options(config, call), config))
