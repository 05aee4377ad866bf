"""`ctxdebug eval`: run the fixtures, recorded or live, with statistics."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.commands import run_options


@app.command(short_help="run the fixtures: recorded, or live with statistics")
def eval(  # noqa: A001  (the command's name)
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Case files, folders of them, or ids (default: the project's cases)."),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint",
            help="Ask this endpoint, e.g. https://api.openai.com/v1; without it, stored answers are judged.",
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Ask this model (default: the one that each case names).")
    ] = None,
    key_env: Annotated[
        str | None,
        typer.Option(
            "--key-env", help="The environment variable with the key (default OPENAI_API_KEY or ANTHROPIC_API_KEY)."
        ),
    ] = None,
    repeat: Annotated[int | None, typer.Option("--repeat", min=1, help="Ask every case so many times.")] = None,
    stop: Annotated[
        str | None,
        typer.Option(
            "--stop", help="auto (the default without --repeat): stop each case as soon as its verdict is clear."
        ),
    ] = None,
    pass_rate: Annotated[
        float | None,
        typer.Option("--pass-rate", min=0.01, max=1.0, help="The rate to prove, instead of each case's own."),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option("--budget", help="The most calls (200), or the most money (2.50usd), that the run may cost."),
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=100, help="Questions under way at a time.")
    ] = 8,
    rate: Annotated[float | None, typer.Option("--rate", min=0.1, help="The most questions per minute.")] = None,
    timeout: Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds for one answer.")] = 120.0,
    retries: Annotated[
        int, typer.Option("--retries", min=0, max=20, help="How often a passing fault is tried again.")
    ] = 4,
    stream: Annotated[bool, typer.Option("--stream", help="Ask for streamed answers.")] = False,
    judge: Annotated[
        str | None, typer.Option("--judge", help="The model, at the same endpoint, that decides `judge` expectations.")
    ] = None,
    recorded: Annotated[
        str | None, typer.Option("--recorded", help="Judge the answers of an earlier live run, offline.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option("--resume", help="Go on with an earlier live run: ask only for what is missing.")
    ] = None,
    run_name: Annotated[
        str | None, typer.Option("--run", help="The name under which answers are kept in .ctxdebug/runs.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option("--against", help="Compare with this model, or with an earlier run: which cases got worse?"),
    ] = None,
    ab_check: Annotated[
        bool,
        typer.Option(
            "--ab-check",
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
        typer.Option("--format", help="text, json or junit; repeatable, each with its --output."),
    ] = None,
    outputs: options.Outputs = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    config_file: options.ConfigFile = None,
) -> None:
    """Run the frozen cases and say what the runs prove: PASS, FAIL or UNDECIDED.

    Exits 0 when all pass, 1 when one fails, 2 when one cannot be read, 3 when an answer never came (that is no
    verdict), 4 when the runs do not suffice, 130 on Ctrl-C; what was answered until then is kept.
    """
    from ctxdebug.commands.eval import EvalCall, evaluate_cases
    from ctxdebug.config import load_config

    request = EvalCall(
        tuple(paths or ()), endpoint, model, key_env, repeat, stop, pass_rate, budget, concurrency, rate, timeout, retries, stream, judge,
        recorded, resume, run_name, against, ab_check, allow_undecided, run_options.split(formats), tuple(outputs or ()), quiet, findings,
    )  # fmt: skip
    raise typer.Exit(evaluate_cases(request, load_config(config_file)))
