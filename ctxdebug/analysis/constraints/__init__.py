"""Instructions of a text: find them, check an answer against them, and see which contradict each other."""

from __future__ import annotations

from ctxdebug.analysis.constraints.compliance_outcome import Compliance, Outcome
from ctxdebug.analysis.constraints.conflicting import Conflict, conflicting, conflicts
from ctxdebug.analysis.constraints.constraint import Constraint, Scope, Strength, Target
from ctxdebug.analysis.constraints.extraction import extract
from ctxdebug.analysis.constraints.feasibility import Infeasible, infeasible
from ctxdebug.analysis.constraints.verification import verify

__all__ = [
    "Compliance",
    "Conflict",
    "Constraint",
    "Infeasible",
    "Outcome",
    "Scope",
    "Strength",
    "Target",
    "conflicting",
    "conflicts",
    "extract",
    "infeasible",
    "verify",
]
