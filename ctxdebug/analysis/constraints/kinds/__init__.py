"""Kinds of instructions, each a file: phrasings as data, a check, and answers that keep and break it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ctxdebug.registry import modules

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.kinds.kind import Kind


def _found() -> tuple[Kind, ...]:
    found: list[Kind] = []
    for module in modules(__name__):
        found += getattr(import_module(module), "KINDS", ())
    return tuple(found)


KINDS: tuple[Kind, ...] = _found()
"""Every kind of every module here."""
