"""Verdicts as marks: a step's count, a question's line, and what is still open; and the signs of changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctxdebug.analysis.turns.differences import Change
from ctxdebug.engine.steps import Answer
from ctxdebug.model import Severity
from ctxdebug.questions import Step, Verdict

MARKS = {
    Verdict.OK: "✓",
    Verdict.PARTLY: "◐",
    Verdict.NOT_CHECKED: "?",
    Verdict.NOT_APPLICABLE: "–",
}
CHANGE_SIGNS = {Change.ADDED: "+", Change.DROPPED: "−", Change.CHANGED: "~", Change.MOVED: "↕", Change.CUT: "✂"}
"""What became of a block between two contexts."""
SEVERITY_MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_QUIET = {Verdict.OK: "green", Verdict.PARTLY: "yellow", Verdict.NOT_CHECKED: "dim", Verdict.NOT_APPLICABLE: "dim"}
SHORT = {
    Step.CONTEXT: "context",
    Step.HIERARCHY: "hierarchy",
    Step.FREEDOM: "freedom",
    Step.CASE: "eval case",
    Step.FALLBACK: "fallback",
}


def mark(answer: Answer) -> tuple[str, str]:
    """Return the mark of a verdict and its style; a problem has the mark of its worst finding."""
    if answer.verdict is Verdict.PROBLEM:
        severity = answer.severity if answer.severity is not None else Severity.NOTE
        return SEVERITY_MARKS[severity], STYLES[severity]
    return MARKS[answer.verdict], _QUIET[answer.verdict]


def counts(answers: Sequence[Answer]) -> list[tuple[str, str]]:
    """Return a step's verdicts in brief: how many of its questions are ok, then how many are not, by mark."""
    asked = [answer for answer in answers if answer.verdict is not Verdict.NOT_APPLICABLE]
    if not asked:
        return [("–", "dim")]
    if len(asked) == 1:
        return [mark(asked[0])]
    fine = sum(answer.verdict is Verdict.OK for answer in asked)
    found: dict[tuple[str, str], int] = {}
    for answer in asked:
        if answer.verdict is not Verdict.OK:
            found[mark(answer)] = found.get(mark(answer), 0) + 1
    order = "✗!·◐?"
    ranked = sorted(found.items(), key=lambda item: order.index(item[0][0]))
    return [
        (f"{fine}/{len(asked)}", "green" if fine == len(asked) else ""),
        *((f" {sign}{number}", style) for (sign, style), number in ranked),
    ]


def of_step(answers: Iterable[Answer], step: Step) -> list[Answer]:
    """Return the answers of one step."""
    return [answer for answer in answers if answer.step is step]


def detail(answer: Answer) -> str:
    """Return what a question's line says behind its statement."""
    if answer.verdict is Verdict.PROBLEM:
        return ", ".join(answer.codes)
    if answer.verdict is Verdict.PARTLY:
        return f"{answer.checked} of {answer.total} checked; {answer.reason}"
    if answer.verdict is Verdict.NOT_CHECKED:
        return f"not checked: {answer.reason}"
    if answer.verdict is Verdict.NOT_APPLICABLE:
        return f"not applicable: {answer.reason}"
    return answer.reason


def still_open(answers: Sequence[Answer]) -> list[str]:
    """Return what was not, or not fully, examined: statements with the same reason together, the fullest first."""
    grouped: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.verdict in {Verdict.PARTLY, Verdict.NOT_CHECKED} and answer.step is not Step.CASE:
            grouped.setdefault(answer.reason, []).append(answer)
    found = []
    for reason, held in sorted(grouped.items(), key=lambda item: -len(item[1])):
        names = ", ".join(_short(answer) for answer in held)
        found.append(f"{names}: {reason}")
    return found


def _short(answer: Answer) -> str:
    share = f" ({answer.checked}/{answer.total})" if answer.verdict is Verdict.PARTLY else ""
    return f"{answer.question.value}{share}"
