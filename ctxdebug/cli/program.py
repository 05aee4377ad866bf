"""The program's shape: options that every command has, `ctxdebug FILE`, and near misses of commands."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from ctxdebug.commands.run_options import RunCall
from ctxdebug.commands.terminal import COLOR, set_color
from ctxdebug.errors import ClosedOutputError, StoppedError, UsageError
from ctxdebug.redaction.output import show_secrets
from ctxdebug.text.nearest import did_you_mean

F = TypeVar("F", bound=Callable[..., Any])

GENERAL = "General"
_DEFAULT = "inspect"
"""The command that a path without a command means."""


def _general() -> list[Any]:
    """Return the options that every command has; what they set is read by the terminal and by `main`."""
    return [
        TyperOption(
            param_decls=["--color"], metavar=f"[{'|'.join(COLOR)}]", expose_value=False, is_eager=True,
            callback=lambda *given: _color(given[-1]), rich_help_panel=GENERAL,
            autocompletion=lambda *given: [word for word in COLOR if word.startswith(given[-1])],
            help="Colour and links: auto follows the terminal, NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE.",
        ),
        TyperOption(
            param_decls=["--show-secrets"], is_flag=True, expose_value=False, default=False, is_eager=True,
            callback=lambda *given: show_secrets(bool(given[-1])), rich_help_panel=GENERAL,
            help="Show keys, tokens and passwords of captures as they are; by default they are masked in every output.",
        ),
        TyperOption(
            param_decls=["--traceback"], is_flag=True, expose_value=False, default=False, rich_help_panel=GENERAL,
            help="Show where ctxdebug itself failed, for a bug report.",
        ),
    ]  # fmt: skip


def _color(value: str | None) -> None:
    if value is not None:
        set_color(value)


class Command(TyperCommand):
    """A command with the options that every command has."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params = [*map(_without_type, self.params), *_general()]


def _without_type(parameter: Any) -> Any:
    """Return an argument whose help shows its own word (PATH), and no `<str>` beside it."""
    if parameter.param_type_name == "argument":
        parameter.type = copy(parameter.type)
        parameter.type.get_metavar = lambda *_, **__: ""
    return parameter


class Commands(TyperGroup):
    """A group of commands that takes a path for `inspect` of it, and names the nearest command to a misspelt one."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.params = [*self.params, *_general()]

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that the first word means, and the words for it."""
        word = args[0]
        if word in self.commands or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        if _DEFAULT in self.commands and _is_path(word):
            return _DEFAULT, self.commands[_DEFAULT], args
        raise UsageError(f"there is no command {word!r}{did_you_mean(word, self.commands)}")

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what typer would turn into exit 1 stays what it is."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise StoppedError("") from None
        except BrokenPipeError:
            raise ClosedOutputError("the reader of the output has gone") from None


def _is_path(word: str) -> bool:
    """Whether a word is, or is meant to be, a path."""
    if word == "-" or os.sep in word or Path(word).suffix:
        return True
    try:
        return Path(word).exists()
    except (OSError, ValueError):
        return False


class Program(typer.Typer):
    """A typer application whose commands all have the general options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=Commands, pretty_exceptions_enable=False, rich_markup_mode="rich", **settings)

    def command(self, *arguments: Any, **settings: Any) -> Callable[[F], F]:
        """Declare a command; its docstring is its help, a paragraph a line of its own."""
        declare: Callable[..., Callable[[F], F]] = super().command

        def declared(function: F) -> F:
            return declare(*arguments, cls=Command, help=_help(function), **settings)(function)

        return declared

    def callback(self, *arguments: Any, **settings: Any) -> Callable[[F], F]:
        """Declare what stands before the commands; its docstring is the program's help."""
        declare: Callable[..., Callable[[F], F]] = super().callback
        return lambda function: declare(*arguments, help=_help(function), **settings)(function)


def _help(function: Callable[..., Any]) -> str:
    pages = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(page.split()) for page in pages)


def shared(
    *groups: dict[str, tuple[Any, Any]], into: type[Any] = RunCall
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of `groups` (name → annotation and default) in place of its parameter of the type `into`."""
    options = {name: option for group in groups for name, option in group.items()}

    def expand(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function, eval_str=True)
        (call,) = (name for name, parameter in own.parameters.items() if parameter.annotation is into)
        kept = [parameter for name, parameter in own.parameters.items() if name != call]
        added = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, (annotation, default) in options.items()
        ]

        def command(**values: Any) -> None:
            taken = {name: values.pop(name) for name in options}
            function(**values, **{call: into.of(**taken)})

        command.__name__, command.__doc__, command.__module__ = function.__name__, function.__doc__, function.__module__
        every = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*kept, *added)]
        vars(command)["__signature__"] = own.replace(parameters=every)
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in every} | {"return": None}
        return command

    return expand


def examples(*lines: tuple[str, str]) -> str:
    """Return an epilog of command lines, each with what it is for."""
    return "\n\n".join(["Examples:", *(f"{line}   ({why})" if why else line for line, why in lines)])
