"""A debugger for LLM context failures: instrument the system instead of arguing with the model.

`inspect`, `check`, `read`, `diff` and `freeze` look at captures and objects (`docs/api.md`); `record` and `install` record
the calls of a process, and `span_exporter` its OpenTelemetry spans. What they need is loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from os import PathLike

    from ctxdebug.api.calls import check, diff, freeze, inspect, read
    from ctxdebug.api.difference import Difference
    from ctxdebug.api.frozen import FrozenCase
    from ctxdebug.api.results import Case, Report
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Finding, Problem, Severity, Snapshot
    from ctxdebug.recording.in_process.active import Recording
    from ctxdebug.recording.span_exporter import SpanExporter

__version__ = "0.2.0"
__all__ = [
    "Case", "Difference", "Finding", "FrozenCase", "Problem", "Report", "Severity", "Snapshot", "check", "diff", "freeze",
    "inspect", "install", "read", "record", "span_exporter", "uninstall",
]  # fmt: skip
_HOMES = {
    **dict.fromkeys(("check", "diff", "freeze", "inspect", "read"), "ctxdebug.api.calls"),
    **dict.fromkeys(("Case", "Report"), "ctxdebug.api.results"),
    **dict.fromkeys(("Finding", "Problem", "Severity", "Snapshot"), "ctxdebug.model"),
    "Difference": "ctxdebug.api.difference",
    "FrozenCase": "ctxdebug.api.frozen",
}
"""Where a public name is defined; the module is loaded when the name is first used."""


if not TYPE_CHECKING:  # a type checker is told of the names above, and of no other

    def __getattr__(name):
        """Return a public name, and load what it needs."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = getattr(import_module(_HOMES[name]), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})


def record(path: str | PathLike[str] = "captures", *, everything: bool = False) -> AbstractContextManager[Recording]:
    """Record the model calls of this process until the end of the `with` block.

    `path` is a folder, in which the run gets a file named after its time, or a `.jsonl` file that is appended to. Calls by
    httpx, httpx2, requests, aiohttp and botocore are recorded, in every thread, streamed or not; with `everything`, also
    those that are no calls of a model. Keys are never written. Raises `UsageError` where `path` cannot be written.
    """
    from pathlib import Path

    from ctxdebug.recording.in_process import installation

    return installation.record(Path(path), everything=everything, options=_options)


def install(path: str | PathLike[str] = "captures", *, everything: bool = False) -> Recording:
    """Record the model calls of this process from now on, as `record` does, until `uninstall()`."""
    from pathlib import Path

    from ctxdebug.recording.in_process import installation

    return installation.install(Path(path), everything=everything, options=_options)


def uninstall() -> None:
    """End what `install` began."""
    from ctxdebug.recording.in_process import installation

    installation.uninstall()


def span_exporter(path: str | PathLike[str] = "captures", *, calls: bool = True) -> SpanExporter:
    """Return an OpenTelemetry span exporter that writes model calls and retrievals to a recording.

    Without `calls`, only what retrievers returned is written: for use beside `record`, which has the calls themselves.
    """
    from pathlib import Path

    from ctxdebug.recording.span_exporter import SpanExporter

    return SpanExporter(Path(path), calls=calls)


def _options() -> RunOptions:
    """Return what the project's configuration asks of a check."""
    from ctxdebug.commands.run_options import run_options
    from ctxdebug.config import load_config

    return run_options(load_config(None))
