"""Instructions of a text: find them, check an answer against them, and see which contradict each other."""

from __future__ import annotations

from ctxdebug.analysis.constraints.conflicting import Conflict, conflicting, conflicts
from ctxdebug.analysis.constraints.constraint import Constraint, Scope, Strength, Target
from ctxdebug.analysis.constraints.extraction import extract
from ctxdebug.analysis.constraints.feasibility import Infeasible, infeasible
from ctxdebug.analysis.constraints.verdict import Outcome, Verdict
from ctxdebug.analysis.constraints.verification import verify

__all__ = [
    "Conflict",
    "Constraint",
    "Infeasible",
    "Outcome",
    "Scope",
    "Strength",
    "Target",
    "Verdict",
    "conflicting",
    "conflicts",
    "extract",
    "infeasible",
    "verify",
]
