"""`ctxdebug gate`: check and recorded eval, one verdict."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.commands import run_options

_EXAMPLES = """\b
Examples:
  ctxdebug gate                                    the captures and cases of the configuration
  ctxdebug gate captures/ --cases fixtures/cases
  ctxdebug gate --format sarif -o out.sarif --format markdown -o summary.md
"""


@app.command(short_help="check and recorded eval, one verdict", epilog=_EXAMPLES)
def gate(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Captures, or folders of captures (default: the configuration's)."),
    ] = None,
    cases: Annotated[
        list[str] | None,
        typer.Option(
            "--cases", help="Case files or folders (default: the configuration's, where they exist). Repeatable."
        ),
    ] = None,
    fail_on: options.FailOn = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    select: options.Select = None,
    ignore: options.Leave = None,
    baseline: options.BaselineFile = None,
    pedantic: options.Pedantic = False,
    no_cache: options.NoCache = False,
    max_bytes: options.MaxBytes = None,
    config_file: options.ConfigFile = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the last line.")] = False,
) -> None:
    """Check the captures, run the recorded cases, and give one verdict by the policy in [gate] of the configuration.

    The policy: the least severity and confidence that fail, the most prompt tokens, cost and latency of an exchange, the least
    share of recorded cases that hold, families that need a case. The table goes to standard output; --format text, markdown and
    json begin with it, any other format is the check's report. Offline; exits 0 pass, 1 fail, 2 something was not read,
    4 undecided.
    """
    from ctxdebug.commands.gate import GateCall, run_gate
    from ctxdebug.config import load_config

    reports, wire = run_options.report_and_wire(formats, None)
    config = load_config(config_file)
    run = run_options.run_options(
        config, wire=wire, select=select, ignore=ignore, pedantic=pedantic, no_cache=no_cache, max_bytes=max_bytes
    )
    request = GateCall(
        tuple(paths or config.captures), tuple(cases or ()), tuple(reports), tuple(outputs or ()),
        fail_on or config.gate.fail_on or config.fail_on, baseline, quiet,
    )  # fmt: skip
    raise typer.Exit(run_gate(request, run, config))
