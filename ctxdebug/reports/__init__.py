"""Ways to tell somebody: one file, one format, each a pure function `Report -> str`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias

from ctxdebug.engine.report import Examined, Report
from ctxdebug.records import record
from ctxdebug.registry import Registry

Render: TypeAlias = Callable[[Report], str]


class Parts(Protocol):
    """A report that is written exchange by exchange, so that neither exchanges nor their text have to be kept in memory."""

    def take(self, examined: Examined) -> None:
        """Write the part of one exchange, as soon as it is examined."""

    def pieces(self, report: Report) -> Iterator[str]:
        """Yield the text of the report: the parts that were taken, in their order, and what the report says of them all."""


@record(frozen=True, slots=True)
class Format:
    """A report format. `needs_exchanges`: the report must keep the examined exchanges, or `parts` must take each as it comes."""

    name: str
    about: str
    render: Render
    needs_exchanges: bool = False
    parts: Callable[[], Parts] | None = None


REPORT_FORMATS: Registry[Format] = Registry("ctxdebug.reports", lambda entry: entry.name)


def report_format(
    name: str, about: str, *, needs_exchanges: bool = False, parts: Callable[[], Parts] | None = None
) -> Callable[[Render], Render]:
    """Register a report format."""
    return REPORT_FORMATS.register(lambda render: Format(name, about, render, needs_exchanges, parts))
