"""Directives in text that nobody with authority wrote: found by how they read, judged by where they stand."""

from __future__ import annotations

from ctxdebug.analysis.directives.assessment import directives, provenance, undelimited
from ctxdebug.analysis.directives.attacks import Attack, attacks
from ctxdebug.analysis.directives.directive import Action, Addressee, Directive, Found, Grade, Obedience, Passage
from ctxdebug.analysis.directives.examined import SegmentReading, segment_readings
from ctxdebug.analysis.directives.known import TracedValue
from ctxdebug.analysis.directives.lifting import overrides
from ctxdebug.analysis.directives.poisoning import ToolInstruction, tool_instructions

__all__ = [
    "Action",
    "Addressee",
    "Attack",
    "Directive",
    "Found",
    "Grade",
    "Obedience",
    "Passage",
    "SegmentReading",
    "ToolInstruction",
    "TracedValue",
    "attacks",
    "directives",
    "overrides",
    "provenance",
    "segment_readings",
    "tool_instructions",
    "undelimited",
]
