"""`ctxdebug check`: many captures, one line a finding, an exit code."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.commands import run_options

_EXAMPLES = """\b
Examples:
  ctxdebug check captures/                                 one line a finding
  ctxdebug check captures/ --select MEM,LRC3 --fail-on warning
  ctxdebug check captures/ -o report.sarif -o report.html  the file's name says the format
  ctxdebug check captures/ --write-baseline                what is there is known from now on
  cat log.jsonl | ctxdebug check -                         from a pipe
"""


@app.command(short_help="many captures, one line a finding, an exit code", epilog=_EXAMPLES)
def check(
    paths: Annotated[list[str], typer.Argument(help="Captures, or folders of captures; - for standard input.")],
    fail_on: options.FailOn = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    select: options.Select = None,
    ignore: options.Leave = None,
    model: options.Model = None,
    window: options.Window = None,
    facts: options.Facts = None,
    judge: options.JudgeUrl = None,
    judge_model: options.JudgeModel = None,
    judge_record: options.JudgeRecord = None,
    pedantic: options.Pedantic = False,
    no_cache: options.NoCache = False,
    max_bytes: options.MaxBytes = None,
    config_file: options.ConfigFile = None,
    baseline: options.BaselineFile = None,
    write_baseline: Annotated[
        bool,
        typer.Option("--write-baseline", help="Take everything that is found as known, and write it to the baseline."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary line.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what was not checked, and why.")] = False,
) -> None:
    """Check captures and print one line a finding: path:line:col: CODE severity name: message.

    Without --format, a file's name says the format of its --output; in a GitHub or GitLab job the report is annotations or
    code quality; otherwise it is text. Known findings (--baseline) and those that the configuration ignores are counted,
    not shown. Exits 1 when a finding reaches --fail-on, 2 when something could not be read, 0 otherwise.
    """
    from ctxdebug.commands.check import CheckCall, check_paths

    report_formats, wire = run_options.report_and_wire(formats, None)
    from ctxdebug.config import load_config

    config = load_config(config_file)
    run = run_options.run_options(
        config, wire=wire, select=select, ignore=ignore, model=model, window=window, facts=facts, pedantic=pedantic,
        no_cache=no_cache, max_bytes=max_bytes,
        judge=run_options.judge_from(judge, judge_model, judge_record),
    )  # fmt: skip
    code = check_paths(
        CheckCall(
            tuple(paths),
            tuple(report_formats),
            tuple(outputs or ()),
            fail_on or config.gate.fail_on or config.fail_on,
            quiet,
            verbose,
            baseline,
            write_baseline,
        ),
        run,
        config,
    )
    raise typer.Exit(code)
