"""Kinds of instructions, each a file: phrasings as data, a check, and answers that keep and break it."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.kinds.kind import Kind


def _found() -> tuple[Kind, ...]:
    found: list[Kind] = []
    for module in sorted(module.name for module in iter_modules(__path__)):
        found += getattr(import_module(f"{__name__}.{module}"), "KINDS", ())
    return tuple(found)


KINDS: tuple[Kind, ...] = _found()
"""Every kind of every module here."""
