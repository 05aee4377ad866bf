"""`ctxdebug eval`: run the fixtures, recorded or live, with statistics."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, completion, options
from ctxdebug.commands.run_options import split

LIVE, COMPARING, RECORDS = "Live runs", "Comparing", "Recorded runs"


@app.command(short_help="run the fixtures: recorded, or live with statistics")
def eval(  # noqa: A001  (the command's name)
    paths: options.Cases = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint",
            metavar="URL",
            rich_help_panel=LIVE,
            help="Query this endpoint, e.g. https://api.openai.com/v1; without it, stored answers are evaluated.",
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="MODEL",
            rich_help_panel=LIVE,
            autocompletion=completion.models,
            help="Query this model (default: the one that each case names).",
        ),
    ] = None,
    key_env: Annotated[
        str | None,
        typer.Option(
            "--key-env",
            metavar="NAME",
            rich_help_panel=LIVE,
            help="The environment variable with the key (default OPENAI_API_KEY or ANTHROPIC_API_KEY).",
        ),
    ] = None,
    repeat: Annotated[
        int | None,
        typer.Option("--repeat", metavar="N", rich_help_panel=LIVE, min=1, help="Run every case so many times."),
    ] = None,
    stop: Annotated[
        str | None,
        typer.Option(
            "--stop",
            metavar="[auto]",
            rich_help_panel=LIVE,
            help="auto (the default without --repeat): stop each case as soon as its verdict is clear.",
        ),
    ] = None,
    pass_rate: Annotated[
        float | None,
        typer.Option(
            "--pass-rate", metavar="RATE", min=0.01, max=1.0, help="The rate to prove, instead of each case's own."
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            "--budget",
            metavar="CALLS,USD",
            rich_help_panel=LIVE,
            help="The most calls (200), the most money (2.50usd), or both; default 1000 calls and 10 USD. No case can raise it.",
        ),
    ] = None,
    concurrency: Annotated[
        int,
        typer.Option(
            "--concurrency", metavar="N", rich_help_panel=LIVE, min=1, max=100, help="Requests in flight at a time."
        ),
    ] = 8,
    rate: Annotated[
        float | None,
        typer.Option("--rate", metavar="N", rich_help_panel=LIVE, min=0.1, help="The most requests per minute."),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option("--timeout", metavar="SECONDS", rich_help_panel=LIVE, min=0.1, help="Seconds for one answer."),
    ] = 120.0,
    retries: Annotated[
        int,
        typer.Option(
            "--retries", metavar="N", rich_help_panel=LIVE, min=0, max=20, help="Retries on transient errors."
        ),
    ] = 4,
    stream: Annotated[bool, typer.Option("--stream", rich_help_panel=LIVE, help="Request streamed answers.")] = False,
    judge: Annotated[
        str | None,
        typer.Option(
            "--judge",
            metavar="MODEL",
            rich_help_panel=LIVE,
            help="The model, at the same endpoint, that decides LLM-judge expectations.",
        ),
    ] = None,
    recorded: Annotated[
        str | None,
        typer.Option(
            "--recorded",
            metavar="RUN",
            rich_help_panel=RECORDS,
            help="Evaluate the answers of an earlier live run, offline.",
        ),
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(
            "--resume",
            metavar="RUN",
            rich_help_panel=RECORDS,
            help="Continue an earlier live run: query only for what is missing.",
        ),
    ] = None,
    run_name: Annotated[
        str | None,
        typer.Option(
            "--run",
            metavar="NAME",
            rich_help_panel=RECORDS,
            help="The name under which answers are kept in .ctxdebug/runs.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="MODEL|RUN",
            rich_help_panel=COMPARING,
            help="Compare with this model, or with an earlier run: which cases got worse?",
        ),
    ] = None,
    ab_check: Annotated[
        bool,
        typer.Option(
            "--ab-check",
            rich_help_panel=COMPARING,
            help="With --against a model: run the baseline twice first, and say whether the canary would have fired.",
        ),
    ] = False,
    findings: Annotated[
        bool,
        typer.Option("--findings", help="On stored answers: the detectors must also find again what each case says."),
    ] = False,
    allow_undecided: Annotated[
        bool, typer.Option("--allow-undecided", help="Exit 0 where cases are undecided and none fails.")
    ] = False,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            rich_help_panel=options.OUTPUT,
            help="text, json or junit; repeatable, each with its --output.",
        ),
    ] = None,
    outputs: options.Outputs = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    local_rules: options.LocalRules = False,
    config_file: options.ConfigFile = None,
) -> None:
    """Run the frozen cases and say what the runs prove: PASS, FAIL or UNDECIDED.

    Exits 0 when all pass, 1 when one fails, 2 when one cannot be read, 3 when an answer never came (that is no
    verdict), 4 when the runs do not suffice, 130 on Ctrl-C; what was answered until then is kept.
    """
    from ctxdebug.commands.eval import EvalCall, evaluate_cases
    from ctxdebug.commands.run_options import RunCall

    call = RunCall(config_file=config_file, local_rules=local_rules)
    request = EvalCall(
        tuple(paths or ()), endpoint, model, key_env, repeat, stop, pass_rate, budget, concurrency, rate, timeout, retries, stream, judge,
        recorded, resume, run_name, against, ab_check, allow_undecided, split(formats), tuple(outputs or ()), quiet, findings,
    )  # fmt: skip
    raise typer.Exit(evaluate_cases(request, call))
