"""`ctxdebug check`: many captures, one line a finding, an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall

_EXAMPLES = examples(
    ("ctxdebug check captures/", "one line a finding"),
    ("ctxdebug check captures/ --select MEM,LRC3 --fail-on warning", ""),
    ("ctxdebug check captures/ -o report.sarif -o report.html", "the file's name tells the format"),
    ("ctxdebug check captures/ --since origin/main", "only captures that changed"),
    ("ctxdebug check captures/ --write-baseline", "what is there is known from now on"),
    ("cat log.jsonl | ctxdebug check -", "from a pipe"),
)


@app.command(short_help="many captures, one line a finding, an exit code", epilog=_EXAMPLES)
@shared(options.rules, options.assumptions, options.facts, options.judge, options.reading)
def check(
    call: RunCall,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Captures, or folders of captures; - for standard input.")
    ],
    fail_on: options.FailOn = None,
    formats: options.Formats = None,
    outputs: options.Outputs = None,
    json_version: options.JsonVersion = 2,
    max_findings: Annotated[
        int | None,
        typer.Option(
            "--max-findings", min=0, metavar="N", rich_help_panel=options.OUTPUT,
            help="Print at most so many findings as text; the others are counted. The exit code stays the same.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="REV", rich_help_panel=options.READING,
            help="Only captures that changed since this git revision, or are new.",
        ),
    ] = None,
    processes: Annotated[
        str,
        typer.Option(
            "--jobs", "-j", metavar="[N|auto]", rich_help_panel=options.READING,
            help="Examine with so many processes; auto: as many as there are processors and captures for. The report is the same.",
        ),
    ] = "1",
    cache: Annotated[
        bool,
        typer.Option(
            "--cache", rich_help_panel=options.READING,
            help="In a CI job too, answer from the kept result where neither the captures nor ctxdebug changed.",
        ),
    ] = False,
    baseline: options.BaselineFile = None,
    write_baseline: Annotated[
        bool,
        typer.Option(
            "--write-baseline", rich_help_panel=options.OUTPUT,
            help="Take everything that is found as known, and write it to the baseline.",
        ),
    ] = False,
    quiet: options.Quiet = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", rich_help_panel=options.OUTPUT,
            help="Say what was not checked, what was passed over, and why.",
        ),
    ] = False,
) -> None:  # fmt: skip
    """Check captures and print one line a finding: path:line:col: CODE severity name: message.

    Without --format, a file's name tells the format of its --output; in a GitHub or GitLab job the report is annotations
    or code quality; otherwise it is text, which a terminal groups by file (--format concise does not). Findings in the
    baseline and those that the configuration ignores are counted, not shown. The same call over unchanged files is answered
    from the user's cache (not in CI; --no-cache). Exits 1 when a finding reaches --fail-on,
    2 when something was not read or nothing was examined, 0 otherwise.
    """
    from ctxdebug.commands.check import CheckCall
    from ctxdebug.commands.check import check as made
    from ctxdebug.commands.known_words import learn

    if cache and call.no_cache:
        raise typer.BadParameter("--cache and --no-cache contradict each other")
    request = CheckCall(
        tuple(paths), _several(formats), _several(outputs), fail_on, quiet, verbose, baseline, write_baseline, since,
        max_findings, json_version, processes,
    )  # fmt: skip
    learn(sys.argv[1:], call, request)
    raise typer.Exit(made(call, request))


def _several(values: list[str] | None) -> tuple[str, ...]:
    return tuple(values or ())
