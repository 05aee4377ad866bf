"""The likely cause of a case: the finding that best explains the answer, not the most severe one."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.engine.causes import explaining_the_answer
from ctxdebug.model import Confidence, Finding
from ctxdebug.questions import Question

_LEAST = 20
"""Below this, a rule's fault does not explain an answer."""
_WEIGHT = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.8, Confidence.LOW: 0.3}


def likely_cause(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that explains the answer, or None when nothing does."""
    ranked = sorted(explaining_the_answer(findings), key=lambda finding: -_weight(finding))
    return ranked[0] if ranked and _weight(ranked[0]) >= _LEAST else None


def cost_cause(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that best says why the prompts cost what they do; None where none does, or where one explains the answer.

    The answer comes first: what an exchange costs is asked where nothing is wrong with it.
    """
    if likely_cause(findings) is not None:
        return None
    costly = [one for one in findings if one.question is Question.PROMPT_ECONOMICAL and one.explains]
    return max(costly, key=_weight, default=None)


def _weight(finding: Finding) -> float:
    """How well a finding explains an answer, by its rule and its confidence."""
    return finding.explains * _WEIGHT[finding.confidence]
