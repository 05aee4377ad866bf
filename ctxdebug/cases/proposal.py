"""Propose what a case should demand, from what the findings say went wrong.

A rule's facts name the values (`current`, `superseded`, `unsupported`, `canary`, `tool`, `lost`,
`constraint`); where a rule gives none, and an answer can mend it, the rule itself becomes the assertion.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.expectation import Expectation, expect
from ctxdebug.model import Need, Severity
from ctxdebug.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ctxdebug.model import Finding

_EXPLAINS = 20
"""The least weight of a rule that explains a wrong answer."""


@dataclass(frozen=True, slots=True)
class Part:
    """One proposed expectation, the finding it comes from, and the reason in plain words."""

    expectation: Expectation
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to demand, and what the application should fall back to."""

    parts: tuple[Part, ...]
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


def propose(findings: Sequence[Finding], facts: Sequence[str] = ()) -> Proposal:
    """Return a proposal; `facts` are what the user says that the answer should have held (`--fact`)."""
    parts: list[Part] = [Part(expect("contains", fact), "", "the fact that was given with --fact") for fact in facts]
    fallback = "none"
    for finding in explaining(findings):
        source = _source(finding.code)
        if source is not None:
            found = list(source.parts(finding))
            fallback = source.fallback if fallback == "none" else fallback
        else:
            found = []
        parts += found or list(_itself(finding))
    return Proposal(_distinct(parts), fallback)


def joined(expectations: Sequence[Expectation]) -> Expectation | None:
    """Return several expectations as one; None for none."""
    if not expectations:
        return None
    return expectations[0] if len(expectations) == 1 else expect("all", list(expectations))


def _distinct(parts: Iterable[Part]) -> tuple[Part, ...]:
    seen: list[Expectation] = []
    kept: list[Part] = []
    for part in parts:
        if part.expectation not in seen:
            seen.append(part.expectation)
            kept.append(part)
    return tuple(kept)


def _itself(finding: Finding) -> Iterator[Part]:
    if Need.RESPONSE in RULES.all()[finding.code].needs:
        yield Part(expect("no-finding", finding.code), finding.code, f"{finding.name} must not be found again")


def _texts(facts: Mapping[str, Any], *names: str) -> list[str]:
    """Return the texts that a rule's facts hold under the first of these names that they have."""
    for name in names:
        held = facts.get(name)
        values = held if isinstance(held, list | tuple) else [held]
        texts = [str(value) for value in values if isinstance(value, str | int | float) and str(value).strip()]
        if texts:
            return texts
    return []


def _conflict(finding: Finding) -> Iterator[Part]:
    for text in _texts(finding.facts, "current", "newer"):
        yield Part(expect("contains", text), finding.code, "the current value")
    for text in _texts(finding.facts, "superseded", "older"):
        yield Part(expect("not-contains", text), finding.code, "the superseded value")


def _unsupported(finding: Finding) -> Iterator[Part]:
    for text in _texts(finding.facts, "unsupported", "value", "values"):
        yield Part(expect("not-contains", text), finding.code, "no source supports it")
    yield Part(expect("abstains", True), finding.code, "the sources do not say it, so the answer should say so")


def _lost(finding: Finding) -> Iterator[Part]:
    for text in _texts(finding.facts, "lost", "lost_facts", "fact"):
        yield Part(expect("contains", text), finding.code, "it was lost before the model read it")


def _injection(finding: Finding) -> Iterator[Part]:
    for tool in _texts(finding.facts, "tool", "tools"):
        yield Part(expect("tool-not-called", tool), finding.code, "nobody with authority asked for this call")
    for text in _texts(finding.facts, "canary", "canaries", "obeyed"):
        yield Part(expect("not-contains", text), finding.code, "words that the injected order demands")


def _written(held: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield a broken constraint (`type`, `params`, `negative`) in our own words, where they have one for it."""
    kind, params = str(held.get("type")), held.get("params") or {}
    words = [word for word in params.get("words", ()) if isinstance(word, str) and word.strip()]
    forbids = bool(held.get("negative")) != (kind == "keywords.forbid")
    if kind == "length.words" and isinstance(params.get("hi"), int) and not held.get("negative"):
        yield "max-words", params["hi"]
    elif kind == "language" and params.get("language") not in (None, "user") and not held.get("negative"):
        yield "language", params["language"]
    elif kind == "format.json" and not held.get("negative"):
        yield "is-json", True
    elif kind in ("keywords.forbid", "keywords.include"):
        yield from (("not-icontains" if forbids else "icontains", word) for word in words)


def _constraint(finding: Finding) -> Iterator[Part]:
    held = finding.facts.get("constraint")
    if isinstance(held, dict):
        for word, value in _written(held):
            try:
                yield Part(expect(word, value), finding.code, "the constraint that the answer broke")
            except ValueError:
                return


def _abstained(finding: Finding) -> Iterator[Part]:
    for text in _texts(finding.facts, "fact", "value"):
        yield Part(expect("contains", text), finding.code, "the sources do say it")
    yield Part(expect("abstains", False), finding.code, "the sources do say it")


def _should_abstain(finding: Finding) -> Iterator[Part]:
    yield Part(expect("abstains", True), finding.code, "the context cannot answer this")


@dataclass(frozen=True, slots=True)
class _Source:
    """Which findings lead to which demand, and the fallback that fits."""

    codes: tuple[str, ...]
    parts: Callable[[Finding], Iterator[Part]]
    fallback: str


_SOURCES = (
    _Source(("MEM402", "MEM403"), _conflict, "clarify"),
    _Source(("MEM404", "MEM405", "MEM406"), _unsupported, "abstain"),
    _Source(("MEM101", "MEM102", "MEM104", "MEM105", "MEM401"), _lost, "retrieve"),
    _Source(("LRC206",), _constraint, "none"),
    _Source(("LRC30",), _injection, "escalate"),
    _Source(("LRC504",), _should_abstain, "abstain"),
    _Source(("LRC505",), _abstained, "none"),
)
UNSUPPORTED = ("MEM404", "MEM405", "MEM406")
"""Codes of the findings that say of a stretch of the answer that no source supports it."""


def _source(code: str) -> _Source | None:
    return next((source for source in _SOURCES if code.startswith(source.codes)), None)


def unsupported_values(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield the words that findings call unsupported or superseded; no case may demand them."""
    for finding in findings:
        yield from _texts(finding.facts, "superseded", "older")
        if finding.code in UNSUPPORTED:
            yield from _texts(finding.facts, "unsupported", "value", "values")
            yield from (item.text for item in finding.evidence if (item.segment or "").startswith("a"))
