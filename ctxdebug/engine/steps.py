"""The five steps of the debugging procedure: every question with the verdict that the run has earned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ctxdebug.engine.coverage import coverage
from ctxdebug.model import Finding, Need, Severity
from ctxdebug.questions import Question, Step, Verdict
from ctxdebug.records import record
from ctxdebug.text.plural import plural

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.rules import Rule

MOOT = frozenset({Need.SESSION, Need.JUDGE})
"""Needs whose absence leaves a question to its other rules: coverage says what only they could have seen."""


@record(frozen=True, slots=True)
class Answer:
    """A question's verdict: `checked` of `total` things examined, and why the others were not."""

    question: Question
    verdict: Verdict
    checked: int = 0
    total: int = 0
    codes: tuple[str, ...] = ()
    """The findings that make it a problem."""
    reason: str = ""
    severity: Severity | None = None
    """The worst of these findings."""

    @property
    def step(self) -> Step:
        """The step that the question belongs to."""
        return self.question.step


@record(frozen=True, slots=True)
class Looked:
    """What the rules did in one exchange."""

    found: Sequence[Finding]
    """Every finding, those included that are not shown because an earlier turn had them."""
    hidden: Mapping[str, int]
    """Code → findings of low confidence that are not shown."""
    skipped: Mapping[str, str]
    """Code → why the rule did not look."""
    unmet: Mapping[str, frozenset[Need]]
    """Code → needs of a skipped rule that the exchange does not meet."""
    broken: Collection[str] = ()
    """Codes of the rules that broke."""


def answers(analysis: Analysis, rules: Sequence[Rule], every: Collection[Rule], looked: Looked) -> tuple[Answer, ...]:
    """Answer every question: `rules` ran, out of `every` rule that there is for one exchange."""
    chosen, of = _by_question(rules), _by_question(every)
    return tuple(
        _answer(question, analysis, chosen.get(question, ()), of.get(question, ()), looked) for question in Question
    )


def _by_question(rules: Collection[Rule]) -> dict[Question, list[Rule]]:
    found: dict[Question, list[Rule]] = {}
    for rule in rules:
        if rule.question is not None:
            found.setdefault(rule.question, []).append(rule)
    return found


def _answer(
    question: Question, analysis: Analysis, chosen: Sequence[Rule], of: Sequence[Rule], looked: Looked
) -> Answer:
    """Answer one question, of whose rules `chosen` ran."""
    found = [finding for finding in looked.found if finding.question is question]
    if found:
        codes = tuple(dict.fromkeys(finding.code for finding in found))
        return Answer(question, Verdict.PROBLEM, codes=codes, severity=max(finding.severity for finding in found))
    whole = coverage(question, analysis)
    if of and not chosen:
        return Answer(question, Verdict.NOT_CHECKED, 0, whole.total, reason="its rules were not selected")
    if whole.total == 0:
        return Answer(question, whole.verdict, reason=whole.reason)
    gaps = [reason for rule in chosen if (reason := _gap(rule, looked, told=bool(whole.unchecked))) is not None]
    gaps += [f"{rule.code} was not selected" for rule in of if rule not in chosen]
    looking = [rule for rule in chosen if rule.code not in looked.skipped and rule.code not in looked.broken]
    if whole.checked == 0:
        return Answer(question, whole.verdict, 0, whole.total, reason=whole.reason)
    if of and not looking:
        reasons = [looked.skipped.get(rule.code, f"rule {rule.code} broke") for rule in chosen]
        return Answer(question, Verdict.NOT_CHECKED, 0, whole.total, reason="; ".join(dict.fromkeys(reasons)))
    for reason in dict.fromkeys(gaps):
        if reason not in whole.unchecked:
            whole = whole.but(reason)
    return Answer(question, whole.verdict, whole.checked, whole.total, reason=whole.reason)


def _gap(rule: Rule, looked: Looked, *, told: bool) -> str | None:
    """Return what a rule leaves open, so that its question is not ok; None where it looked, or where coverage has `told` why."""
    if rule.code in looked.broken:
        return f"rule {rule.code} broke"
    if number := looked.hidden.get(rule.code):
        return f"{plural(number, 'low-confidence finding')} hidden: --pedantic"
    if rule.code not in looked.skipped:
        return None
    unmet = looked.unmet.get(rule.code, frozenset())
    return None if unmet and (told or unmet <= MOOT) else looked.skipped[rule.code]
