"""Causes come first: what the model never read explains its answer, and no fault of the answer explains anything then."""

from __future__ import annotations

from collections.abc import Sequence

from ctxdebug.model import Finding, Severity
from ctxdebug.questions import Question
from ctxdebug.records import replace

_UNREAD = frozenset({Question.PROMPT_READ_IN_FULL, Question.PROMPT_FITS})
_OF_THE_ANSWER = frozenset({Question.ANSWER_SUPPORTED, Question.ABSTAINED_RIGHTLY, Question.INSTRUCTIONS_KEPT})


def lost_prompt(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that says that the model did not read the whole prompt; None where none does."""
    return next((one for one in findings if one.question in _UNREAD and one.severity is Severity.ERROR), None)


def _doubted_prompt(findings: Sequence[Finding]) -> Finding | None:
    """Return the finding that says that the model may not have read the whole prompt; None where none does."""
    unread = (one for one in findings if one.question is Question.PROMPT_READ_IN_FULL)
    return next((one for one in unread if one.severity is Severity.WARNING), None)


def causes_first(findings: Sequence[Finding]) -> list[Finding]:
    """Make notes of the findings about an answer that was given without the whole prompt, each naming the cause.

    Where the loss is not certain, they keep their severity and name the possible cause.
    """
    cause = lost_prompt(findings)
    if cause is None:
        possible = _doubted_prompt(findings)
        if possible is None:
            return list(findings)
        words = f" (may be caused by {possible.code}: the prompt may not have been processed in full)"
        return [
            replace(one, message=one.message + words) if one.question in _OF_THE_ANSWER else one for one in findings
        ]
    return [
        replace(
            one,
            severity=Severity.NOTE,
            message=f"{one.message} (caused by {cause.code}: the prompt was not processed in full)",
        )
        if one.question in _OF_THE_ANSWER
        else one
        for one in findings
    ]


def explaining_the_answer(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that can be the reason for an answer: not those that are effects of a prompt that was lost."""
    if lost_prompt(findings) is None:
        return list(findings)
    return [one for one in findings if one.question not in _OF_THE_ANSWER]
