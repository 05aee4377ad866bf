"""Command lines of `check` whose options were understood before: the next one like them loads no parser of command lines.

What the words before the paths set is kept in the user's cache. Whatever stands after them, and does not begin with a
hyphen, is a path; any other line is parsed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.text.stored import digest_of, stored

if TYPE_CHECKING:
    from ctxdebug.commands.check import CheckCall
    from ctxdebug.commands.run_options import RunCall

_COMMAND = "check"
_PARSED = frozenset({"--no-cache", "--color", "--show-secrets", "--traceback", "--help", "-h"})
"""Options that do something while they are parsed, or that ask for nothing to be kept."""
_DECLARED_IN = [
    Path(__file__).parents[1] / "cli" / name for name in ("__init__.py", "check.py", "options.py", "program.py")
]
"""In a checkout the options may be edited."""


def understood(words: Sequence[str]) -> tuple[RunCall, CheckCall] | None:
    """Return the call that a command line makes; None where it has to be parsed."""
    if not words or words[0] != _COMMAND or not _may_be_known(words):
        return None
    from ctxdebug.result_cache.stored_tables import use_tables

    use_tables()
    first = _first_path(words)
    for end in range(first, min(first + 2, len(words))):  # an option takes one word at the most
        kept = stored("command lines", _key(words[:end]), lambda: None)
        if kept is not None:
            from ctxdebug.commands.check import CheckCall
            from ctxdebug.commands.run_options import RunCall

            run, check = kept
            return RunCall(**dict(run)), CheckCall(tuple(words[end:]), **dict(check))
    return None


def learn(words: Sequence[str], run: RunCall, check: CheckCall) -> None:
    """Keep what a command line was parsed to, for those that begin as it does."""
    end = len(words) - len(check.paths)
    if _may_be_known(words) and end >= _first_path(words) and tuple(words[end:]) == check.paths:
        plain = type(run)(), type(check)(check.paths)
        stored("command lines", _key(words[:end]), lambda: (_set_by(run, plain[0]), _set_by(check, plain[1])))


def _may_be_known(words: Iterable[str]) -> bool:
    """Whether a line may be kept; Windows has patterns of paths, which only the parser expands."""
    named = {word.partition("=")[0] for word in words}
    return os.name != "nt" and "_CTXDEBUG_COMPLETE" not in os.environ and _PARSED.isdisjoint(named)


def _first_path(words: Sequence[str]) -> int:
    """Return the place of the first word behind the command and behind all that begins with a hyphen."""
    place = len(words)
    while place > 1 and not words[place - 1].startswith("-"):
        place -= 1
    return place


def _key(words: Sequence[str]) -> tuple[bytes, ...]:
    return (digest_of(*_DECLARED_IN), *(word.encode("utf-8", "surrogateescape") for word in words))


def _set_by(call: Any, plain: Any) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a call that are not as in a plain one."""
    fields = ((name, getattr(call, name)) for name in call.__match_args__)
    return tuple((name, value) for name, value in fields if value != getattr(plain, name))
