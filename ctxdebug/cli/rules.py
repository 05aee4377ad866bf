"""`ctxdebug rules`: the catalogue by family, with its row of the translation table, and the project's own rules."""

from __future__ import annotations

from typing import Annotated

import typer

from ctxdebug.cli import app, options
from ctxdebug.cli.program import examples
from ctxdebug.commands.run_options import RunCall, run_options

_EXAMPLES = examples(
    ("ctxdebug rules", "every rule, the project's own ones last"),
    ("ctxdebug rules --test", "run the examples of the project's own rules"),
    ("ctxdebug rules --test --local-rules", "those of its Python rules too"),
)


@app.command(short_help="every rule, by family", epilog=_EXAMPLES)
def rules(
    test: Annotated[
        bool, typer.Option("--test", help="Run the Bad and Good examples of the project's own rules instead.")
    ] = False,
    local_rules: options.LocalRules = False,
    config_file: options.ConfigFile = None,
) -> None:
    """List every rule by family, with the row of the translation table that the family stands for, and the project's own rules.

    With --test, each of the project's rules must find something in its Bad examples and nothing in its Good ones. Exits 1
    when one does not, 4 when some could not be run, else 0.
    """
    from ctxdebug.commands.rules import list_rules, try_examples

    call = RunCall(config_file=config_file, local_rules=local_rules)
    asked = run_options(call.config(), call)
    raise typer.Exit(try_examples(asked) if test else list_rules(asked.own_rules))
