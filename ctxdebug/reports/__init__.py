"""Ways to tell somebody: one file, one format, each a pure function `Report -> str`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ctxdebug.engine.report import Report
from ctxdebug.registry import Registry

Render: TypeAlias = Callable[[Report], str]


@dataclass(frozen=True, slots=True)
class Format:
    """A report format. `needs_exchanges`: the report must keep the examined exchanges."""

    name: str
    about: str
    render: Render
    needs_exchanges: bool = False


REPORT_FORMATS: Registry[Format] = Registry("ctxdebug.reports", lambda entry: entry.name)


def report_format(name: str, about: str, *, needs_exchanges: bool = False) -> Callable[[Render], Render]:
    """Register a report format."""
    return REPORT_FORMATS.register(lambda render: Format(name, about, render, needs_exchanges))
