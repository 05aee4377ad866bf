"""Typed patterns, one file for each family of instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.families import (
    acts,
    case,
    choices,
    counts,
    format,
    grounding,
    keywords,
    language,
    layout,
    length,
    manner,
    meta,
    position,
    shapes,
    things,
    tools,
)

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.pattern import Pattern

PATTERNS: tuple[Pattern, ...] = (
    *shapes.PATTERNS,
    *format.PATTERNS,
    *layout.PATTERNS,
    *choices.PATTERNS,
    *length.PATTERNS,
    *language.PATTERNS,
    *keywords.PATTERNS,
    *counts.PATTERNS,
    *case.PATTERNS,
    *position.PATTERNS,
    *grounding.PATTERNS,
    *tools.PATTERNS,
    *acts.PATTERNS,
    *meta.PATTERNS,
    *manner.PATTERNS,
    *things.PATTERNS,
)
"""Every typed pattern."""
