"""Instructions of a text: find them, check an answer against them, and see which contradict each other."""

from __future__ import annotations

from ctxdebug.analysis.constraints.constraint import Constraint, Scope, Strength, Target
from ctxdebug.analysis.constraints.extraction import extract
from ctxdebug.analysis.constraints.verdict import Outcome, Verdict
from ctxdebug.analysis.constraints.verification import verify

__all__ = ["Constraint", "Outcome", "Scope", "Strength", "Target", "Verdict", "extract", "verify"]
