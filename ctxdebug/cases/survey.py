"""Look at all cases, and the captures of live traffic next to them: drift, gaps, and failures without a case."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.exchanges import case_snapshot
from ctxdebug.cases.expectation import leaves
from ctxdebug.model import Exhibit, Finding, Severity, pointer_text
from ctxdebug.models import resolve
from ctxdebug.rules import RULES
from ctxdebug.rules.suite import LOOKS, Suite, SuiteCapture, SuiteCase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ctxdebug.cases.store import StoredCase
    from ctxdebug.engine.report import Examined
    from ctxdebug.engine.run import RunOptions
    from ctxdebug.model import Evidence, Hit, Snapshot


def survey(
    cases: Sequence[StoredCase],
    examined: Iterable[Examined],
    options: RunOptions,
    runs: Mapping[str, frozenset[str]] | None = None,
    today: date | None = None,
) -> list[Finding]:
    """Return what the rules for whole folders find; `runs` are the models that each case was run against live."""
    suite = Suite(
        tuple(_case(stored, options) for stored in cases),
        tuple(_capture(one) for one in examined),
        dict(runs or {}),
        today,
    )
    chosen = {rule.code for rule in options.selection.of(RULES.all())}
    findings = [
        _finding(code, hit, suite) for code, look in sorted(LOOKS.items()) if code in chosen for hit in look(suite)
    ]
    return sorted(findings, key=lambda finding: (-finding.severity, finding.code, finding.path, finding.message))


def _case(stored: StoredCase, options: RunOptions) -> SuiteCase:
    snapshot = case_snapshot(stored, options)
    case = stored.case
    return SuiteCase(
        case.id, snapshot, exchange_digest(stored.body()), frozenset(word for word, _, _ in leaves(case.expect)),
        tuple(explanation.code for explanation in case.findings), frozenset(case.tags),
        case.origin.mutation if case.origin is not None else "",
        resolve(snapshot.model, snapshot.provider, options.analysis.models),
    )  # fmt: skip


def _capture(examined: Examined) -> SuiteCapture:
    snapshot = examined.snapshot
    errors = tuple(dict.fromkeys(finding.code for finding in examined.findings if finding.severity is Severity.ERROR))
    held: Any = (
        snapshot.request if isinstance(snapshot.request, dict) else [message.text for message in snapshot.messages]
    )
    return SuiteCapture(snapshot, exchange_digest(held), errors)


def exchange_digest(body: Any) -> str:
    """Return what equal requests share: their content after redaction, so that a case and its capture agree."""
    from ctxdebug.redaction.redactor import Redactor

    text = json.dumps(Redactor().redact(body), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _finding(code: str, hit: Hit, suite: Suite) -> Finding:
    rule = RULES.all()[code]
    anywhere = suite.cases[0].snapshot if suite.cases else suite.captures[0].snapshot
    place = hit.evidence[0].snapshot or anywhere if hit.evidence else anywhere
    basis = f"{code}\x1f{hit.message}"
    return Finding(
        code=code, name=rule.name, family=rule.family, step=rule.step,
        severity=rule.severity if hit.severity is None else hit.severity,
        confidence=rule.confidence if hit.confidence is None else hit.confidence,
        message=hit.message, evidence=tuple(_exhibit(evidence, place) for evidence in hit.evidence),
        fix=hit.advice or rule.page.fix, tags=rule.tags,
        fingerprint=hashlib.blake2b(basis.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(),
        path=place.path, pointer=pointer_text(place.pointer), facts=hit.facts,
    )  # fmt: skip


def _exhibit(evidence: Evidence, place: Snapshot) -> Exhibit:
    stands_in = evidence.snapshot or place
    return Exhibit(
        stands_in.path, pointer_text(evidence.pointer or stands_in.pointer), None,
        evidence.segment.id if evidence.segment else None, evidence.start, evidence.end, evidence.quote, evidence.note,
    )  # fmt: skip
