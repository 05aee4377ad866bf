"""Propose what a case should demand, from what the findings say went wrong.

A rule says in its own file what a case should demand; where it does not, and an answer can mend the fault, the rule
itself becomes the assertion.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from ctxdebug.cases.expectation import Expectation, expect
from ctxdebug.engine.causes import explaining_the_answer
from ctxdebug.engine.fallback import recommend
from ctxdebug.model import Need, Severity
from ctxdebug.questions import Question
from ctxdebug.records import record
from ctxdebug.rules import catalogue
from ctxdebug.rules.facts import fact_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Demand, Finding
    from ctxdebug.rules import Rule

_EXPLAINS = 20
"""The least weight of a rule that explains a wrong answer."""


@record(frozen=True, slots=True)
class ProposedPart:
    """One proposed expectation, the finding it comes from, and the reason in plain words."""

    expectation: Expectation
    code: str
    reason: str


@record(frozen=True, slots=True)
class Proposal:
    """What to demand, and what the application should fall back to."""

    parts: tuple[ProposedPart, ...]
    fallback: str

    @property
    def expectation(self) -> Expectation | None:
        """All parts as one expectation; None when nothing could be proposed."""
        return joined([part.expectation for part in self.parts])


def explaining(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that can explain a wrong answer, the best explanation first."""
    held = [
        finding
        for finding in explaining_the_answer(tuple(findings))
        if finding.explains >= _EXPLAINS or finding.severity is Severity.ERROR
    ]
    return sorted(held, key=lambda finding: (-finding.explains, -finding.severity, finding.code))


def propose(
    findings: Sequence[Finding],
    facts: Sequence[str] = (),
    examined: Examined | None = None,
    own_rules: Iterable[Rule] = (),
) -> Proposal:
    """Return a proposal; `facts` are what the user says that the answer should have held (`--fact`)."""
    rules = catalogue(own_rules)
    parts: list[ProposedPart] = [
        ProposedPart(expect("contains", fact), "", "the fact that was given with --fact") for fact in facts
    ]
    for finding in explaining(findings):
        parts += _parts(finding, rules[finding.code], examined)
    return Proposal(_distinct(parts), fallback_of(findings))


def fallback_of(findings: Iterable[Finding]) -> str:
    """Return the way out that findings call for, as a case names it."""
    way = recommend(findings)
    return way.action.name.lower() if way is not None else "none"


def joined(expectations: Sequence[Expectation]) -> Expectation | None:
    """Return several expectations as one; None for none."""
    if not expectations:
        return None
    return expectations[0] if len(expectations) == 1 else expect("all", list(expectations))


def _distinct(parts: Iterable[ProposedPart]) -> tuple[ProposedPart, ...]:
    seen: list[Expectation] = []
    kept: list[ProposedPart] = []
    for part in parts:
        if part.expectation not in seen:
            seen.append(part.expectation)
            kept.append(part)
    return tuple(kept)


def _parts(finding: Finding, rule: Rule, examined: Examined | None) -> Iterator[ProposedPart]:
    """Yield what the finding's rule demands; where it does not say, and an answer can mend it, the rule itself."""
    demands = rule.demands_after(finding, examined.analysis if examined is not None else None)
    for demand in demands or ():
        with contextlib.suppress(ValueError):  # a value that no expectation takes, such as an unknown language
            yield ProposedPart(_expectation(demand), finding.code, demand.reason)
    if not demands and Need.RESPONSE in rule.needs:
        yield ProposedPart(expect("no-finding", finding.code), finding.code, f"{finding.name} must not be found again")


def _expectation(demand: Demand) -> Expectation:
    if demand.kind in ("any", "all"):
        return expect(demand.kind, [_expectation(part) for part in demand.value])
    return expect(demand.kind, demand.value)


def unsupported_values(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the words that findings call unsupported or superseded; no case may demand them."""
    for finding in findings:
        yield from fact_texts(finding, "older_value")
        if finding.question is Question.ANSWER_SUPPORTED:
            yield from fact_texts(finding, "values", "value")
            yield from (item.text for item in finding.evidence if (item.segment or "").startswith("a"))
