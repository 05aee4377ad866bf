"""`ctxdebug report`: what the tables of a scan say together."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples, shared
from ctxdebug.commands.run_options import RunCall, run_options

_EXAMPLES = examples(
    ("ctxdebug report findings.parquet", "one screen"),
    ("ctxdebug report findings.parquet --html report.html", "one page, with 20 examples of each rule"),
    ("ctxdebug report canary.parquet --baseline main.parquet --fail-on-worse", "a canary against the rest"),
    ("ctxdebug report findings.parquet --max-rate MEM403=2% --max-rate error=5%", "exits 1 above a rate"),
    ("ctxdebug report findings.parquet --survey 200", "what the cases do not cover, and what drifted"),
    ("ctxdebug report findings.parquet --freeze-sample 20", "representative failures become eval cases"),
)


@app.command(short_help="what the tables of a scan say: rates, what is new, the worst sessions", epilog=_EXAMPLES)
@shared(options.assumptions, options.reading)
def report(
    call: RunCall,
    findings: Annotated[str, typer.Argument(metavar="FINDINGS", help="The findings table of `ctxdebug scan`, its other two files beside it.")],
    html: Annotated[
        str | None, typer.Option("--html", metavar="PATH", rich_help_panel=options.OUTPUT, help="Write one self-contained page.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="PATH", rich_help_panel=options.OUTPUT, help="The findings table of another scan to compare with."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DAY", rich_help_panel=options.OUTPUT,
            help="The first day of what counts as new (default: the last day there is)."),
    ] = None,
    max_rate: Annotated[
        list[str] | None,
        typer.Option(
            "--max-rate", metavar="WHAT=RATE", rich_help_panel=options.OUTPUT,
            help="Fail where more exchanges have a finding of this rule, or of this severity or above: MEM403=2%, error=0.05. Repeatable.",
        ),
    ] = None,
    fail_on_worse: Annotated[
        bool,
        typer.Option("--fail-on-worse", rich_help_panel=options.OUTPUT,
            help="Fail where the rate of a rule rose against --baseline for certain (95 %)."),
    ] = False,
    freeze_sample: Annotated[
        int,
        typer.Option(
            "--freeze-sample", min=0, metavar="N", rich_help_panel=options.OUTPUT,
            help="Freeze up to N representative failures, of every cause in turn, into eval cases.",
        ),
    ] = 0,
    survey: Annotated[
        int,
        typer.Option(
            "--survey", min=0, metavar="N", rich_help_panel=options.OUTPUT,
            help="Hold the cases against N exchanges, drawn evenly over models, prompt versions and days: drift and gaps (INS, DEM rules).",
        ),
    ] = 0,
    cases: Annotated[
        str | None, typer.Option("--cases", metavar="PATH", rich_help_panel=options.OUTPUT, help="Where cases live (default fixtures/cases).")
    ] = None,
    quiet: options.Quiet = False,
) -> None:  # fmt: skip
    """Show rates per rule, model, day and prompt version with intervals, what is new, what stands out, the worst sessions.

    A rate is of the exchanges in which the rule could look. Exits 1 where a rate is above --max-rate, or rose with
    --fail-on-worse, 0 otherwise.
    """
    from ctxdebug.commands.report import ReportCall, report_on

    config = call.config()
    request = ReportCall(
        findings,
        html,
        baseline,
        since,
        tuple(max_rate or ()),
        fail_on_worse,
        freeze_sample,
        survey,
        cases or config.cases,
        quiet,
    )
    raise typer.Exit(report_on(request, run_options(config, call), config))
