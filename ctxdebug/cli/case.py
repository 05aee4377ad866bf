"""`ctxdebug case`: look cases over, prove them again, show and list them."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, completion, options
from ctxdebug.cli.program import Program

case = Program(no_args_is_help=True, help="Manage eval cases.")
app.add_typer(case, name="case")

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[CASE…]",
        autocompletion=completion.cases,
        help="Case files, folders of them, or ids (default: the project's cases).",
    ),
]


@case.command()
def lint(paths: Paths = None, config_file: options.ConfigFile = None) -> None:
    """Check that every case can be read: schema, texts and their hashes, known rules, no secrets. Exits 2 on a flaw."""
    from ctxdebug.commands.case import lint_cases

    raise typer.Exit(lint_cases(paths, config_file))


@case.command()
def verify(
    paths: Paths = None,
    lint_first: Annotated[bool, typer.Option("--lint", help="Check the files first, as `case lint` does.")] = False,
    config_file: options.ConfigFile = None,
) -> None:
    """Prove that every case fails on its bad answer and passes on its good one. Exits 1 when one does not."""
    from ctxdebug.commands.case import lint_cases, verify_cases

    flawed = lint_cases(paths, config_file) if lint_first else 0
    raise typer.Exit(flawed or verify_cases(paths, config_file))


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
def list_(paths: Paths = None, config_file: options.ConfigFile = None) -> None:
    """List the cases, one a line: id, model, rule, expectation."""
    from ctxdebug.commands.case import list_cases

    raise typer.Exit(list_cases(paths, config_file))


@case.command()
def survey(
    paths: Paths = None,
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
