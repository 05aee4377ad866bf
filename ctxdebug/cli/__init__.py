"""The command line: one file, one command. It prints and exits; the logic is below."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ctxdebug import __version__
from ctxdebug.cli.program import GENERAL, Program

_ORDER = ("inspect", "session", "check", "scan", "report", "capture", "watch", "budget", "diff", "freeze", "case", "eval", "export", "mutate", "gate",
    "shrink", "blame", "fix", "share", "explain", "rules", "formats", "init", "doctor", "cache", "mcp", "agent")  # fmt: skip
_PARTS = frozenset({"options", "program", "completion"})
"""Modules that declare no command."""

app = Program(
    name="ctxdebug",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 clean · 1 findings at or above the gate, or failed evals · 2 usage, or something was not read · "
    "3 provider or network error · 4 undecided · 130 interrupted.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ctxdebug {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, rich_help_panel=GENERAL, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Debug LLM context failures: what was sent, what was lost, whose instructions counted, what supports the answer.

    Start with `ctxdebug CAPTURE` (short for `ctxdebug inspect CAPTURE`) on one failing exchange: JSON, JSONL, a cassette,
    a trace export; `ctxdebug formats` lists what is read. `ctxdebug check PATH…` does the same for many files, one line a
    finding, for hooks and CI. `ctxdebug freeze` turns a failing exchange into a verified eval fixture, `ctxdebug eval`
    runs the fixtures. Everything works offline; captured text is never executed, rendered or sent anywhere.
    """


def _commands() -> list[str]:
    """Return the modules that declare a command, in the order in which the help lists them."""
    found = {module.name for module in pkgutil.iter_modules(__path__)} - _PARTS
    return [name for name in _ORDER if name in found] + sorted(found.difference(_ORDER))


def command_line(words: Sequence[str] = ()) -> Program:
    """Return the program with the command that `words` begin with; with every command where no module has its name."""
    known = _commands()
    for name in words[:1] if words[:1] and words[0] in known else known:
        importlib.import_module(f"{__name__}.{name}")
    places = {name: place for place, name in enumerate(known)}
    app.registered_commands.sort(key=lambda info: places[_module(info.callback)])
    app.registered_groups.sort(key=lambda info: places.get(info.name or "", len(places)))
    return app


def _module(declared: Any) -> str:
    return str(declared.__module__).rpartition(".")[2]
