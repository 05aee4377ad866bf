"""Checks that count, one file for each family; a check is a function of a constraint and an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ctxdebug.analysis.constraints.checks import actions, acts, form, placement, shapes, size, wording
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance
from ctxdebug.analysis.constraints.constraint import Constraint

Check: TypeAlias = Callable[[Constraint, Answer], Compliance]

CHECKS: dict[str, Check] = {
    **form.CHECKS,
    **size.CHECKS,
    **wording.CHECKS,
    **placement.CHECKS,
    **actions.CHECKS,
    **acts.CHECKS,
    **shapes.CHECKS,
}
"""Constraint type to its check."""
