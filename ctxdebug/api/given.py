"""What a caller hands over, as captures: a path, bytes, an object, rows of a table."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, TypeAlias

from ctxdebug.decoding.objects import plain, source_of, source_of_rows, table_rows, taken_rows
from ctxdebug.decoding.source import Source
from ctxdebug.engine.report import Examined, Report
from ctxdebug.engine.run import Engine, RunOptions, run, run_source
from ctxdebug.errors import LoadError, UsageError
from ctxdebug.gate.settlement import Settlement
from ctxdebug.model import Problem

OBJECT, ROWS, BYTES = "object", "rows", "bytes"
"""What captures in memory are called where the caller gives no name."""
_NOTHING = object()
Watch: TypeAlias = Callable[[Examined | Problem], None]
"""Sees what was examined as it comes."""


def is_path(given: object) -> bool:
    """Whether what was given is a path; captured text is given as bytes."""
    return isinstance(given, str | os.PathLike)


def path_text(given: Any) -> str:
    """Return a path as text."""
    return os.fsdecode(given)


def source_of_object(given: object, response: object, name: str, max_bytes: int) -> Source:
    """Return the source of an object, or of bytes, with a response where one is given beside it; raises `LoadError`."""
    if isinstance(given, bytes) and response is None:
        return Source(name or BYTES, max_bytes, held=given)
    if response is None:
        return source_of(given, name or OBJECT, max_bytes)
    request = Source(path_text(given), max_bytes).document if is_path(given) else plain(given)
    if isinstance(request, list):
        request = {"messages": request}
    return source_of({"request": request, "response": plain(response)}, name or OBJECT, max_bytes)


def examined_object(given: object, response: object, name: str, options: RunOptions, settled: Settlement) -> Report:
    """Return the report on an object or bytes; what could not be read is a problem in it."""
    try:
        source = source_of_object(given, response, name, options.load.max_bytes)
    except LoadError as error:
        return unread(Problem(name or OBJECT, error.message, error.pointer), options=options)
    return run_source(source, options, agreements=settled)


def examined_rows(
    rows: Iterable[Any], name: str, options: RunOptions, settled: Settlement, *, keep: bool, watch: Watch | None = None
) -> Report:
    """Return the report on rows; a row that could not be read is a problem in it."""
    source, problems = source_of_rows(rows, name or ROWS, options.load.max_bytes)
    if source.held == b"" and problems:
        return unread(*problems, options=options)
    report = run_source(source, options, keep=keep, agreements=settled, watch=watch)
    report.problems[:0] = problems
    return report


def unread(*problems: Problem, options: RunOptions) -> Report:
    """Return the report of a run in which nothing could be examined."""
    checked = tuple(rule.code for rule in Engine(options).rules)
    return Report(checked, options.own_rules, problems=list(problems), files=1, paths=[problems[0].path])


def examined_paths(
    paths: Iterable[Any],
    options: RunOptions,
    settled: Settlement,
    *,
    keep: bool,
    exclude: tuple[str, ...] = (),
    watch: Watch | None = None,
) -> Report:
    """Return the report on files and folders."""
    return run(
        [path_text(path) for path in paths], options, keep=keep, exclude=exclude, agreements=settled, watch=watch
    )


def paths_or_rows(given: object) -> tuple[list[Any] | None, Iterable[Any]]:
    """Return the paths that were given, or None and the rows; raises `UsageError` on what is neither.

    A list is one of paths where it begins with one. A dict, bytes or a model of an SDK is one row.
    """
    if is_path(given):
        return [given], ()
    rows = table_rows(given)
    if rows is not None:
        return None, rows
    if isinstance(given, Mapping | bytes) or callable(getattr(given, "model_dump", None)):
        return None, (given,)
    if not isinstance(given, Iterable):
        raise UsageError(f"an object of {type(given).__name__} is no path, no table and no list of rows")
    items = taken_rows(given)
    first = next(items, _NOTHING)
    if first is _NOTHING:
        return None, ()
    if not is_path(first):
        return None, chain((first,), items)
    paths = [first, *items]
    strange = next((one for one in paths if not is_path(one)), None)
    if strange is not None:
        raise UsageError(f"a list of paths has an object of {type(strange).__name__} in it")
    return paths, ()
