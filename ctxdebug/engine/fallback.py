"""What to do when an answer cannot be trusted: ask, retrieve, escalate or abstain, as the findings of a case call for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.questions import Fallback, Question
from ctxdebug.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ctxdebug.model import Finding


@record(frozen=True, slots=True)
class Recommendation:
    """A way out, why, and the findings that call for it."""

    action: Fallback
    reason: str
    codes: tuple[str, ...]


_LOST = "part of the context never reached the model: send it again before anything is concluded"
_REASONS: dict[tuple[Question, Fallback], str] = {
    (Question.INJECTION_NOT_FOLLOWED, Fallback.ESCALATE): "an injected instruction was followed: stop, and let a person look at what was done",
    (Question.PROMPT_READ_IN_FULL, Fallback.RETRIEVE): _LOST,
    (Question.PROMPT_FITS, Fallback.RETRIEVE): _LOST,
    (Question.HISTORY_SENT, Fallback.RETRIEVE): _LOST,
    (Question.CONTENT_COMPLETE, Fallback.RETRIEVE): _LOST,
    (Question.INSTRUCTIONS_PLACED, Fallback.RETRIEVE): "a standing instruction was lost on the way: put it back and ask again",
    (Question.FACTS_PRESENT, Fallback.RETRIEVE): "the fact is not in the context: search again with other words, and abstain if it is not found",
    (Question.ABSTAINED_RIGHTLY, Fallback.RETRIEVE): "the answer was there and was not used: send fewer passages, the best one first, and ask again",
    (Question.ABSTAINED_RIGHTLY, Fallback.ABSTAIN): "nothing was found to answer from: say so instead of answering",
    (Question.SOURCES_AGREE, Fallback.CLARIFY): "the sources disagree: ask which one applies, or take the newest and name both",
    (Question.INSTRUCTIONS_CONSISTENT, Fallback.CLARIFY): "the instructions cannot all be followed: ask which one counts",
    (Question.ANSWER_SUPPORTED, Fallback.ABSTAIN): "the answer is not supported by the sources: say so instead of answering",
    (Question.ANSWER_COMPLETE, Fallback.ESCALATE): "the answer is broken: check its form in code, ask once more, then hand over",
    (Question.FALLBACK_DEFINED, Fallback.ESCALATE): "a tool failed: try once more, then hand over",
    (Question.PROMPT_ECONOMICAL, Fallback.ESCALATE): "the agent goes in circles: stop it, and let a person look",
    (Question.INSTRUCTIONS_KEPT, Fallback.ESCALATE): "an instruction was broken: check in code, try once more with the fault named, then hand over",
}  # fmt: skip
"""Why a way out follows from what did not hold; a test keeps a row for every rule that names a fallback."""


def reason_for(question: Question | None, action: Fallback) -> str | None:
    """Return why a finding that answers `question` calls for a way out; None where only its rule knows."""
    return None if question is None else _REASONS.get((question, action))


def recommend(findings: Iterable[Finding]) -> Recommendation | None:
    """Recommend a way out, that of the finding that best explains the answer; None when none puts it in doubt."""
    held = sorted(
        (finding for finding in findings if finding.fallback is not None), key=lambda finding: -finding.explains
    )
    if not held:
        return None
    first = held[0]
    action = first.fallback
    assert action is not None
    reason = reason_for(first.question, action) or f"the project's own rule {first.name} calls for it"
    codes = tuple(
        dict.fromkeys(
            finding.code for finding in held if finding is first or reason_for(finding.question, action) == reason
        )
    )
    return Recommendation(action, reason, codes)
