"""The likely cause of a case: the finding that best explains the answer, not the most severe one."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.engine.causes import explaining_the_answer
from ctxdebug.model import Confidence, Finding
from ctxdebug.questions import Question
from ctxdebug.rules import RULES

_LEAST = 20
"""Below this, a rule's fault does not explain an answer."""
_WEIGHT = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.8, Confidence.LOW: 0.3}


def likely_cause(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that explains the answer, or None when nothing does."""
    rules = RULES.all()
    ranked = sorted(
        explaining_the_answer(findings), key=lambda finding: -rules[finding.code].explains * _WEIGHT[finding.confidence]
    )
    if ranked and rules[ranked[0].code].explains * _WEIGHT[ranked[0].confidence] >= _LEAST:
        return ranked[0]
    return None


def cost_cause(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that best says why the prompts cost what they do; None where none does, or where one explains the answer.

    The answer comes first: what an exchange costs is asked where nothing is wrong with it.
    """
    if likely_cause(findings) is not None:
        return None
    rules = RULES.all()
    costly = [one for one in findings if one.question is Question.PROMPT_ECONOMICAL and rules[one.code].explains]
    return max(costly, key=lambda one: rules[one.code].explains * _WEIGHT[one.confidence], default=None)
