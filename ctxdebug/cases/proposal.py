"""Propose what a case should demand, from what the findings say went wrong.

A rule's facts name the values; where it gives none, and an answer can mend the fault, the rule itself
becomes the assertion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.expectation import Expectation, expect
from ctxdebug.engine.fallback import recommend
from ctxdebug.model import Need, Severity
from ctxdebug.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ctxdebug.analysis.constraints.constraint import Constraint
    from ctxdebug.engine.report import Examined
    from ctxdebug.model import Finding

_LONGEST_CANARY = 80
_RELEVANT = 0.5
"""The least relevance of a conflict for the question, 0 to 1."""
_EXPLAINS = 20
"""The least weight of a rule that explains a wrong answer."""


@dataclass(frozen=True, slots=True)
class ProposedPart:
    """One proposed expectation, the finding it comes from, and the reason in plain words."""

    expectation: Expectation
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
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
    rules = RULES.all()
    held = [
        finding
        for finding in findings
        if rules[finding.code].explains >= _EXPLAINS or finding.severity is Severity.ERROR
    ]
    return sorted(held, key=lambda finding: (-rules[finding.code].explains, -finding.severity, finding.code))


def propose(findings: Sequence[Finding], facts: Sequence[str] = (), examined: Examined | None = None) -> Proposal:
    """Return a proposal; `facts` are what the user says that the answer should have held (`--fact`)."""
    parts: list[ProposedPart] = [
        ProposedPart(expect("contains", fact), "", "the fact that was given with --fact") for fact in facts
    ]
    for finding in explaining(findings):
        source = _source(finding.code)
        found = list(source.parts(finding, examined)) if source is not None else []
        parts += found or list(_itself(finding))
    way = recommend(findings)
    return Proposal(_distinct(parts), way.action.name.lower() if way is not None else "none")


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


def _itself(finding: Finding) -> Iterator[ProposedPart]:
    if Need.RESPONSE in RULES.all()[finding.code].needs:
        yield ProposedPart(expect("no-finding", finding.code), finding.code, f"{finding.name} must not be found again")


def _texts(facts: Mapping[str, Any], *names: str) -> list[str]:
    """Return the texts that a rule's facts hold under the first of these names that they have."""
    for name in names:
        held = facts.get(name)
        texts = [
            value
            for value in (held if isinstance(held, list | tuple) else [held])
            if isinstance(value, str) and value.strip()
        ]
        if texts:
            return texts
    return []


def _superseded(finding: Finding, _: Examined | None) -> Iterator[ProposedPart]:
    for text in _texts(finding.facts, "newer_value"):
        yield ProposedPart(expect("contains", text), finding.code, "the current value")
    for text in _texts(finding.facts, "older_value"):
        yield ProposedPart(expect("not-contains", text), finding.code, "the superseded value")


def _conflict(finding: Finding, _: Examined | None) -> Iterator[ProposedPart]:
    """Nobody knows which side is right, so an answer that took one must name both, or ask."""
    values = _texts(finding.facts, "left")[:1] + _texts(finding.facts, "right")[:1]
    if finding.facts.get("answer_used") and finding.facts.get("relevance", 1.0) >= _RELEVANT and len(values) == 2:
        either = expect("any", [expect("contains-all", values), expect("asks-clarification", True)])
        yield ProposedPart(either, finding.code, "the sources disagree: name both values, or ask back")


def _unsupported(finding: Finding, _: Examined | None) -> Iterator[ProposedPart]:
    for text in _texts(finding.facts, "values", "value"):
        yield ProposedPart(
            expect("not-contains", text),
            finding.code,
            f"{finding.facts.get('verdict', 'unsupported')}: no source says it",
        )
    if finding.facts.get("verdict") == "absent":
        yield ProposedPart(
            expect("abstains", True), finding.code, "the sources do not say it, so the answer should say so"
        )


def _misquoted(finding: Finding, _: Examined | None) -> Iterator[ProposedPart]:
    for text in _texts(finding.facts, "quoted"):
        yield ProposedPart(expect("not-contains", text), finding.code, "no source has these words")


def _missing(finding: Finding, _: Examined | None) -> Iterator[ProposedPart]:
    for text in _texts(finding.facts, "fact"):
        yield ProposedPart(expect("contains", text), finding.code, "the fact that the answer needs")


def _nothing(*_: Any) -> Iterator[ProposedPart]:
    return iter(())


def _obeyed(finding: Finding, examined: Examined | None) -> Iterator[ProposedPart]:
    answered = {segment.id: segment for segment in examined.snapshot.answer_segments()} if examined is not None else {}
    for item in finding.evidence:
        segment = answered.get(item.segment or "")
        if segment is not None and segment.call is not None:
            yield ProposedPart(
                expect("tool-not-called", segment.call.name), finding.code, "nobody with authority asked for this call"
            )
        elif segment is not None and item.text.strip() and len(item.text) <= _LONGEST_CANARY:
            yield ProposedPart(
                expect("not-contains", item.text.strip()), finding.code, "words that the injected order demands"
            )
    yield ProposedPart(expect("no-finding", finding.code), finding.code, "the order must not be obeyed")


def _written(constraint: Constraint) -> Iterator[tuple[str, Any]]:
    kind, params = constraint.type, constraint.params
    words = [word for word in params.get("words", ()) if isinstance(word, str) and word.strip()]
    forbids = constraint.negative != (kind == "keywords.forbid")
    if kind == "length.words" and isinstance(params.get("hi"), int) and not constraint.negative:
        yield "max-words", params["hi"]
    elif kind == "language" and params.get("language") not in (None, "user") and not constraint.negative:
        yield "language", params["language"]
    elif kind == "format.json" and not constraint.negative:
        yield "is-json", True
    elif kind in ("keywords.forbid", "keywords.include"):
        yield from (("not-icontains" if forbids else "icontains", word) for word in words)


def _constraint(finding: Finding, examined: Examined | None) -> Iterator[ProposedPart]:
    """Say the broken constraints in our own words; the rule itself says those for which there are none."""
    if examined is None:
        return
    from ctxdebug.analysis.constraints.register import violations

    for entry in violations(examined.analysis.constraints):
        constraint = entry.constraint
        if constraint.type != finding.facts.get("type"):
            continue
        for word, value in _written(constraint):
            try:
                yield ProposedPart(expect(word, value), finding.code, "the constraint that the answer broke")
            except ValueError:
                continue


def _abstained(finding: Finding, _: Examined | None) -> Iterator[ProposedPart]:
    yield ProposedPart(expect("abstains", False), finding.code, "the sources do say it")


def _should_abstain(finding: Finding, _: Examined | None) -> Iterator[ProposedPart]:
    yield ProposedPart(expect("abstains", True), finding.code, "the context cannot answer this")


@dataclass(frozen=True, slots=True)
class _Source:
    """Which findings lead to which demand."""

    codes: tuple[str, ...]
    parts: Callable[[Finding, Examined | None], Iterator[ProposedPart]]


_SOURCES = (
    _Source(("MEM403",), _superseded),
    _Source(("MEM402",), _conflict),
    _Source(("MEM404", "MEM410"), _unsupported),
    _Source(("MEM406",), _misquoted),
    _Source(("MEM101", "MEM102", "MEM104", "MEM105", "MEM401"), _missing),
    _Source(("LRC206",), _constraint),
    _Source(("LRC308",), _obeyed),
    _Source(("LRC30",), _nothing),
    _Source(("LRC504",), _should_abstain),
    _Source(("LRC505",), _abstained),
)
UNSUPPORTED = ("MEM404", "MEM405", "MEM406", "MEM410")
"""Codes of the findings that say of a stretch of the answer that no source supports it."""


def _source(code: str) -> _Source | None:
    return next((source for source in _SOURCES if code.startswith(source.codes)), None)


def unsupported_values(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the words that findings call unsupported or superseded; no case may demand them."""
    for finding in findings:
        yield from _texts(finding.facts, "older_value")
        if finding.code in UNSUPPORTED:
            yield from _texts(finding.facts, "values", "value")
            yield from (item.text for item in finding.evidence if (item.segment or "").startswith("a"))
