"""`ctxdebug case`: look cases over, prove them again, show and list them."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, completion, options
from ctxdebug.cli.program import Program

case = Program(no_args_is_help=True, help="Manage eval cases.")
app.add_typer(case, name="case")


@case.command()
def lint(paths: options.Cases = None, config_file: options.ConfigFile = None) -> None:
    """Check that every case can be read: schema, texts and their hashes, known rules, no secrets. Exits 2 on a flaw."""
    from ctxdebug.commands.case import lint_cases

    raise typer.Exit(lint_cases(paths, config_file))


@case.command()
def verify(
    paths: options.Cases = None,
    lint_first: Annotated[bool, typer.Option("--lint", help="Check the files first, as `case lint` does.")] = False,
    local_rules: options.LocalRules = False,
    config_file: options.ConfigFile = None,
) -> None:
    """Prove that every case fails on its bad answer and passes on its good one. Exits 1 when one does not."""
    from ctxdebug.commands.case import lint_cases, verify_cases

    flawed = lint_cases(paths, config_file) if lint_first else 0
    raise typer.Exit(flawed or verify_cases(paths, config_file, local_rules=local_rules))


@case.command()
def show(
    path: Annotated[
        str, typer.Argument(metavar="CASE", autocompletion=completion.cases, help="A case file, or a case's id.")
    ],
    config_file: options.ConfigFile = None,
) -> None:
    """Show one case: what was asked, what went wrong, what is expected."""
    from ctxdebug.commands.case import show_case

    raise typer.Exit(show_case(path, config_file))


@case.command(name="list")
def list_(paths: options.Cases = None, config_file: options.ConfigFile = None) -> None:
    """List the cases, one a line: id, model, rule, expectation."""
    from ctxdebug.commands.case import list_cases

    raise typer.Exit(list_cases(paths, config_file))


@case.command()
def survey(
    paths: options.Cases = None,
    captures: Annotated[
        list[str] | None,
        typer.Option(
            "--captures",
            metavar="PATH",
            help="Captures of live traffic to hold the cases against (default: the project's). Repeatable.",
        ),
    ] = None,
    fail_on: options.FailOn = None,
    config_file: options.ConfigFile = None,
) -> None:
    """Look at all cases and the live captures together: drift, gaps, failures without a case, cases never run."""
    from ctxdebug.commands.case import survey_cases

    raise typer.Exit(survey_cases(paths, captures, fail_on or "error", config_file))


@case.command(name="judge-check")
def judge_check(
    paths: options.Cases = None,
    judge: Annotated[
        str,
        typer.Option("--judge", metavar="URL", help="The endpoint to ask; - sends nothing and replays --judge-record."),
    ] = "-",
    judge_model: Annotated[
        str | None,
        typer.Option("--judge-model", metavar="MODEL", autocompletion=completion.models, help="The model that judges."),
    ] = None,
    judge_record: Annotated[
        str | None,
        typer.Option(
            "--judge-record",
            metavar="PATH",
            help="Where the judge's replies are kept, so that the check can be repeated offline.",
        ),
    ] = None,
    config_file: options.ConfigFile = None,
) -> None:
    """Measure an LLM judge on the cases, whose good and bad answers are known. Exits 0 when a gate may believe it.

    Exits 1 when it agrees with too few of them, 3 when it cannot be asked, 4 when too few are known to tell.
    """
    from ctxdebug.commands.judge_check import check_judge_on_cases
    from ctxdebug.commands.run_options import asked_judge
    from ctxdebug.config import load_config

    asked = asked_judge(judge, judge_model, judge_record)
    raise typer.Exit(check_judge_on_cases(paths, asked, load_config(config_file)))
