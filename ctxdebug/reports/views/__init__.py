"""Closer looks at one case, for `inspect --constraints`, `--injection`, `--sources` and for JSON: one file, one view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ctxdebug.engine.report import Examined
from ctxdebug.records import record
from ctxdebug.registry import Registry

Show: TypeAlias = Callable[[Any, int], str]
Values: TypeAlias = Callable[[Examined], Any]


@record(frozen=True, slots=True)
class View:
    """A view: its content as plain values, and those values as text for a terminal of a given width, safe to print."""

    name: str
    values: Values
    show: Show


VIEWS: Registry[View] = Registry("ctxdebug.reports.views", lambda entry: entry.name)


def view(name: str, values: Values) -> Callable[[Show], Show]:
    """Register a view, by the function that shows its values."""
    return VIEWS.register(lambda show: View(name, values, show))


def content(name: str, examined: Examined) -> Any:
    """Return a view's values; None when the pass behind it broke (the engine has told that as a problem of ours)."""
    try:
        return VIEWS.all()[name].values(examined)
    except Exception:  # noqa: BLE001 - a broken pass must not take the report with it
        return None


def text(name: str, examined: Examined, width: int) -> str:
    """Return a view as text, also when the pass behind it broke."""
    values = content(name, examined)
    return (
        f" {name}: could not be drawn up; see the problems\n"
        if values is None
        else VIEWS.all()[name].show(values, width)
    )
