"""Closer looks at one case, for `inspect --constraints`, `--injection`, `--sources`: one file, one view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ctxdebug.engine import Examined
from ctxdebug.registry import Registry

Show: TypeAlias = Callable[[Examined, int], str]


@dataclass(frozen=True, slots=True)
class View:
    """A view's name and its text for a terminal of a given width, already made safe to print."""

    name: str
    show: Show


VIEWS: Registry[View] = Registry("ctxdebug.reports.views", lambda entry: entry.name)


def view(name: str) -> Callable[[Show], Show]:
    """Sign a view in."""

    def sign_in(show: Show) -> Show:
        VIEWS.add(View(name, show))
        return show

    return sign_in
