"""Check an answer against a constraint, where counting decides it; everything else is listed with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.checks import CHECKS
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, unchecked
from ctxdebug.analysis.constraints.kinds import KINDS
from ctxdebug.analysis.constraints.selection.judging import judged
from ctxdebug.records import replace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ctxdebug.analysis.constraints.constraint import Constraint
    from ctxdebug.model import ToolCall

_CHECKS = {**CHECKS, **{kind.type: kind.check for kind in KINDS}}
"""Every constraint type that is checked, to its check."""


def verify(
    constraint: Constraint, answer: str | Answer, *, tool_calls: Sequence[ToolCall] = (), question: str = ""
) -> Compliance:
    """Judge what an answer is worth against one constraint.

    `tool_calls` are the calls of the turn, in order; `question` is what the user said. A constraint that
    is conditional, or not about the response, is `unchecked`. An answer without text that only calls
    tools is `not applicable` for what is asked of the text.
    """
    given = answer if isinstance(answer, Answer) else Answer(answer, tool_calls, question)
    if constraint.when is not None and (applies := constraint.when.holds(given.question)) is not None:
        if not applies:
            return Compliance(Outcome.NOT_APPLICABLE, f"its condition does not hold: “{constraint.when.text}”")
        constraint = replace(constraint, condition=None)
    reason = constraint.unchecked
    if reason is not None:
        return unchecked(reason)
    if constraint.of_calls:
        return _CHECKS[constraint.type](constraint, given)
    if not given.stripped and given.calls:
        return Compliance(Outcome.NOT_APPLICABLE, "the model called tools and did not answer yet")
    check = _CHECKS[constraint.type]
    return judged(constraint, given, check) if constraint.parts else check(constraint, given)
